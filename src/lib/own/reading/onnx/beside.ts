import onnxProto, { type onnx } from 'onnx-proto';
import type { OnnxGraph, OnnxNode, OnnxValue } from './graph.ts';

/** Element types and kinds of attributes by their numbers (onnx.proto). */
const FLOAT = 1;
const INT64 = 7;
const OF_INT = 2;
const OF_INTS = 7;

/** Nodes that are computed beside a graph from its values; the graph itself stays as it is. */
export class Beside {
  readonly #graph: OnnxGraph;
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #constants = new Map<string, onnx.ITensorProto>();
  readonly #shown: OnnxNode[] = [];
  #count = 0;

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
  }

  /** What a node gives. @param attributes whole numbers, and lists of them */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}, name = this.#free()): string {
    const attribute = Object.entries(attributes).map(([key, value]) =>
      typeof value === 'number'
        ? { name: key, type: OF_INT, i: value }
        : { name: key, type: OF_INTS, ints: [...value] },
    );
    this.#nodes.push({ opType: op, name, input: [...inputs], output: [name], attribute });
    return name;
  }

  /** A value that is listed with those of the graph, as what it is made of. */
  show(op: string, from: readonly string[], name: string): void {
    const inputs = from.filter(Boolean);
    this.#shown.push({ name, op, inputs, slots: inputs, outputs: [name], whole: {}, lists: {}, parts: {} });
  }

  /** A list of whole numbers; one number is a scalar. */
  ints(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const bytes = new Uint8Array(BigInt64Array.from(list, BigInt).buffer);
    return this.#constant(INT64, bytes, typeof values === 'number' ? [] : [list.length]);
  }

  float(value: number): string {
    return this.#constant(FLOAT, new Uint8Array(Float32Array.of(value).buffer), []);
  }

  asFloat(name: string): string {
    return this.node('Cast', [name], { to: FLOAT });
  }

  /** A message that follows the file's own; undefined where there is nothing to add. */
  message(): Uint8Array | undefined {
    if (this.#nodes.length === 0) return undefined;
    const graph = { node: this.#nodes, initializer: [...this.#constants.values()] };
    return onnxProto.onnx.ModelProto.encode({ graph }).finish();
  }

  /** The graph with the values that are shown. */
  extended(): OnnxGraph {
    const { nodes, values } = this.#graph;
    const more = this.#shown.map(({ name }, i): OnnxValue => ({
      name,
      type: 'float',
      shape: undefined,
      kind: 'node',
      node: nodes.length + i,
    }));
    return { ...this.#graph, nodes: [...nodes, ...this.#shown], values: [...values, ...more] };
  }

  #constant(dataType: number, rawData: Uint8Array, dims: readonly number[]): string {
    const key = `${dataType} ${dims.join()} ${rawData.join()}`;
    const found = this.#constants.get(key)?.name;
    if (found) return found;
    const name = this.#free();
    this.#constants.set(key, { name, dataType, dims: [...dims], rawData });
    return name;
  }

  #free(): string {
    return `/patchwork.beside/${this.#count++}`;
  }
}

type Attributes = Readonly<Record<string, number | readonly number[]>>;
