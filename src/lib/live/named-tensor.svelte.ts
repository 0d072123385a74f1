import { statsOf, type Stats } from '#lib/analysis/stats.ts';
import type { Text } from '#lib/base/lang.ts';
import { ofBatch, type Dims, type Tensor } from '#lib/base/tensor.ts';
import { shownShape, wholeOf, type Doc, type Graph } from '#lib/graph/index.ts';
import type { LiveModel } from './live-model.svelte.ts';

/** What a tensor was made from, and by what. */
export type Provenance =
  /** Read from a running network: its tensor of that name. */
  | { readonly kind: 'network'; readonly model: string; readonly tensor: string }
  /** A value of a program's run, by its name there. */
  | { readonly kind: 'program'; readonly program: string; readonly value: string }
  /** Computed on the page from other tensors; `by` names the computation, as its docstring or the paper does. */
  | { readonly kind: 'derived'; readonly from: readonly NamedTensor[]; readonly by: string }
  /** What the reader gave: a picture, a slider. */
  | { readonly kind: 'input' };

/**
 * A tensor with a name, whoever makes it: a network, a program, an analysis on the page. Name, shape and provenance are
 * known before the values, which come only while somebody wants them. All getters are reactive.
 */
export interface NamedTensor {
  readonly name: string;
  /** Sizes, a batch of one left out; undefined until they are known. */
  readonly shape: readonly number[] | undefined;
  /** Names of the dimensions, as many as sizes. */
  readonly dims: readonly string[];
  readonly doc?: Doc | undefined;
  readonly provenance: Provenance;
  /** The newest values; undefined until some have come. */
  readonly value: Tensor | undefined;
  /** Newer values are on their way. */
  readonly pending: boolean;
  /** Why there is a shape and there will be no values, in words for the reader. */
  readonly absence?: Text | undefined;
  /** Asks for the values until the returned function is called. */
  want(): () => void;
}

/** What is known of a tensor before its values come. */
export interface Known extends Dims {
  readonly doc?: Doc | undefined;
}
/** Values with their sizes; an array alone has the sizes that are known of its tensor. */
export type Values = Omit<Tensor, 'name'> | Float32Array;

/** What a graph knows of its tensor, or of a part of one: sizes without a batch of one, and the doc. */
export function knownOf(graph: Graph | undefined, name: string): Known | undefined {
  const value = graph?.values.get(wholeOf(name));
  return value && { ...shownShape(value, name), doc: value.doc };
}

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
  live: LiveModel,
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

/** Where a tensor's numbers come from, as `data-from` says it: `tensor:probs`, `input`; derived ones name their sources. */
export function dataFrom({ provenance }: NamedTensor): string {
  const names = sourcesOf(provenance).filter((name, i, all) => all.indexOf(name) === i);
  return names.length > 0 ? `tensor:${names.join('+')}` : 'input';
}

/** A tensor's numbers come from what the reader gave alone: neither a network nor a program had a part in them. */
export function isOfInput({ provenance }: NamedTensor): boolean {
  return sourcesOf(provenance).length === 0;
}

/** Names of the tensors that a provenance ends at, in order, some perhaps more than once. */
function sourcesOf(of: Provenance): readonly string[] {
  if (of.kind === 'network') return [of.tensor];
  if (of.kind === 'program') return [of.value];
  return of.kind === 'derived' ? of.from.flatMap(({ provenance }) => sourcesOf(provenance)) : [];
}

/** A provenance on one line, for files: `vit-flexi/probs`, `sampling/x`, `difference(a/probs, a/probs)`, `input`. */
export function provenanceLine({ provenance: of }: NamedTensor): string {
  if (of.kind === 'network') return `${of.model}/${of.tensor}`;
  if (of.kind === 'program') return `${of.program}/${of.value}`;
  return of.kind === 'derived' ? `${of.by}(${of.from.map(provenanceLine).join(', ')})` : 'input';
}

/** Least, most, mean and spread of the newest values; undefined until there are some. */
export function statistics({ value }: NamedTensor): Stats | undefined {
  return value && statsOf(value.data);
}
