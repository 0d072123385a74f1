/**
 * The patch embedding computed by hand, both ways it is written, and what its filters answer to. Tables are flat and
 * row-major: `patches` `[N, P]` with a patch's values as (channel, row, column), `kernel` `[D, 3, p, p]` = `[D, P]`.
 * The functions that take `from` and `to` do a stretch of the work, so that a page can do it in turns.
 */

/** Sizes of a patch embedding. */
export interface EmbedSizes {
  /** Pixels a side of the picture. */
  readonly image: number;
  /** Pixels a side of a patch, p; also the stride. */
  readonly patch: number;
  /** Width of a token, D. */
  readonly dim: number;
}

/** Patches a side, N and P of these sizes. */
export function embedCounts({ image, patch }: EmbedSizes) {
  const side = Math.floor(image / patch);
  return { side, patches: side * side, values: 3 * patch * patch };
}

/**
 * `out[n] = patches[n] · Wᵀ + b` for the rows n = `from` … `to` − 1: a matrix product, each cell summed along the row.
 * Sums are kept in float32, as a machine that multiplies float32 does.
 * @param out `[N, D]`, written in place
 */
export function multiplyRows(
  patches: Float32Array,
  kernel: Float32Array,
  bias: Float32Array,
  sizes: EmbedSizes,
  out: Float32Array,
  from: number,
  to: number,
): void {
  const { values } = embedCounts(sizes);
  for (let n = from; n < to; n++) {
    for (let d = 0; d < sizes.dim; d++) {
      let sum = 0;
      for (let i = 0; i < values; i++)
        sum = Math.fround(sum + Math.fround(patches[n * values + i]! * kernel[d * values + i]!));
      out[n * sizes.dim + d] = sum + bias[d]!;
    }
  }
}

/**
 * A convolution with stride p over the picture, channels `from` … `to` − 1 of its output: the kernel is laid on every
 * place in turn, and for each of its cells (row, column, channel) the products of all places are added. Float32 sums,
 * in another order than {@link multiplyRows}.
 * @param picture `[3, S, S]`
 * @param out `[D, side, side]`, written in place
 */
export function convolve(
  picture: Float32Array,
  kernel: Float32Array,
  bias: Float32Array,
  sizes: EmbedSizes,
  out: Float32Array,
  from: number,
  to: number,
): void {
  const { image, patch } = sizes;
  const { side, patches, values } = embedCounts(sizes);
  for (let d = from; d < to; d++) {
    const map = out.subarray(d * patches, (d + 1) * patches).fill(0);
    for (let ky = 0; ky < patch; ky++)
      for (let kx = 0; kx < patch; kx++)
        for (let c = 0; c < 3; c++) {
          const weight = kernel[d * values + (c * patch + ky) * patch + kx]!;
          for (let gy = 0; gy < side; gy++) {
            const row = (c * image + gy * patch + ky) * image + kx;
            for (let gx = 0; gx < side; gx++) map[gy * side + gx]! += weight * picture[row + gx * patch]!;
          }
        }
    for (let n = 0; n < patches; n++) map[n]! += bias[d]!;
  }
}

/** max |a[n, d] − b[d, n]| of a table `[N, D]` and maps `[D, N]`; NaN when their sizes differ. */
export function tableAgainstMaps(table: Float32Array, maps: Float32Array, dim: number): number {
  if (table.length !== maps.length) return NaN;
  const count = table.length / dim;
  let most = 0;
  for (let n = 0; n < count; n++)
    for (let d = 0; d < dim; d++) most = Math.max(most, Math.abs(table[n * dim + d]! - maps[d * count + n]!));
  return most;
}

/** Variance of each column of `[n, width]`, divided by n − 1 → `[width]`. */
export function columnVariances(table: ArrayLike<number>, width: number): Float64Array {
  const n = table.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < table.length; i++) mean[i % width]! += table[i]! / n;
  const out = new Float64Array(width);
  for (let i = 0; i < table.length; i++) out[i % width]! += (table[i]! - mean[i % width]!) ** 2 / (n - 1);
  return out;
}

/** Variance of the values of each row of `[n, width]`, divided by width − 1 → `[n]`. */
export function rowVariances(table: ArrayLike<number>, width: number): Float64Array {
  const n = table.length / width;
  return Float64Array.from({ length: n }, (_, r) => {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += table[r * width + i]! / width;
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (table[r * width + i]! - mean) ** 2;
    return sum / (width - 1);
  });
}

/** Indices by falling value; equal values keep their order. */
export function byValue(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
}

/**
 * What filters answer to in a picture: the covariance of every pixel of a patch with every filter's response over the
 * patches, `[D, P]` divided by N − 1. A filter's weights need not look like what makes it answer, because neighbouring
 * pixels are alike; their covariance with the answer does (Haufe et al. 2014), one filter at a time.
 * Filters `from` … `to` − 1.
 * @param patches `[N, P]`, @param responses `[N, D]`, @param out `[D, P]`, written in place
 */
export function answerPatterns(
  patches: Float32Array,
  responses: Float32Array,
  { values, dim }: { values: number; dim: number },
  out: Float32Array,
  from: number,
  to: number,
): void {
  const count = patches.length / values;
  const sum = new Float64Array(values);
  for (let d = from; d < to; d++) {
    let mean = 0;
    for (let n = 0; n < count; n++) mean += responses[n * dim + d]! / count;
    // The responses are centred, so the pixels need not be.
    sum.fill(0);
    for (let n = 0; n < count; n++) {
      const r = responses[n * dim + d]! - mean;
      for (let i = 0; i < values; i++) sum[i]! += r * patches[n * values + i]!;
    }
    for (let i = 0; i < values; i++) out[d * values + i] = sum[i]! / (count - 1);
  }
}
