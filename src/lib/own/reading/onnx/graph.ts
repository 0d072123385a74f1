import onnxProto, { type onnx } from 'onnx-proto';
import { WeightsError } from '#lib/weights/source.ts';

/** A size that is written down, a name for one that comes with each run, or undefined where nothing is said. */
export type Side = number | string | undefined;

/** One value of an ONNX graph: an input, a stored tensor, or what a node gives. */
export interface OnnxValue {
  readonly name: string;
  /** As ONNX calls it in lower case, `float`, `int64`; empty where the file does not say. */
  readonly type: string;
  /** Undefined: the file does not say, a run tells. */
  readonly shape: readonly Side[] | undefined;
  readonly kind: 'input' | 'stored' | 'node';
  /** Index of the node that gives it; −1 for the others. */
  readonly node: number;
}

export interface OnnxNode {
  readonly name: string;
  /** With its domain where that is not ONNX's own: `com.microsoft.Attention`. */
  readonly op: string;
  readonly inputs: readonly string[];
  /** The same at their places: empty where an optional one is left out. */
  readonly slots: readonly string[];
  readonly outputs: readonly string[];
  /** Its attributes by name: whole numbers, lists of them, and other numbers. */
  readonly whole: Readonly<Record<string, number>>;
  readonly lists: Readonly<Record<string, readonly number[]>>;
  readonly parts: Readonly<Record<string, number>>;
}

/** What is read of an ONNX file without its weights. */
export interface OnnxGraph {
  readonly file: string;
  readonly bytes: number;
  readonly producer: string;
  /** Versions of the sets of operators, by domain; ONNX's own is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly OnnxNode[];
  readonly values: readonly OnnxValue[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Files beside it that hold weights. */
  readonly external: readonly string[];
  /** Numbers in all stored tensors. */
  readonly parameters: number;
}

/** Names of the element types by their number (onnx.proto, TensorProto.DataType). */
const TYPES = [
  ...[
    '',
    'float',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'string',
    'bool',
    'float16',
    'double',
  ],
  ...[
    'uint32',
    'uint64',
    'complex64',
    'complex128',
    'bfloat16',
    'float8e4m3fn',
    'float8e4m3fnuz',
    'float8e5m2',
  ],
  ...['float8e5m2fnuz', 'uint4', 'int4', 'float4e2m1'],
];
/** More than a page can list. */
const MOST_NODES = 100_000;

const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : value === null || value === undefined ? 0 : Number(String(value));

/**
 * Reads the graph of an ONNX file.
 * @param bytes a ModelProto
 * @throws WeightsError for bytes that are none, for a graph that contradicts itself, and for one too large to list
 */
