/**
 * A tensor as figures see it: a flat, row-major view with named dimensions.
 * `shape` and `dims` have the same length; `data.length` is the product of `shape`.
 */
export interface Tensor {
  /** The graph's name, e.g. `blocks.3.attn.probs`. */
  readonly name: string;
  /** Sizes, outermost first, e.g. `[3, 197, 197]`. */
  readonly shape: readonly number[];
  /** Symbolic names of the dimensions, e.g. `['h', 'T', 'T']`. */
  readonly dims: readonly string[];
  /** Values, row-major. */
  readonly data: Float32Array;
}

/** One fetched tensor: float32, row-major, in the graph's shape (batch first). */
export interface WireTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Product of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** A shape with the names of its dimensions. */
export type Dims = Pick<Tensor, 'shape' | 'dims'>;

/** Whether the leading dimension is a batch of one beside others, which readers are not shown. */
export function isBatchOfOne({ shape, dims }: Dims): boolean {
  return shape.length > 1 && shape[0] === 1 && dims[0] === 'B';
}

/** A shape without a leading batch of one: `[1, h, T, T]` → `[h, T, T]`. */
export function withoutBatch({ shape, dims }: Dims): Dims {
  return isBatchOfOne({ shape, dims }) ? { shape: shape.slice(1), dims: dims.slice(1) } : { shape, dims };
}

/** The same tensor without its leading dimension when that is a batch of one; no copy. */
export function dropBatch(t: Tensor): Tensor {
  return isBatchOfOne(t) ? { ...t, ...withoutBatch(t) } : t;
}

/** One picture's part of a tensor of a batch: `[2, h, T, T]` → `[h, T, T]`; a tensor without a batch is itself. No copy. */
export function ofBatch(tensor: Tensor, which: number): Tensor {
  if (tensor.dims[0] !== 'B') return tensor;
  const shape = tensor.shape.slice(1);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = tensor.data.subarray(which * size, (which + 1) * size);
  return { name: tensor.name, shape, dims: tensor.dims.slice(1), data };
}

/** The family a dimension's colour comes from (tokens.css, `--dim-<family>`). */
export type DimFamily = 'batch' | 'pixel' | 'token' | 'channel' | 'head' | 'class' | 'time';

const FAMILIES: Record<string, DimFamily> = {
  B: 'batch',
  S: 'batch',
  C: 'pixel',
  H: 'pixel',
  W: 'pixel',
  p: 'pixel',
  N: 'token',
  T: 'token',
  L: 'token',
  Q: 'token',
  V: 'token',
  w: 'token',
  n: 'token',
  s: 'token',
  gh: 'token',
  gw: 'token',
  P: 'channel',
  D: 'channel',
  d: 'channel',
  M: 'channel',
  '3D': 'channel',
  '2D': 'channel',
  h: 'head',
  K: 'class',
  t: 'time',
  f: 'time',
};

/** The colour family of a symbolic dimension name; unknown names are channels. */
export function dimFamily(dim: string): DimFamily {
  return FAMILIES[dim] ?? 'channel';
}
