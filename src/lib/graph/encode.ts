import onnxProto, { type onnx } from 'onnx-proto';
import { sizeOf } from '#lib/base/tensor.ts';
import { inSlot, slotOf, type OpenLeaves } from './alike.ts';
import { GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import { DTYPE_CODE } from './ops/elementwise.ts';
import { prune } from './prune.ts';
import type { Attribute, Node, Value, WeightEntry, WeightSource } from './types.ts';
import { entryOf } from './weights.ts';

/** ONNX operator set and file version; IR 8 is the one that goes with opset 17. */
export const OPSET = 17;
export const IR_VERSION = 8;
/** A protobuf message cannot be longer (ONNX files above it need external data). */
const MAX_MESSAGE = 2 ** 31 - 1;
/** Constants above this many bytes are kept beside the model, so that the model itself stays small. */
const MAX_INLINE = 4096;
const CONSTANTS_FILE = 'patchwork-constants.bin';
const STORED_DTYPE = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

export interface EncodeOptions {
  /** Names of the tensors the session will return; what they do not need is left out. */
  readonly outputs: readonly string[];
  /** Where the weights lie. Without it every weight is a zero (LayerNorm weights: one): a model of shapes only. */
  readonly weights?: WeightSource;
  /** True: weights stay in their own buffers (`externalData`). False: one self-contained file of at most 2 GB. */
  readonly external?: boolean;
  /**
   * Inputs, weights and constants whose values and sizes come with each run, so that graphs that differ in these alone
   * share a session (see alike.ts). No size of a result is written down then.
   */
  readonly open?: OpenLeaves;
}

export interface EncodedModel {
  /** An ONNX ModelProto. */
  readonly model: Uint8Array;
  /** What onnxruntime-web takes as the session option of the same name; the source's own buffers, not copies. */
  readonly externalData: { path: string; data: Uint8Array }[];
  /** Names of the inputs the model really has, after pruning. */
  readonly inputs: string[];
}

function attributeProto(name: string, a: Attribute): onnx.IAttributeProto {
  // Types: FLOAT 1, INT 2, STRING 3, INTS 7.
  if ('f' in a) return { name, type: 1, f: a.f };
  if ('i' in a) return { name, type: 2, i: a.i };
  if ('ints' in a) return { name, type: 7, ints: [...a.ints] };
  return { name, type: 3, s: new TextEncoder().encode(a.s) };
}

function valueInfo(v: Value, open = false): onnx.IValueInfoProto {
  const dim = v.shape.map((dimValue) => (open ? {} : { dimValue }));
  return { name: v.name, type: { tensorType: { elemType: DTYPE_CODE[v.dtype], shape: { dim } } } };
}

function externalTensor(
  name: string,
  shape: readonly number[],
  dataType: number,
  at: Omit<WeightEntry, 'dtype' | 'shape'>,
): onnx.ITensorProto {
  const pairs = { location: at.file, offset: at.offset, length: at.length };
  return {
    name,
    dims: [...shape],
    dataType,
    dataLocation: 1,
    externalData: Object.entries(pairs).map(([key, value]) => ({ key, value: String(value) })),
  };
}

/** Collects initialisers, the nodes they need, and the buffers beside the model. */
class Binder {
  readonly initializer: onnx.ITensorProto[] = [];
  readonly node: onnx.INodeProto[] = [];
  readonly files = new Map<string, Uint8Array>();
  private readonly weights: WeightSource | undefined;
  private readonly external: boolean;
  private readonly large: Value[] = [];

  constructor(weights: WeightSource | undefined, external: boolean) {
    this.weights = weights;
    this.external = external;
  }

  bind(v: Value): void {
    if (v.kind === 'constant') this.constant(v);
    else if (v.kind === 'weight' && this.weights) this.stored(v, this.weights);
    else if (v.kind === 'weight') this.absent(v);
  }

  /** A stored weight; half precision is cast to float32 once (the runtime folds it when the session is made). */
  private stored(v: Value, weights: WeightSource): void {
    const entry = entryOf(v, weights);
    const buffer = weights.buffers.get(entry.file) as Uint8Array;
    const name = entry.dtype === 'F32' ? v.name : `${v.name}:${entry.dtype}`;
    const code = DTYPE_CODE[STORED_DTYPE[entry.dtype]];
    if (this.external) {
      this.files.set(entry.file, buffer);
      this.initializer.push(externalTensor(name, v.shape, code, entry));
    } else {
      const rawData = buffer.subarray(entry.offset, entry.offset + entry.length);
      this.initializer.push({ name, dims: [...v.shape], dataType: code, rawData });
    }
    if (name !== v.name) {
      const attribute = [attributeProto('to', { i: DTYPE_CODE.float32 })];
      this.node.push({ opType: 'Cast', input: [name], output: [v.name], attribute });
    }
  }

  /** A weight without data: zeros, or ones for the weight of a LayerNorm. */
  private absent(v: Value): void {
    const fill = /(^|\.)(\w*norm\w*)\.weight$/.test(v.name) ? 1 : 0;
    const shape = `${v.name}:shape`;
    this.initializer.push({
      name: shape,
      dims: [v.shape.length],
      dataType: DTYPE_CODE.int64,
      int64Data: [...v.shape],
    });
    const t: onnx.ITensorProto = { dims: [1], dataType: DTYPE_CODE.float32, floatData: [fill] };
    const attribute: onnx.IAttributeProto[] = [{ name: 'value', type: 4, t }];
    this.node.push({ opType: 'ConstantOfShape', input: [shape], output: [v.name], attribute });
  }

  private constant(v: Value): void {
    const data = v.data ?? [];
    const base = { name: v.name, dims: [...v.shape], dataType: DTYPE_CODE[v.dtype] };
    if (!(data instanceof Float32Array)) {
      this.initializer.push({ ...base, int64Data: [...data] });
    } else if (this.external && data.byteLength > MAX_INLINE) {
      this.large.push(v);
    } else {
      this.initializer.push({
        ...base,
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      });
    }
  }

  /** Lays the large constants out in one buffer. */
  finish(): void {
    const total = this.large.reduce((n, v) => n + 4 * sizeOf(v.shape), 0);
    if (total === 0) return;
    const bytes = new Uint8Array(total);
    let offset = 0;
    for (const v of this.large) {
      const data = v.data as Float32Array;
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
      const at = { file: CONSTANTS_FILE, offset, length: data.byteLength };
      this.initializer.push(externalTensor(v.name, v.shape, DTYPE_CODE.float32, at));
      offset += data.byteLength;
    }
    this.files.set(CONSTANTS_FILE, bytes);
  }
}

function nodeOf(graph: Graph, slot: string): Node {
  return graph.nodes[Number(slot.split(':')[1])]!;
}

/**
 * The ONNX file of a graph, with only what `outputs` need. Docs stay out of it.
 * Throws GraphError for an unknown output, a weight that is missing or has another shape, and for a
 * self-contained file (`external: false`) that would exceed protobuf's 2 GB.
 */
export function encode(graph: Graph, options: EncodeOptions): EncodedModel {
  const { outputs, weights, external = true, open } = options;
  const { nodes, leaves } = prune(graph, outputs);
  const binder = new Binder(weights, external);
  const inputs = leaves.filter((v) => v.kind === 'input' || open?.names.has(v.name));
  const inFile = new Set(nodes);
  const numbers = new Map(graph.nodes.map((node, n) => [node, n]));
  const slots = [...(open?.slots ?? [])].filter((slot) => inFile.has(nodeOf(graph, slot)));
  const nameIn = (node: Node, i: number) => {
    const slot = slotOf(numbers.get(node)!, i);
    return open?.slots.has(slot) ? slot : node.inputs[i]!.name;
  };
  const used = nodes.flatMap((node) => node.inputs.map((_, i) => nameIn(node, i)));
  const bound = new Set([...outputs, ...used]);
  if (!external && weights) {
    const bytes = leaves.reduce((n, v) => n + (v.kind === 'weight' ? entryOf(v, weights).length : 0), 0);
    if (bytes > MAX_MESSAGE) {
      throw new GraphError(
        `${graph.name}: ${(bytes / 2 ** 30).toFixed(2)} GB of weights do not fit one ONNX file, which ends at 2 GB; store them in half precision or keep them beside the model.`,
      );
    }
  }
  for (const v of leaves) if (!open || (bound.has(v.name) && !open.names.has(v.name))) binder.bind(v);
  binder.finish();
  const model: onnx.IModelProto = {
    irVersion: IR_VERSION,
    producerName: 'patchwork',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graph.name,
      node: [
        ...binder.node,
        ...nodes.map((n) => ({
          opType: n.op,
          input: n.inputs.map((_, i) => nameIn(n, i)),
          output: n.outputs.map((v) => v.name),
          attribute: Object.entries(n.attributes).map(([name, a]) => attributeProto(name, a)),
        })),
      ],
      initializer: binder.initializer,
      input: [
        ...inputs.map((v) => valueInfo(v, open?.names.has(v.name))),
        ...slots.map((slot) => ({ ...valueInfo(inSlot(graph, slot), true), name: slot })),
      ],
      output: [...new Set(outputs)].map((name) => valueInfo(graph.value(name), open !== undefined)),
    },
  };
  return {
    model: onnxProto.onnx.ModelProto.encode(model).finish(),
    externalData: [...binder.files].map(([path, data]) => ({ path, data })),
    inputs: [...inputs.map((v) => v.name), ...slots],
  };
}
