import type { LayerAttention } from '#lib/analysis/attention.ts';
import type { Sequence } from './sequence.ts';

/** Which attention is meant: block and head by index, −1 for the mean over all of them. */
export interface Chosen {
  readonly block: number;
  readonly head: number;
}
/** `to`: what patches give to a word; `from`: what a word gives to patches. */
export type Direction = 'to' | 'from';

/** Calls `add` with the data and offset of every head that is meant, and says how many there are. */
function eachHead(
  layers: readonly LayerAttention[],
  { block, head }: Chosen,
  add: (data: ArrayLike<number>, offset: number, tokens: number) => void,
): number {
  let count = 0;
  layers.forEach(({ data, heads, tokens }, b) => {
    if (block >= 0 && b !== block) return;
    for (let h = 0; h < heads; h++) {
      if (head >= 0 && h !== head) continue;
      add(data, h * tokens * tokens, tokens);
      count++;
    }
  });
  return count;
}

/**
 * Attention between one token and every patch, `[N]` in reading order, the mean over the heads that are meant. `to` is
 * the column of the token: how much of its attention each patch gives to it (Tang et al. 2023, “What the DAAM”, section
 * 3.2, there of cross-attention); `from` is its row.
 * @param layers attention of all blocks, in the order they run
 */
export function wordMap(
  layers: readonly LayerAttention[],
  chosen: Chosen,
  token: number,
  direction: Direction,
  { patches, grid }: Sequence,
): Float32Array {
  const map = new Float64Array(grid * grid);
  const count = eachHead(layers, chosen, (data, offset, tokens) => {
    for (let n = 0; n < map.length; n++) {
      const [asks, looked] = direction === 'to' ? [patches + n, token] : [token, patches + n];
      map[n]! += data[offset + asks * tokens + looked]!;
    }
  });
  return Float32Array.from(map, (sum) => sum / Math.max(1, count));
}

/**
 * The mean weight that the patches give to each token before them, `[style, time, text …]` in the order of the sequence,
 * the mean over the heads that are meant. What is left to 1 they give to patches.
 */
export function weightsOf(
  layers: readonly LayerAttention[],
  chosen: Chosen,
  { patches, grid }: Sequence,
): Float32Array {
  const sums = new Float64Array(patches);
  const cells = grid * grid;
  const count = eachHead(layers, chosen, (data, offset, tokens) => {
    for (let n = 0; n < cells; n++) {
      const row = offset + (patches + n) * tokens;
      for (let k = 0; k < patches; k++) sums[k]! += data[row + k]!;
    }
  });
  return Float32Array.from(sums, (sum) => sum / Math.max(1, count * cells));
}

/** The text token with the most weight among those of the text itself, by its place in the row; undefined where there is none. */
export function heaviest(
  weights: ArrayLike<number>,
  { text }: Sequence,
  own: readonly number[],
): number | undefined {
  return own.reduce<number | undefined>(
    (best, at) => (best === undefined || weights[text + at]! > weights[text + best]! ? at : best),
    undefined,
  );
}
