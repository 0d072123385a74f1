import { describe, type Description, type Graph, type TensorRow } from '#lib/graph/index.ts';
import { buildGraph, know } from '#lib/models/registry.ts';
import { stagesOf, type SwinConfig } from '#lib/models/swin/config.ts';
import { FAMILY } from '#lib/models/swin/family.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';

know(FAMILY);

/** The block that is counted: the first of the first stage. */
const BLOCK = 'layers.0.blocks.0.';

/** One step of a block, without what EfficientViT adds and with it; a step that is added has no `plain`. */
export interface BlockRow {
  /** Below the block's name: `attn.qkv`. */
  readonly part: string;
  readonly plain?: TensorRow;
  readonly scales?: TensorRow;
}

/** What a block costs. */
export interface BlockCost {
  readonly macs: number;
  readonly parameters: number;
}

/** A block with linear attention at one scale and a plain MLP beside the same block with both additions. */
export interface BlockComparison {
  /** Tokens along a side of the first stage's grid. */
  readonly grid: number;
  readonly rows: readonly BlockRow[];
  readonly plain: BlockCost;
  readonly scales: BlockCost;
  /** Sides of the squares of tokens that are read: by the second scale of attention, and within the MLP. */
  readonly reach: { readonly attention: number; readonly mlp: number };
}

const known = new Map<number, BlockComparison>();

const config = (side: number, change: Partial<SwinConfig>): SwinConfig => ({
  ...swinPresets['swin-multiscale-64']!,
  image: side,
  ...change,
});
const graphOf = (c: SwinConfig): Graph => buildGraph({ architecture: 'swin', config: c });
const within = ({ tensors }: Description) =>
  new Map(
    tensors
      .filter(({ name }) => `${name}.`.startsWith(BLOCK))
      .map((row) => [row.name.slice(BLOCK.length), row] as const),
  );
const cost = (rows: ReadonlyMap<string, TensorRow>): BlockCost => ({
  macs: [...rows.values()].reduce((sum, { macs }) => sum + macs, 0),
  parameters: [...rows.values()].reduce((sum, { parameters }) => sum + parameters, 0),
});

/**
 * The first block of swin-multiscale beside itself without its two additions, from their graphs (Cai et al. 2023, section 3.2);
 * steps that multiply nothing are left out.
 * @param side of the picture in pixels
 */
export function blockRows(side: number): BlockComparison {
  let found = known.get(side);
  if (!found) {
    const full = config(side, {});
    const graph = graphOf(full);
    const scales = within(describe(graph));
    const plain = within(describe(graphOf(config(side, { attention: 'linear', mlp: 'plain' }))));
    const rows = [...scales.keys()].flatMap((part) => {
      const [one, two] = [plain.get(part), scales.get(part)];
      if (!one?.macs && !two?.macs) return [];
      return [{ part, ...(one && { plain: one }), ...(two && { scales: two }) }];
    });
    found = {
      grid: stagesOf(full)[0]!.grid,
      rows,
      plain: cost(plain),
      scales: cost(scales),
      reach: {
        attention: graph.value(`${BLOCK}attn.aggreg.0.weight`).shape.at(-1)!,
        mlp: graph.value(`${BLOCK}mlp.dwconv.weight`).shape.at(-1)!,
      },
    };
    known.set(side, found);
  }
  return found;
}

/** Tokens of a square of side `reach` around a token, cut at the grid's border, as a map `[grid · grid]` of 1 and 0. */
export function neighbourhood(grid: number, token: number, reach: number): Float32Array {
  const [row, column] = [Math.floor(token / grid), token % grid];
  const far = Math.floor(reach / 2);
  return Float32Array.from({ length: grid * grid }, (_, i) =>
    Math.abs(Math.floor(i / grid) - row) <= far && Math.abs((i % grid) - column) <= far ? 1 : 0,
  );
}
