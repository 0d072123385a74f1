import { boxWithoutBatch, withBatch } from '#lib/inspector/box.ts';
import { cellOperands, type Graph, type Operand } from '#lib/graph/index.ts';
import type { Plate } from './plates.ts';
import type { Rect } from './rect.ts';
import { boxRects } from './tiles.ts';

/** A cell of a plate, by its index without a batch of one. */
export interface CellOf {
  readonly plate: Plate;
  readonly index: readonly number[];
}

/** What a cell is computed from, as the graph says it. */
export interface Origin {
  readonly operands: readonly Operand[];
  /** Where those cells are drawn. */
  readonly rects: readonly Rect[];
  /** Names of the plates they lie on. */
  readonly plates: readonly string[];
}

const NONE: Origin = { operands: [], rects: [], plates: [] };

/**
 * The cells that a cell is computed from, and where they stand. A copy's cell is computed from what the original's is.
 * @param plateOf finds the plate of a tensor, of its copy or of a weight
 */
export function originOf(
  graph: Graph,
  { plate, index }: CellOf,
  plateOf: (name: string) => Plate | undefined,
): Origin {
  const { value } = plate;
  if (value.kind !== 'node') return NONE;
  const full = withBatch(index, value.dims, value.shape);
  let operands = cellOperands(graph, plate.name, full);
  for (
    let only = operands[0];
    operands.length === 1 && only && plateOf(only.name) === plate;
    only = operands[0]
  )
    operands = cellOperands(
      graph,
      only.name,
      only.ranges.map(([from]) => from),
    );
  const rects = operands.flatMap((o) => {
    const of = plateOf(o.name);
    if (!of) return [];
    // A tensor is drawn without its batch, a weight in the shape it is stored in.
    if (of.kind === 'weight') return boxRects({ shape: of.value.shape }, of.tiles, o.ranges);
    return boxRects(of, of.tiles, boxWithoutBatch(o.ranges, of.value.dims, of.value.shape));
  });
  return { operands, rects, plates: [...new Set(operands.flatMap((o) => plateOf(o.name)?.name ?? []))] };
}
