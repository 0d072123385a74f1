import type { WireTensor } from '#lib/base/tensor.ts';
import { float32Of, type WeightSource } from '#lib/weights/source.ts';
import type { InputValues } from '../family.ts';

interface PictureCut {
  readonly image: number;
  readonly imageWidth?: number;
  readonly channels: number;
  readonly patch: number;
  readonly dim: number;
}

/** Weights of the patch embedding under the names of the graph. */
export const PATCH_WEIGHTS = ['patch_embed.proj.weight', 'patch_embed.proj.bias'] as const;
/** The embedding, and what it is computed with. */
export const PATCH_TENSORS = ['patch_embed', ...PATCH_WEIGHTS] as const;

/**
 * The patch embedding of one picture, `[1, N, D]`, with its kernels and bias, by its definition: the dot product of each
 * patch with each kernel, plus the bias. Sums are in float64, so it may differ from a session's float32 in the last digit or two.
 * Source: Dosovitskiy et al. 2021, equation 1.
 * @param weights `patch_embed.proj.weight` `[D, C, p, p]` and `.bias` `[D]`, at this patch size
 * @param x the preprocessed picture `[C, H, W]`
 * @returns undefined without the weights or a picture of another size
 */
export function embedPatches(
  weights: WeightSource,
  { image, imageWidth: across = image, channels, patch, dim }: PictureCut,
  { x }: InputValues,
): readonly WireTensor[] | undefined {
  const kernel = float32Of(weights, PATCH_WEIGHTS[0]);
  const bias = float32Of(weights, PATCH_WEIGHTS[1]);
  if (!kernel || !bias || x?.length !== channels * image * across) return undefined;
  const [rows, columns] = [Math.floor(image / patch), Math.floor(across / patch)];
  const count = rows * columns;
  const width = channels * patch * patch;
  const out = new Float32Array(count * dim);
  const row = new Float32Array(width);
  for (let n = 0; n < count; n++) {
    const corner = Math.floor(n / columns) * patch * across + (n % columns) * patch;
    for (let i = 0; i < width; i++) {
      const [c, r] = [Math.floor(i / (patch * patch)), Math.floor(i / patch) % patch];
      row[i] = x[c * image * across + corner + r * across + (i % patch)]!;
    }
    for (let d = 0; d < dim; d++) {
      let sum = bias[d]!;
      for (let i = 0, at = d * width; i < width; i++) sum += row[i]! * kernel[at + i]!;
      out[n * dim + d] = sum;
    }
  }
  // Copies, since they are handed over to the page.
  return [
    { name: 'patch_embed', shape: [1, count, dim], data: out },
    { name: PATCH_WEIGHTS[0], shape: [dim, channels, patch, patch], data: kernel.slice() },
    { name: PATCH_WEIGHTS[1], shape: [dim], data: bias.slice() },
  ];
}
