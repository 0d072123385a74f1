/**
 * How much of an out-block's input comes through its long skip. W [h ; s] = W_h h + W_s s; the share of the skip is
 * ‖W_s s‖ / (‖W_h h‖ + ‖W_s s‖), the mean over tokens: 0 nothing, ½ as long as the stream's own part, 1 all.
 * @param cat `skip_cat` `[T, 2D]`: stream h and skip s side by side
 * @param weight `skip_linear.weight` `[D, 2D]`
 */
export function skipShare(cat: ArrayLike<number>, weight: ArrayLike<number>, dim: number): number {
  const tokens = cat.length / (2 * dim);
  let sum = 0;
  for (let t = 0; t < tokens; t++) {
    let [own, skip] = [0, 0];
    for (let d = 0; d < dim; d++) {
      let [h, s] = [0, 0];
      for (let k = 0; k < dim; k++) {
        h += weight[d * 2 * dim + k]! * cat[t * 2 * dim + k]!;
        s += weight[d * 2 * dim + dim + k]! * cat[t * 2 * dim + dim + k]!;
      }
      own += h * h;
      skip += s * s;
    }
    const [a, b] = [Math.sqrt(own), Math.sqrt(skip)];
    sum += a + b > 0 ? b / (a + b) : 0;
  }
  return sum / tokens;
}
