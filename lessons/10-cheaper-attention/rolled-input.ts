/** A square cell of a picture: its place on a grid of cells, and their side in pixels. */
export interface Cell {
  readonly row: number;
  readonly col: number;
  readonly size: number;
}

/**
 * A picture `[3, S, S]` moved up and to the left by `by` pixels, 0 up to S: what leaves at one end comes in at the other.
 */
export function rolledInput(x: Float32Array, side: number, by: number): Float32Array {
  if (by % side === 0) return x;
  const out = new Float32Array(x.length);
  const rows = x.length / side;
  for (let row = 0; row < rows; row++) {
    const plane = row - (row % side);
    const from = (plane + (((row % side) + by) % side)) * side;
    const cut = by % side;
    out.set(x.subarray(from + cut, from + side), row * side);
    out.set(x.subarray(from, from + cut), row * side + side - cut);
  }
  return out;
}

/** The same picture `[3, S, S]` with one cell in the middle grey of the inputs, 0 in every colour. */
export function greyedInput(x: Float32Array, side: number, { row, col, size }: Cell): Float32Array {
  const out = x.slice();
  for (let plane = 0; plane < x.length; plane += side * side)
    for (let y = row * size; y < (row + 1) * size; y++)
      out.fill(0, plane + y * side + col * size, plane + y * side + (col + 1) * size);
  return out;
}

/** Half the sum of the differences of two distributions: 0 alike, 1 nothing in common. */
export function apart(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!);
  return sum / 2;
}
