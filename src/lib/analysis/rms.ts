/** Root of the mean square of `values[from … to)`. NaN for nothing. */
export function rms(values: ArrayLike<number>, from = 0, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / (to - from));
}

/** Root of the mean square of the differences a − b of two pictures or states, place by place, in their own unit. */
export function rmsBetween(a: ArrayLike<number>, b: ArrayLike<number>, from = 0, to = a.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / (to - from));
}
