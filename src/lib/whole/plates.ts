import { withoutBatch, type Dims } from '#lib/base/tensor.ts';
import type { OutlineNode, Value } from '#lib/graph/index.ts';
import { around, moved, type Rect } from './rect.ts';
import { matrixTiles, tilesOf, type Tile } from './tiles.ts';

/** A tensor or a weight in the drawing, in its real proportions. */
export interface Plate extends Rect, Dims {
  /** The tensor's name in the graph. */
  readonly name: string;
  readonly kind: 'tensor' | 'weight';
  readonly value: Value;
  readonly tiles: readonly Tile[];
  /** Of a weight: the tensor that is made with it. */
  readonly of?: string;
  /** Names of tensors that hold the same values and stand here too. */
  readonly also: readonly string[];
  /** Its values are probabilities: they come out of a softmax. */
  readonly shares: boolean;
  /** Id of the group it stands in. */
  readonly group: string;
}

const sized = (tiles: readonly Tile[]): Rect => around(tiles) ?? { x: 0, y: 0, width: 1, height: 1 };

/** A tensor's plate at the origin. */
export function tensorPlate({ value, ops }: OutlineNode, group: string, also: readonly string[]): Plate {
  const dims = withoutBatch(value);
  const tiles = tilesOf(dims);
  const shares = ops.at(-1) === 'Softmax';
  return { ...sized(tiles), ...dims, name: value.name, kind: 'tensor', value, tiles, also, shares, group };
}

/** Leading dimensions of one place say nothing of a weight's form. */
function squeezed({ shape, dims }: Dims): Dims {
  const from = shape.findIndex((n) => n > 1);
  return from <= 0 ? { shape, dims } : { shape: shape.slice(from), dims: dims.slice(from) };
}

/** Plates of the weights that a tensor is made with, each at the origin, those of one row first. */
export function weightPlates({ name, weights, ops }: OutlineNode, group: string): readonly Plate[] {
  const multiplied = ops.includes('Gemm') || ops.includes('Conv');
  const plates = weights.map((value): Plate => {
    // A stored table of tokens has a leading 1, which its values are indexed with all the same.
    const matrix = multiplied && value.shape.length > 1;
    const own = squeezed(value);
    const shift = value.shape.length - own.shape.length;
    const tiles = (matrix ? matrixTiles(value) : tilesOf(own)).map((t) =>
      matrix ? t : { ...t, down: t.down.map((d) => d + shift), across: t.across.map((d) => d + shift) },
    );
    const { shape, dims } = value;
    const rest = { kind: 'weight', value, tiles, of: name, also: [], shares: false, group } as const;
    return { ...sized(tiles), shape, dims, name: value.name, ...rest };
  });
  return plates.sort((a, b) => Number(a.height > 1) - Number(b.height > 1));
}

/** A plate at another place, its tiles with it. */
export function shifted(plate: Plate, dx: number, dy: number): Plate {
  return { ...moved(plate, dx, dy), tiles: plate.tiles.map((t) => moved(t, dx, dy)) };
}
