/**
 * Peak signal-to-noise ratio of two pictures in dB: 10 log10 of the square of the whole range over the mean squared
 * error. What lies outside the range in the first one is cut off, as on a screen. Equal pictures give Infinity.
 * @param found any shape, flat
 * @param wanted as many values
 * @param range what black and white are; −1 … 1 by default
 */
export function psnr(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  range: readonly [low: number, high: number] = [-1, 1],
): number {
  const [low, high] = range;
  let sum = 0;
  for (let i = 0; i < wanted.length; i++) {
    const cut = Math.min(high, Math.max(low, found[i]!));
    sum += (cut - wanted[i]!) ** 2;
  }
  return 10 * Math.log10(((high - low) ** 2 * wanted.length) / sum);
}

/**
 * How far two pictures are apart at each pixel: the root of the mean square over the channels, `[H · W]`.
 * @param a `[channels, H, W]` flat
 * @param b of the same shape
 */
export function pixelDistance(a: ArrayLike<number>, b: ArrayLike<number>, channels: number): Float32Array {
  const pixels = a.length / channels;
  return Float32Array.from({ length: pixels }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += (a[c * pixels + i]! - b[c * pixels + i]!) ** 2;
    return Math.sqrt(sum / channels);
  });
}
