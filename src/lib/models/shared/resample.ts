/** Weights of a row of the result on the values of a row of `from` values; both functions are separable. */
type Line = readonly (readonly number[])[];

/** Means over windows that cover the line, as PyTorch's adaptive average pooling cuts them. */
export function areaLine(from: number, to: number): Line {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)];
    return Array.from({ length: from }, (_, j) => (j >= start && j < end ? 1 / (end - start) : 0));
  });
}

/** Keys's cubic kernel with a = −0.75, as in PyTorch. */
function cubic(x: number): number {
  const [a, d] = [-0.75, Math.abs(x)];
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((d - 5) * d + 8) * d * a - 4 * a : 0;
}

/** Bicubic interpolation without aligned corners; beyond the ends the last value goes on. */
export function bicubicLine(from: number, to: number): Line {
  return Array.from({ length: to }, (_, i) => {
    const at = ((i + 0.5) * from) / to - 0.5;
    const row = new Array<number>(from).fill(0);
    for (let k = Math.floor(at) - 1; k <= Math.floor(at) + 2; k++) {
      const place = Math.min(from - 1, Math.max(0, k));
      row[place] = (row[place] ?? 0) + cubic(at - k);
    }
    return row;
  });
}

/** A line in both directions, as one matrix `[from², to²]` that rows of a flat map are multiplied with. */
export function overMap(line: Line): Float32Array {
  const [to, from] = [line.length, line[0]?.length ?? 0];
  const matrix = new Float32Array(from * from * to * to);
  line.forEach((down, y) =>
    line.forEach((across, x) =>
      down.forEach((wy, r) =>
        across.forEach((wx, s) => {
          matrix[(r * from + s) * to * to + y * to + x] = wy * wx;
        }),
      ),
    ),
  );
  return matrix;
}
