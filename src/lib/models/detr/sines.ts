/**
 * DETR's fixed positions of a map of tokens, `[rows · columns, dim]` row-major: the first half of a row of the table tells
 * the row of the map, the second its column. A coordinate counts from 1 and is brought to 0 … 2π by the size of the map;
 * entries 2k and 2k + 1 of a half are sine and cosine of it at 10000^(−2k / (dim / 2)), k = 0 … dim/4 − 1.
 * Source: Carion et al. 2020, appendix A.4, `PositionEmbeddingSine` of the published code with `normalize`.
 * @param dim divisible by 4
 */
export function sinePositions(rows: number, columns: number, dim: number): Float32Array {
  const half = dim / 2;
  const down = waves(rows, half);
  const across = waves(columns, half);
  const table = new Float32Array(rows * columns * dim);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * dim;
      table.set(down[row] ?? [], at);
      table.set(across[column] ?? [], at + half);
    }
  }
  return table;
}

/** Of each of `count` places along a side, `size` values. */
function waves(count: number, size: number): Float32Array[] {
  return Array.from({ length: count }, (_, i) => {
    const at = ((i + 1) / (count + 1e-6)) * 2 * Math.PI;
    return Float32Array.from({ length: size }, (_, entry) => {
      const angle = at * 10000 ** (-(2 * Math.floor(entry / 2)) / size);
      return entry % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
  });
}
