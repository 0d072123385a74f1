/** Cosines and sines of −2π k n / N, `[N]` each by k · n mod N. */
function turns(side: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const angle = (2 * Math.PI) / side;
  return {
    cos: Float64Array.from({ length: side }, (_, i) => Math.cos(angle * i)),
    sin: Float64Array.from({ length: side }, (_, i) => -Math.sin(angle * i)),
  };
}

/** |DFT|² of one square channel, `[side · side]`, frequencies from 0 up in both directions. Rows first, then columns. */
function power(data: ArrayLike<number>, from: number, side: number): Float64Array {
  const { cos, sin } = turns(side);
  const [re, im] = [new Float64Array(side * side), new Float64Array(side * side)];
  for (let y = 0; y < side; y++)
    for (let k = 0; k < side; k++)
      for (let x = 0, i = 0; x < side; x++, i = (i + k) % side) {
        const v = data[from + y * side + x]!;
        re[y * side + k]! += v * cos[i]!;
        im[y * side + k]! += v * sin[i]!;
      }
  const out = new Float64Array(side * side);
  for (let k = 0; k < side; k++)
    for (let l = 0; l < side; l++) {
      let [a, b] = [0, 0];
      for (let y = 0, i = 0; y < side; y++, i = (i + l) % side) {
        const [p, q] = [re[y * side + k]!, im[y * side + k]!];
        a += p * cos[i]! - q * sin[i]!;
        b += p * sin[i]! + q * cos[i]!;
      }
      out[l * side + k] = a * a + b * b;
    }
  return out;
}

/**
 * Power of a square picture by spatial frequency: the mean of |DFT|² over channels and over all waves whose frequency
 * rounds to 0, 1, … side/2 cycles a side, divided by the number of pixels. Entry 0 is the mean colour's.
 * Source: radially averaged power spectrum, van der Schaaf & van Hateren 1996, section 2.
 * @param picture `[channels, side, side]` flat
 * @returns `[side / 2 + 1]`
 */
export function radialSpectrum(picture: ArrayLike<number>, side: number): Float64Array {
  const half = Math.floor(side / 2);
  const channels = picture.length / (side * side);
  const [sums, counts] = [new Float64Array(half + 1), new Float64Array(half + 1)];
  for (let c = 0; c < channels; c++) {
    const found = power(picture, c * side * side, side);
    for (let l = 0; l < side; l++)
      for (let k = 0; k < side; k++) {
        const ring = Math.round(Math.hypot(Math.min(k, side - k), Math.min(l, side - l)));
        if (ring > half) continue;
        sums[ring]! += found[l * side + k]!;
        counts[ring]!++;
      }
  }
  return sums.map((sum, ring) => sum / (counts[ring]! * side * side));
}
