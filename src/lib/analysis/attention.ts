/**
 * Measures of attention. Everything takes flat, row-major arrays as they come from the model: the weights of one head
 * `[T, T]` (row: the token that asks, column: the token that is looked at, each row sums to 1), of one layer
 * `[h, T, T]`. Sums are in double precision.
 */

/** One layer's attention weights, `[heads, T, T]`. */
export interface LayerAttention {
  readonly data: ArrayLike<number>;
  readonly heads: number;
  readonly tokens: number;
}

/** Where patch tokens lie. */
export interface PatchGrid {
  /** Patches a side. */
  readonly grid: number;
  /** Tokens before the patches: 1 with a class token, else 0. */
  readonly prefix: number;
}

/**
 * Shannon entropy of `row[from … to)` in bits, −Σ a·log₂ a: 0 when all weight is on one token, log₂ n when n tokens
 * share it alike. Zeros add nothing.
 */
export function entropy(row: ArrayLike<number>, from = 0, to = row.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const a = row[i]!;
    if (a > 0) sum -= a * Math.log2(a);
  }
  return sum;
}

/** Mean entropy in bits of the rows of one head, `[T, T]` at `offset` of `probs`. */
export function meanEntropy(probs: ArrayLike<number>, tokens: number, offset = 0): number {
  return entropy(probs, offset, offset + tokens * tokens) / tokens;
}

/** Distances between patch centres of a square grid, in patches: `[(2g − 1)²]` by row and column offset. */
const distances = new Map<number, Float64Array>();
function distanceTable(grid: number): Float64Array {
  let table = distances.get(grid);
  if (!table) {
    const side = 2 * grid - 1;
    table = new Float64Array(side * side);
    for (let r = 0; r < side; r++)
      for (let c = 0; c < side; c++) table[r * side + c] = Math.hypot(r - grid + 1, c - grid + 1);
    distances.set(grid, table);
  }
  return table;
}

/** Σ weight · distance and Σ weight over the patch keys of one row; the query is patch `n`. */
function distanceSums(probs: ArrayLike<number>, at: number, n: number, { grid, prefix }: PatchGrid) {
  const table = distanceTable(grid);
  const side = 2 * grid - 1;
  const row = Math.floor(n / grid);
  const col = n % grid;
  let weighted = 0;
  let weight = 0;
  let key = at + prefix;
  for (let r = 0; r < grid; r++) {
    const line = (r - row + grid - 1) * side + grid - 1 - col;
    for (let c = 0; c < grid; c++) {
      const a = probs[key++]!;
      weighted += a * table[line + c]!;
      weight += a;
    }
  }
  return { weighted, weight };
}

/**
 * How far patch `n` looks, in patches: the mean distance between its centre and those of all patches, weighted by its
 * row. Weight on prefix tokens, which lie nowhere, is left out and the rest scaled to 1. NaN where nothing is left.
 * @param row `[T]` at `offset` of `probs`
 */
export function rowDistance(probs: ArrayLike<number>, n: number, place: PatchGrid, offset = 0): number {
  const { weighted, weight } = distanceSums(probs, offset, n, place);
  return weighted / weight;
}

/** A patch that gives all patches together less than this looks at none of them, and so at no distance. */
const LOOKS = 1e-6;

/**
 * Mean attention distance of one head in patches: the mean of {@link rowDistance} over the patch queries that look at
 * patches at all (Dosovitskiy et al. 2021, fig. 7, without the class token). Times the patch size it is in pixels. NaN
 * for a head in which every patch looks at prefix tokens alone.
 * @param probs `[T, T]` at `offset`, T = prefix + grid²
 */
export function meanDistance(probs: ArrayLike<number>, place: PatchGrid, offset = 0): number {
  const patches = place.grid * place.grid;
  const tokens = place.prefix + patches;
  let sum = 0;
  let count = 0;
  for (let n = 0; n < patches; n++) {
    const { weighted, weight } = distanceSums(probs, offset + (place.prefix + n) * tokens, n, place);
    if (weight < LOOKS) continue;
    sum += weighted / weight;
    count++;
  }
  return sum / count;
}

/** {@link meanDistance} of a head that looks at all patches alike: what the grid alone makes of it. */
export function uniformDistance(grid: number): number {
  const side = 2 * grid - 1;
  const table = distanceTable(grid);
  let sum = 0;
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++)
      sum += (grid - Math.abs(r - grid + 1)) * (grid - Math.abs(c - grid + 1)) * table[r * side + c]!;
  return sum / grid ** 4;
}

