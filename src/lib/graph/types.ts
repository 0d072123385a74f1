import type { Text } from '#lib/base/lang.ts';

/** Element types a graph's values may have. Weights are stored in F32, F16 or BF16 and computed in float32. */
export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'uint8' | 'bool';

/** Sizes and names of a tensor, before it has a name of its own. `shape` and `dims` have the same length. */
export interface TensorType {
  /** Sizes, outermost first. `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Symbolic names, outermost first: `['B', 'T', 'D']`. A dimension without a name of its own is `'1'`. */
  readonly dims: readonly string[];
  readonly dtype: DType;
}

/** Where a value comes from: fed at run time, bound to stored weights, known when the graph is built, or computed. */
export type ValueKind = 'input' | 'weight' | 'constant' | 'node';

/** A tensor of the graph. Weights are float32 here, whatever the type they are stored in. */
export interface Value extends TensorType {
  /** Unique in its graph: timm's module path (`blocks.3.attn.probs`), or `_17` for a helper. */
  readonly name: string;
  readonly kind: ValueKind;
  /** True for a helper without a name of its own (a transposed weight, a product before its bias). */
  readonly internal: boolean;
  readonly doc?: Doc;
  /** The node that computes it (kind `node` only). */
  readonly producer?: Node;
  /** The values of a constant, row-major (kind `constant` only). */
  readonly data?: Float32Array | readonly number[];
}

/** One operation. */
export interface Node {
  /** A key of the op table (`ops/index.ts`), which is also the ONNX operator type. */
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/** One ONNX attribute; the key says its type in the file: int, float, ints, string. */
export type Attribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly ints: readonly number[] }
  | { readonly s: string };
export type Attributes = Readonly<Record<string, Attribute>>;

/** A half-open range of indices along one dimension: `[start, end)`. */
export type Range = readonly [start: number, end: number];
/** A box of cells: one range a dimension, outermost first. */
export type Box = readonly Range[];

/** What a cell is computed from: a box of cells of one tensor, weight or input. */
export interface Operand {
  /** Name of a value of the graph. */
  readonly name: string;
  readonly kind: ValueKind;
  /** Same length as that value's shape. */
  readonly ranges: Box;
}

/** What one cell depends on. Pure: the same index gives the same operands. */
export type CellRule = (index: readonly number[]) => readonly Operand[];

/** What a reader is told about a tensor. Never written into the ONNX file. */
export interface Doc {
  readonly title: Text;
  /** KaTeX source, without delimiters. */
  readonly formula?: string;
  /** The PyTorch line that makes it. */
  readonly torch?: string;
  /** Replaces the rule that `cellOperands` derives from the graph. */
  readonly cell?: CellRule;
}

/** Name, doc and dimension names for an operation's result; a bare string is the name. */
export type As = string | { readonly name?: string; readonly dims?: readonly string[]; readonly doc?: Doc };

/** One stored tensor: a byte range of a named buffer. */
export interface WeightEntry {
  readonly dtype: 'F32' | 'F16' | 'BF16';
  readonly shape: readonly number[];
  /** Key of `WeightSource.buffers`. */
  readonly file: string;
  /** First byte, from the start of that buffer. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** Weights as the encoder needs them: where the bytes of each tensor lie. */
export interface WeightSource {
  get(name: string): WeightEntry | undefined;
  names(): string[];
  /** File → all its bytes (safetensors bytes, or a small overlay). */
  readonly buffers: ReadonlyMap<string, Uint8Array>;
}
