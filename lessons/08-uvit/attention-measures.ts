import { meanDistance, quantile, type LayerAttention, type PatchGrid } from '#lib/analysis/attention.ts';
import { MEASURES, type Measure } from './state.ts';

/** Where the tokens of a U-ViT lie: label (if any), time, patches. */
export interface Places extends PatchGrid {
  readonly time: number;
  readonly label: number | undefined;
}

/** One number for each block and head, `[blocks · heads]`, by measure. NaN where the model has no label token. */
export type Measures = Readonly<Record<Measure, Float32Array>>;

/**
 * Mean weight that the patches give to token `key`, 0 … 1.
 * @param probs `[T, T]` at `offset`
 */
export function weightTo(probs: ArrayLike<number>, key: number, place: PatchGrid, offset = 0): number {
  const patches = place.grid ** 2;
  const tokens = place.prefix + patches;
  let sum = 0;
  for (let n = 0; n < patches; n++) sum += probs[offset + (place.prefix + n) * tokens + key]!;
  return sum / patches;
}

/**
 * Share of its attention that token `query` gives to all patches together, 0 … 1; the rest goes to label and time.
 * @param probs `[T, T]` at `offset`
 */
export function weightFrom(probs: ArrayLike<number>, query: number, place: PatchGrid, offset = 0): number {
  const tokens = place.prefix + place.grid ** 2;
  let sum = 0;
  for (let j = place.prefix; j < tokens; j++) sum += probs[offset + query * tokens + j]!;
  return sum;
}

/** All measures of one pass, from the attention of every block in the order they run. */
export function measure(layers: readonly LayerAttention[], place: Places): Measures {
  const heads = layers[0]?.heads ?? 0;
  const out = Object.fromEntries(
    MEASURES.map((name) => [name, new Float32Array(layers.length * heads).fill(NaN)]),
  ) as Record<Measure, Float32Array>;
  layers.forEach(({ data, tokens }, b) => {
    for (let h = 0; h < heads; h++) {
      const at = b * heads + h;
      const offset = h * tokens * tokens;
      out['to-time'][at] = weightTo(data, place.time, place, offset);
      out['from-time'][at] = weightFrom(data, place.time, place, offset);
      out.distance[at] = meanDistance(data, place, offset);
      if (place.label === undefined) continue;
      out['to-label'][at] = weightTo(data, place.label, place, offset);
      out['from-label'][at] = weightFrom(data, place.label, place, offset);
    }
  });
  return out;
}

/** What a head has that looks at all tokens alike: the line a curve is read against. */
export function evenly(name: Measure, { grid, prefix }: PatchGrid, uniform: number): number {
  const patches = grid ** 2;
  if (name === 'distance') return uniform;
  return name.startsWith('to-') ? 1 / (prefix + patches) : patches / (prefix + patches);
}

/**
 * One measure of a block as a table `[heads, steps]`, flat. Steps that are not measured yet hold `empty`: only a number
 * that was measured and does not exist (the distance of a head that looks at no patch) is no number.
 * @param measured one entry a step, in order, as far as it has come: `[blocks · heads]`
 */
export function tableOf(
  measured: readonly ArrayLike<number>[],
  steps: number,
  heads: number,
  block: number,
  empty: number,
): Float32Array {
  return Float32Array.from({ length: heads * steps }, (_, i) => {
    const of = measured[i % steps];
    return of ? (of[block * heads + Math.floor(i / steps)] ?? NaN) : empty;
  });
}

/**
 * The range that colours cover: up to the 99th percentile, so that one loud head does not leave all others pale; from 0
 * for weights that patches give, whose least is next to nothing, and from the least value otherwise.
 * @param measured one entry a step: `[blocks · heads]`
 */
export function colouredRange(
  measured: readonly ArrayLike<number>[],
  name: Measure,
): readonly [number, number] {
  const all = measured.flatMap((values) => Array.from(values)).filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const low = name === 'distance' || name.startsWith('from') ? Math.min(...all) : 0;
  return [low, quantile(Float32Array.from(all), 0.99)];
}
