import { statsOf, type Stats } from '#lib/analysis/stats.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { Doc } from '#lib/graph/types.ts';
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
  /** Asks for the values until the returned function is called. */
  want(): () => void;
}

/** A tensor of a running network by its name in the graph. */
export function tensorOf(live: LiveModel, name: string): NamedTensor {
  const known = () => {
    const value = live.graph?.values.get(name);
    const skip = value && value.shape.length > 1 && value.shape[0] === 1 && value.dims[0] === 'B' ? 1 : 0;
    return value && { ...value, shape: value.shape.slice(skip), dims: value.dims.slice(skip) };
  };
  return {
    name,
    get shape() {
      return known()?.shape;
    },
    get dims() {
      return known()?.dims ?? [];
    },
    get doc() {
      return known()?.doc;
    },
    provenance: { kind: 'network', model: live.name, tensor: name },
    get value() {
      return live.tensors.get(name);
    },
    get pending() {
      return live.pending;
    },
    want: () => live.tensors.want(name),
  };
}

/** A value of a program's run, as the page keeps it. */
export function valueOf(
  program: { readonly id: string },
  name: string,
  read: () => Tensor | undefined,
  pending: () => boolean = () => false,
): NamedTensor {
  return {
    name,
    get shape() {
      return read()?.shape;
    },
    get dims() {
      return read()?.dims ?? [];
    },
    provenance: { kind: 'program', program: program.id, value: name },
    get value() {
      return read();
    },
    get pending() {
      return pending();
    },
    want: () => () => {},
  };
}

/**
 * A tensor computed on the page from others. It wants what it is made from, and has values once all of them do.
 * @param by the computation, as its docstring or the paper calls it
 */
export function derivedTensor(
  name: string,
  from: readonly NamedTensor[],
  by: string,
  make: (...values: readonly Tensor[]) => Omit<Tensor, 'name'>,
  doc?: Doc,
): NamedTensor {
  const value = $derived.by((): Tensor | undefined => {
    const values = from.flatMap((tensor) => tensor.value ?? []);
    return values.length < from.length ? undefined : { ...make(...values), name };
  });
  return {
    name,
    get shape() {
      return value?.shape;
    },
    get dims() {
      return value?.dims ?? [];
    },
    doc,
    provenance: { kind: 'derived', from, by },
    get value() {
      return value;
    },
    get pending() {
      return from.some((tensor) => tensor.pending);
    },
    want() {
      const stops = from.map((tensor) => tensor.want());
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Where a tensor's numbers come from, as `data-from` says it: `tensor:probs`, `input`; derived ones name their sources. */
export function dataFrom({ provenance }: NamedTensor): string {
  const names = sourcesOf(provenance).filter((name, i, all) => all.indexOf(name) === i);
  return names.length > 0 ? `tensor:${names.join('+')}` : 'input';
}

/** Names of the tensors that a provenance ends at, in order, some perhaps more than once. */
function sourcesOf(of: Provenance): readonly string[] {
  if (of.kind === 'network') return [of.tensor];
  if (of.kind === 'program') return [of.value];
  return of.kind === 'derived' ? of.from.flatMap(({ provenance }) => sourcesOf(provenance)) : [];
}

/** Least, most, mean and spread of the newest values; undefined until there are some. */
export function statistics({ value }: NamedTensor): Stats | undefined {
  return value && statsOf(value.data);
}