export function readOnnx(bytes: Uint8Array, file: string): OnnxGraph {
  const fail = (en: string, zh: string, tensor?: string): never => {
    throw new WeightsError({ en, zh }, { file, ...(tensor !== undefined && { tensor }) });
  };
  const model = decoded(bytes, file);
  const { graph } = model;
  if (!graph?.node?.length)
    return fail(
      'it is an ONNX model without a graph: nothing is computed in it',
      '这是 ONNX 模型，但没有计算图',
    );
  if (graph.node.length > MOST_NODES)
    fail(
      `its graph has ${graph.node.length} nodes; a page can list ${MOST_NODES}`,
      `计算图有 ${graph.node.length} 个节点，网页最多列出 ${MOST_NODES} 个`,
    );
  const values = new Map<string, OnnxValue>();
  const add = (value: OnnxValue) => {
    if (values.has(value.name) && values.get(value.name)?.kind !== 'input')
      fail('two nodes of its graph give a value of this name', '计算图里有两个节点给出同名的值', value.name);
    values.set(value.name, value);
  };
  const said = new Map<string, Pick<OnnxValue, 'type' | 'shape'>>();
  for (const info of [...(graph.valueInfo ?? []), ...(graph.output ?? [])])
    if (info.name) said.set(info.name, typeOf(info, file));
  let parameters = 0;
  const external = new Set<string>();
  const stored = new Set<string>();
  for (const tensor of graph.initializer ?? []) {
    const name = tensor.name ?? '';
    const shape = (tensor.dims ?? []).map(numberOf);
    if (shape.some((n) => !Number.isSafeInteger(n) || n < 0))
      fail(
        `its shape is [${shape.join(', ')}], which no tensor has`,
        `它的形状 [${shape.join(', ')}] 不可能存在`,
        name,
      );
    parameters += shape.reduce((a, b) => a * b, 1);
    const beside = tensor.externalData?.find(({ key }) => key === 'location')?.value;
    if (tensor.dataLocation === 1 && beside) external.add(beside);
    stored.add(name);
    add({ name, type: TYPES[tensor.dataType ?? 0] ?? '', shape, kind: 'stored', node: -1 });
  }
  const inputs: string[] = [];
  for (const info of graph.input ?? []) {
    const name = info.name ?? '';
    // Files of old versions list stored tensors among the inputs.
    if (stored.has(name)) continue;
    inputs.push(name);
    add({ name, ...typeOf(info, file), kind: 'input', node: -1 });
  }
  const nodes = graph.node.map((node, index): OnnxNode => {
    const outputs = (node.output ?? []).filter(Boolean);
    for (const name of outputs) {
      const { type, shape } = said.get(name) ?? { type: '', shape: undefined };
      add({ name, type, shape, kind: 'node', node: index });
    }
    const domain = node.domain && node.domain !== 'ai.onnx' ? `${node.domain}.` : '';
    const attributes = <T>(kind: number, read: (of: onnx.IAttributeProto) => T): Record<string, T> =>
      Object.fromEntries(
        (node.attribute ?? []).flatMap((of) =>
          of.type === kind && of.name ? [[of.name, read(of)] as const] : [],
        ),
      );
    return {
      name: node.name ?? '',
      op: `${domain}${node.opType ?? ''}`,
      inputs: (node.input ?? []).filter(Boolean),
      slots: node.input ?? [],
      outputs,
      parts: attributes(1, ({ f }) => numberOf(f)),
      whole: attributes(2, ({ i }) => numberOf(i)),
      lists: attributes(7, ({ ints }) => (ints ?? []).map(numberOf)),
    };
  });
  for (const { inputs: used, op } of nodes) {
    const lost = used.find((name) => !values.has(name));
    if (lost !== undefined)
      fail(`a node (${op}) reads it, and nothing gives it`, `有节点（${op}）读取它，却没有节点给出它`, lost);
  }
  const outputs = (graph.output ?? []).map(({ name }) => name ?? '');
  if (outputs.length === 0) fail('its graph has no output', '计算图没有输出');
  const opsets = (model.opsetImport ?? []).map(
    ({ domain, version }) => [domain || 'ai.onnx', numberOf(version)] as const,
  );
  return {
    file,
    bytes: bytes.length,
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    opsets: Object.fromEntries(opsets),
    nodes,
    values: [...values.values()],
    inputs,
    outputs,
    external: [...external],
    parameters,
  };
}

function decoded(bytes: Uint8Array, file: string): onnx.ModelProto {
  try {
    return onnxProto.onnx.ModelProto.decode(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WeightsError(
      {
        en: `it is no whole ONNX model (${why}): the download was broken off, or the file was changed`,
        zh: `这不是完整的 ONNX 模型（${why}）：下载中断了，或文件被改动过`,
      },
      { file },
      cause,
    );
  }
}

function typeOf({ name, type }: onnx.IValueInfoProto, file: string): Pick<OnnxValue, 'type' | 'shape'> {
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim?.map(({ dimValue, dimParam }): Side => {
    if (dimParam) return dimParam;
    const n = numberOf(dimValue);
    if (!Number.isSafeInteger(n))
      throw new WeightsError(
        { en: `a side of its shape is ${n}`, zh: `它的形状中有一边是 ${n}` },
        { file, tensor: name ?? '' },
      );
    // A side of 0 or below is how some exporters write one that comes with each run.
    return n > 0 ? n : undefined;
  });
  return { type: TYPES[tensor?.elemType ?? 0] ?? '', shape };
}

/**
 * The model with further outputs: a message that follows another adds to its lists, so the file itself stays as it is.
 * @param beside a message with nodes that are computed beside it (`unfuse`)
 */
export function withOutputs(
  bytes: Uint8Array,
  names: readonly string[],
  beside: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const more = onnxProto.onnx.ModelProto.encode({
    graph: { output: names.map((name) => ({ name })) },
  }).finish();
  const out = new Uint8Array(bytes.length + beside.length + more.length);
  out.set(bytes);
  out.set(beside, bytes.length);
  out.set(more, bytes.length + beside.length);
  return out;
}
