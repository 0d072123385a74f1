/**
 * Keys or values of one block, `[h, T, d]`, as a map with a row for each token, `[T, h · d]`, heads side by side; rows from
 * `upto` on are zeros, as nothing of those tokens is kept yet.
 */
export function keptRows(data: ArrayLike<number>, heads: number, tokens: number, upto: number): Float32Array {
  const width = data.length / (heads * tokens);
  const out = new Float32Array(data.length);
  for (let h = 0; h < heads; h++)
    for (let t = 0; t < Math.min(upto, tokens); t++)
      for (let i = 0; i < width; i++)
        out[(t * heads + h) * width + i] = data[(h * tokens + t) * width + i] ?? NaN;
  return out;
}
