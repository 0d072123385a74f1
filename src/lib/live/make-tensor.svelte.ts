import type { Text } from '#lib/base/lang.ts';
import { ofBatch, type Dims, type Tensor } from '#lib/base/tensor.ts';
import { shownShape, wholeOf, type Doc, type Graph } from '#lib/graph/index.ts';
import type { LiveModel } from './live-model.svelte.ts';
import type { NamedTensor, Provenance } from './named-tensor.ts';

/** What is known of a tensor before its values come. */
export interface Known extends Dims {
  readonly doc?: Doc | undefined;
  readonly graph?: Graph | undefined;
}
/** Values with their sizes; an array alone has the sizes that are known of its tensor. */
export type Values = Omit<Tensor, 'name'> | Float32Array;

/** What a graph knows of its tensor, or of a part of one: sizes without a batch of one, the doc, and itself. */
export function knownOf(graph: Graph | undefined, name: string): Known | undefined {
  const value = graph?.values.get(wholeOf(name));
  return value && { ...shownShape(value, name), doc: value.doc, graph };
}

/** What a network's tensors are read of: a running model, or one of which there are shapes alone. */
export type Network = Pick<LiveModel, 'name' | 'graph' | 'tensors' | 'pending'>;

export interface NetworkOptions {
  /** The graph that says the shape; the running model's own by default, which is there once its configuration is. */
  readonly graph?: () => Graph | undefined;
  /** Which picture of a batch; without it a batch of several is the tensor's first dimension. */
  readonly which?: number;
  /** Words for the reader while the network is not asked; there are no values then. */
  readonly absence?: () => Text | undefined;
}

/** A tensor of a running network by its name in the graph. */
export function tensorOf(
  live: Network,
  name: string,
  { graph = () => live.graph, which, absence = () => undefined }: NetworkOptions = {},
): NamedTensor {
  return {
    name,
    get shape() {
      return knownOf(graph(), name)?.shape;
    },
    get dims() {
      return knownOf(graph(), name)?.dims ?? [];
    },
    get doc() {
      return knownOf(graph(), name)?.doc;
    },
    get graph() {
      return graph();
    },
    provenance: { kind: 'network', model: live.name, tensor: name },
    get value() {
      const value = absence() === undefined ? live.tensors.get(name) : undefined;
      return value && which !== undefined ? ofBatch(value, which) : value;
    },
    get pending() {
      return absence() === undefined && live.pending;
    },
    get absence() {
      return absence();
    },
    want: () => live.tensors.want(name),
  };
}

/** A value of a program's run, as the page keeps it. Make it while the component is made. */
export function valueOf(
  program: { readonly id: string },
  name: string,
  read: () => Values | undefined,
  { known, pending = () => false }: { known?: () => Known | undefined; pending?: () => boolean } = {},
): NamedTensor {
  return made(name, { kind: 'program', program: program.id, value: name }, read, known, pending);
}

/** What the reader gave, as a tensor. Make it while the component is made. */
export function inputTensor(
  name: string,
  read: () => Values | undefined,
  known?: () => Known | undefined,
): NamedTensor {
  return made(name, { kind: 'input' }, read, known, () => false);
}

/**
 * A tensor computed on the page from others. It wants what it is made from, and has values once all of them do. Make
 * it while the component is made, once: it keeps what it has computed.
 * @param by the computation, as its docstring or the paper calls it
 * @param make undefined: there are none of these values
 */
export function derivedTensor(
  name: string,
  from: readonly NamedTensor[],
  by: string,
  make: (...values: readonly Tensor[]) => Values | undefined,
  known?: () => Known | undefined,
): NamedTensor {
  const read = () => {
    const values = from.flatMap((tensor) => tensor.value ?? []);
    return values.length < from.length ? undefined : make(...values);
  };
  const pending = () => from.some((tensor) => tensor.pending);
  const want = () => {
    const stops = from.map((tensor) => tensor.want());
    return () => {
      for (const stop of stops) stop();
    };
  };
  return made(name, { kind: 'derived', from, by }, read, known, pending, want);
}

function made(
  name: string,
  provenance: Provenance,
  read: () => Values | undefined,
  known: () => Known | undefined = () => undefined,
  pending: () => boolean,
  want: () => () => void = () => () => {},
): NamedTensor {
  const value = $derived.by((): Tensor | undefined => {
    const values = read();
    if (!(values instanceof Float32Array)) return values && { ...values, name };
    const { shape, dims } = known() ?? { shape: [values.length], dims: [''] };
    return { name, shape, dims, data: values };
  });
  return {
    name,
    get shape() {
      return known()?.shape ?? value?.shape;
    },
    get dims() {
      return known()?.dims ?? value?.dims ?? [];
    },
    get doc() {
      return known()?.doc;
    },
    get graph() {
      return known()?.graph;
    },
    provenance,
    get value() {
      return value;
    },
    get pending() {
      return pending();
    },
    want,
  };
}
