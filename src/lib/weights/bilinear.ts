/*
 * Bilinear resizing of one axis as a matrix, and its pseudo-inverse. Sample centres lie at half-integer positions
 * (torch: `align_corners=False`) and there is no antialiasing, as in FlexiViT (arXiv 2212.08013, section 3.4).
 */

/** A dense row-major matrix in float64. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** The `[to, from]` matrix that resizes an axis of `from` samples to `to`; every row sums to 1. */
export function bilinearMatrix(from: number, to: number): Matrix {
  const data = new Float64Array(to * from);
  for (let row = 0; row < to; row++) {
    const at = Math.max(0, ((row + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(at), from - 1);
    const high = Math.min(low + 1, from - 1);
    const share = at - low;
    data[row * from + low]! += 1 - share;
    data[row * from + high]! += share;
  }
  return { rows: to, cols: from, data };
}

export function transpose({ rows, cols, data }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[c * rows + r] = data[r * cols + c]!;
  return { rows: cols, cols: rows, data: out };
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  const out = new Float64Array(a.rows * b.cols);
  for (let r = 0; r < a.rows; r++) {
    for (let k = 0; k < a.cols; k++) {
      const x = a.data[r * a.cols + k]!;
      if (x === 0) continue;
      for (let c = 0; c < b.cols; c++) out[r * b.cols + c]! += x * b.data[k * b.cols + c]!;
    }
  }
  return { rows: a.rows, cols: b.cols, data: out };
}

/**
 * Moore–Penrose pseudo-inverse of a matrix of full rank: `(BᵀB)⁻¹Bᵀ` where it is tall, `Bᵀ(BBᵀ)⁻¹` where it is wide.
 * Every bilinear matrix has full rank: enlarging loses nothing, and the rows of a shrinking one begin at different samples.
 */
export function pseudoInverse(b: Matrix): Matrix {
  const t = transpose(b);
  return b.rows >= b.cols ? solve(multiply(t, b), t) : transpose(solve(multiply(b, t), b));
}

/** X in `aX = b` for a symmetric positive definite `a`, by Cholesky. */
function solve(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  const x = Float64Array.from(b.data);
  for (let c = 0; c < b.cols; c++) {
    for (let i = 0; i < n; i++) {
      let sum = x[i * b.cols + c]!;
      for (let k = 0; k < i; k++) sum -= l[i * n + k]! * x[k * b.cols + c]!;
      x[i * b.cols + c] = sum / l[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i * b.cols + c]!;
      for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * x[k * b.cols + c]!;
      x[i * b.cols + c] = sum / l[i * n + i]!;
    }
  }
  return { rows: n, cols: b.cols, data: x };
}

/**
 * One axis of a stack of matrices mapped: `[count, a.cols, width]` → `[count, a.rows, width]`, row-major. With
 * `width` 1 that is the last axis. Four sums are carried at a time: one alone waits for each of its own additions.
 */
export function alongAxis(
  a: Matrix,
  values: Float32Array | Float64Array,
  count: number,
  width: number,
): Float64Array {
  const from = values instanceof Float64Array ? values : new Float64Array(values);
  const out = new Float64Array(count * a.rows * width);
  if (width === 1) alongLast(a, from, out);
  else for (let r = 0; r < a.rows; r++) rowAlong(a, r, from, out, width);
  return out;
}

/** Row `r` of every result, `width` values each. */
function rowAlong(a: Matrix, r: number, from: Float64Array, out: Float64Array, width: number): void {
  const { rows, cols } = a;
  const row = a.data.subarray(r * cols, (r + 1) * cols);
  // A bilinear matrix has two values in a row, its pseudo-inverse all of them.
  const used = Int32Array.from(row.keys()).filter((k) => row[k] !== 0);
  const weights = Float64Array.from(used, (k) => row[k]!);
  const n = used.length;
  for (let at = 0, to = r * width; at < from.length; at += cols * width, to += rows * width) {
    let c = 0;
    for (; c + 4 <= width; c += 4) {
      let w = 0;
      let x = 0;
      let y = 0;
      let z = 0;
      for (let i = 0; i < n; i++) {
        const weight = weights[i]!;
        const p = at + used[i]! * width + c;
        w += weight * from[p]!;
        x += weight * from[p + 1]!;
        y += weight * from[p + 2]!;
        z += weight * from[p + 3]!;
      }
      out[to + c] = w;
      out[to + c + 1] = x;
      out[to + c + 2] = y;
      out[to + c + 3] = z;
    }
    for (; c < width; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += weights[i]! * from[at + used[i]! * width + c]!;
      out[to + c] = sum;
    }
  }
}

/** The last axis mapped: `[count, a.cols]` → `[count, a.rows]`. */
function alongLast({ rows, cols, data }: Matrix, from: Float64Array, out: Float64Array): void {
  for (let at = 0, to = 0; at < from.length; at += cols, to += rows) {
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      const row = r * cols;
      let w = 0;
      let x = 0;
      let y = 0;
      let z = 0;
      for (let k = 0; k < cols; k++) {
        const value = from[at + k]!;
        w += data[row + k]! * value;
        x += data[row + cols + k]! * value;
        y += data[row + 2 * cols + k]! * value;
        z += data[row + 3 * cols + k]! * value;
      }
      out[to + r] = w;
      out[to + r + 1] = x;
      out[to + r + 2] = y;
      out[to + r + 3] = z;
    }
    for (; r < rows; r++) {
      let sum = 0;
      for (let k = 0; k < cols; k++) sum += data[r * cols + k]! * from[at + k]!;
      out[to + r] = sum;
    }
  }
}
