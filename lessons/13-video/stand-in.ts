/** A square that moves to the right, `[count, 3, side, side]` in −1 … 1. */
export function drawnClip(seed: number, count: number, side: number): Float32Array {
  const frames = new Float32Array(count * 3 * side * side).fill(0.8);
  const size = side / 4;
  for (let f = 0; f < count; f++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const row = Math.floor(side / 3) + y;
        const col = (seed + Math.round((f * side) / 16) + x) % side;
        for (let c = 0; c < 3; c++) frames[((f * 3 + c) * side + row) * side + col] = c === 0 ? 0.7 : -0.6 + y / side;
      }
  return frames;
}
