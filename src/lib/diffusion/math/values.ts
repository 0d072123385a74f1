/** Flat values of a picture or a batch of them; the maths is elementwise, so the shape is the caller's. */
export type Values = Float32Array | Float64Array;

/** An array of zeros of the same kind as `like`. */
export function zeros<X extends Values>(like: X, length: number = like.length): X {
  return (like instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as unknown as X;
}

/**
 * The weighted sum Σ weight · values, element by element, in a new array of `like`'s kind.
 * Sums run in float64 and are rounded once, when stored.
 * @throws RangeError if the arrays differ in length.
 */
export function mix<X extends Values>(like: X, ...terms: readonly (readonly [number, Values])[]): X {
  const out = zeros(like);
  for (const [, values] of terms) sameLength(like, values);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (const [weight, values] of terms) sum += weight * values[i]!;
    out[i] = sum;
  }
  return out;
}

/** @throws RangeError if the two arrays differ in length. */
export function sameLength(a: Values, b: Values): void {
  if (a.length !== b.length)
    throw new RangeError(
      `Two arrays of ${a.length} and ${b.length} values meet; they must be of one length.`,
    );
}