/**
 * How much two heads agree: the weight that both put on the same tokens, Σ min(a, b) a row, mean over `rows` rows.
 * 1: equal; 0: no token in common (one minus the total variation distance).
 */
export function overlap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  rows: number,
  options: { readonly count: number; readonly from?: number; readonly other?: number },
): number {
  const { count, from = 0, other = 0 } = options;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = a[from + i]!;
    const y = b[other + i]!;
    sum += x < y ? x : y;
  }
  return sum / rows;
}

/**
 * One row of attention rollout (Abnar & Zuidema 2020, §3): Ã_l = (1 − r)·mean over heads of A_l + r·I with rows scaled
 * to sum 1, R = Ã_L ⋯ Ã_1, and of R the row `query`. The identity stands for the residual connection; r is ½.
 * Only a vector is carried through the layers, so the cost is L·h·T², not T³.
 * @param layers from the first to the last that counts
 * @returns `[T]`, sums to 1
 */
export function rollout(
  layers: readonly LayerAttention[],
  query: number,
  { residual = 0.5 }: { readonly residual?: number } = {},
): Float64Array {
  const tokens = layers[0]?.tokens ?? 0;
  let now = new Float64Array(tokens);
  now[query] = 1;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { data, heads } = layers[l]!;
    const next = new Float64Array(tokens);
    for (let i = 0; i < tokens; i++) {
      const carried = now[i]!;
      if (carried === 0) continue;
      let total = 0;
      for (let h = 0; h < heads; h++) {
        const at = (h * tokens + i) * tokens;
        for (let j = 0; j < tokens; j++) total += data[at + j]!;
      }
      // The rows of Ã sum to (1 − r)·total / heads + r; softmax makes that 1 but for rounding.
      const scale = carried / (((1 - residual) * total) / heads + residual);
      const share = (scale * (1 - residual)) / heads;
      for (let h = 0; h < heads; h++) {
        const at = (h * tokens + i) * tokens;
        for (let j = 0; j < tokens; j++) next[j]! += share * data[at + j]!;
      }
      next[i]! += scale * residual;
    }
    now = next;
  }
  return now;
}

/**
 * What a row of attention carries, not only how it is weighted: a_j · ‖v_j‖₂ for every key j (Kobayashi et al. 2020,
 * §3, with the value vectors of the head). No gradient is needed.
 * @param row `[T]`, attention weights of one query in one head
 * @param values `[T, d]` of the same head, at `offset`
 * @returns `[T]`, not scaled
 */
export function valueNormRelevance(
  row: ArrayLike<number>,
  values: ArrayLike<number>,
  d: number,
  offset = 0,
): Float64Array {
  const out = new Float64Array(row.length);
  for (let j = 0; j < row.length; j++) {
    let square = 0;
    for (let k = 0; k < d; k++) square += values[offset + j * d + k]! ** 2;
    out[j] = row[j]! * Math.sqrt(square);
  }
  return out;
}

/** softmax(scores / temperature), in double precision; the largest score is taken off first. */
export function softmaxRow(scores: ArrayLike<number>, temperature = 1): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i]!);
  const out = new Float64Array(scores.length);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += out[i] = Math.exp((scores[i]! - most) / temperature);
  for (let i = 0; i < scores.length; i++) out[i]! /= sum;
  return out;
}

/** Σ_j a_j v_j: what a head hands on for one query. `values` `[T, d]` at `offset`; `[d]`. */
export function mixValues(
  row: ArrayLike<number>,
  values: ArrayLike<number>,
  d: number,
  offset = 0,
): Float64Array {
  const out = new Float64Array(d);
  for (let j = 0; j < row.length; j++)
    for (let k = 0; k < d; k++) out[k]! += row[j]! * values[offset + j * d + k]!;
  return out;
}

/** The `count` tokens with the largest weights, largest first. */
export function strongest(row: ArrayLike<number>, count: number): { index: number; weight: number }[] {
  return Array.from({ length: row.length }, (_, index) => ({ index, weight: row[index]! }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .slice(0, count);
}

/** The largest of the values, or −∞ where there are none. */
export function largest(values: ArrayLike<number>, from = 0, to = values.length): number {
  let most = -Infinity;
  for (let i = from; i < to; i++) if (values[i]! > most) most = values[i]!;
  return most;
}

/** The value that the share `part` of the values does not exceed (nearest rank). Sorts `values` in place. */
export function quantile(values: Float32Array, part: number): number {
  values.sort();
  return values[Math.max(0, Math.ceil(part * values.length) - 1)] ?? NaN;
}
