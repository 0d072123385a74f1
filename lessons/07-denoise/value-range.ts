/** Values as near to an end of [−1, 1] as this count as saturated: half a step of 8 bits. */
export const EDGE = 1 - 1 / 255;

/** Share of values at an end of [−1, 1] or beyond. */
export function saturated(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) >= EDGE) count++;
  return count / values.length;
}

/** Largest magnitude, rounded up to one digit, so that a scale stands still while values change a little. */
export function reach(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  if (most === 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  return Math.ceil(most / unit - 1e-9) * unit;
}
