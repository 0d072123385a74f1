import type { Tensor } from '#lib/base/tensor.ts';

/** The part of a tensor that lies on the screen: its last two dimensions, at fixed places of the others. */
export interface Plane {
  readonly rows: number;
  readonly cols: number;
  /** Where the plane begins in the tensor's data. */
  readonly offset: number;
  /** The name of the rows' dimension; undefined for a vector or a scalar. */
  readonly rowDim: string | undefined;
  readonly colDim: string | undefined;
}

/** A dimension before the last two: one slider each. */
export interface SliceDim {
  readonly dim: string;
  readonly size: number;
  readonly index: number;
}

/** The dimensions that a tensor has beyond its plane, with their current places (clamped into range). */
export function sliceDims(tensor: Tensor, at: readonly number[]): SliceDim[] {
  return tensor.shape.slice(0, -2).map((size, i) => ({
    dim: tensor.dims[i] ?? `${i}`,
    size,
    index: Math.min(Math.max(0, size - 1), Math.max(0, at[i] ?? 0)),
  }));
}

/** The plane at the given places of the leading dimensions. */
export function planeOf(tensor: Tensor, at: readonly number[]): Plane {
  const { shape, dims } = tensor;
  const cols = shape.at(-1) ?? 1;
  const rows = shape.length > 1 ? (shape.at(-2) ?? 1) : 1;
  const offset = sliceDims(tensor, at).reduce((o, d) => o * d.size + d.index, 0) * rows * cols;
  return { rows, cols, offset, rowDim: shape.length > 1 ? dims.at(-2) : undefined, colDim: dims.at(-1) };
}

/** The full index of a cell of the plane, one number a dimension. */
export function indexOf(tensor: Tensor, at: readonly number[], row: number, col: number): number[] {
  const lead = sliceDims(tensor, at).map((d) => d.index);
  if (tensor.shape.length === 0) return [];
  return tensor.shape.length === 1 ? [col] : [...lead, row, col];
}
