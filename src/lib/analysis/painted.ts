/** What a masked autoencoder was shown of a picture, what it painted in the masked patches, and how far off that is. */
export interface Painted {
  /** `[C, S, S]` flat: the picture with its masked patches at 0, the middle of the range. */
  readonly seen: Float32Array;
  /** `[C, S, S]` flat: the picture where it was seen, the model's answer where it was masked. */
  readonly painted: Float32Array;
  /** Mean square error over the masked pixels; undefined where nothing is masked. */
  readonly error: number | undefined;
  /** The same for the mean colour of what is seen: what is to be beaten. Undefined where nothing is masked or seen. */
  readonly plain: number | undefined;
}

/**
 * Puts the answer together with the picture. He et al. 2021 (arXiv 2111.06377) train on masked patches alone
 * (section 3), so what the decoder says of a patch that is seen means little.
 * @param x the picture, `[C, S, S]` flat
 * @param answer `reconstruction`, as long
 * @param visible numbers of the patches that are seen, row by row
 * @throws RangeError when picture, answer, side and patch do not fit each other
 */
export function paintedOf(
  x: ArrayLike<number>,
  answer: ArrayLike<number>,
  visible: readonly number[],
  { image, patch, channels }: { readonly image: number; readonly patch: number; readonly channels: number },
): Painted {
  const area = image * image;
  if (x.length !== channels * area || answer.length !== x.length || image % patch !== 0)
    throw new RangeError(
      `a picture of ${x.length} and an answer of ${answer.length} values for side ${image}`,
    );
  const grid = image / patch;
  const shown = new Set(visible);
  /** Of each pixel, 1 where its patch is masked. */
  const masks = Uint8Array.from({ length: area }, (_, pixel) => {
    const row = Math.floor(pixel / (image * patch));
    return shown.has(row * grid + Math.floor((pixel % image) / patch)) ? 0 : 1;
  });
  const colour = Array.from({ length: channels }, () => 0);
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (masks[i % area]) continue;
    colour[Math.floor(i / area)]! += x[i]!;
    count++;
  }
  const seen = new Float32Array(x.length);
  const painted = new Float32Array(x.length);
  let [error, plain] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (!masks[i % area]) {
      seen[i] = painted[i] = value;
      continue;
    }
    painted[i] = answer[i]!;
    error += (answer[i]! - value) ** 2;
    plain += ((colour[Math.floor(i / area)]! * channels) / count - value) ** 2;
  }
  const masked = x.length - count;
  return {
    seen,
    painted,
    error: masked > 0 ? error / masked : undefined,
    plain: masked > 0 && count > 0 ? plain / masked : undefined,
  };
}
