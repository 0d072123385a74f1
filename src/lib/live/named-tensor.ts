import { statsOf, type Stats } from '#lib/analysis/stats.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { Doc, Graph } from '#lib/graph/index.ts';

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
  /** A graph that has the tensor under this name, at the sizes it has here. */
  readonly graph?: Graph | undefined;
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

/** Where a tensor's numbers come from, as `data-from` says it: `tensor:probs`, `input`; derived ones name their sources. */
export function dataFrom({ provenance }: Pick<NamedTensor, 'provenance'>): string {
  const names = sourcesOf(provenance).filter((name, i, all) => all.indexOf(name) === i);
  return names.length > 0 ? `tensor:${names.join('+')}` : 'input';
}

/** A tensor's numbers come from what the reader gave alone: neither a network nor a program had a part in them. */
export function isOfInput({ provenance }: Pick<NamedTensor, 'provenance'>): boolean {
  return sourcesOf(provenance).length === 0;
}

/** Names of the tensors that a provenance ends at, in order, some perhaps more than once. */
function sourcesOf(of: Provenance): readonly string[] {
  if (of.kind === 'network') return [of.tensor];
  if (of.kind === 'program') return [of.value];
  return of.kind === 'derived' ? of.from.flatMap(({ provenance }) => sourcesOf(provenance)) : [];
}

/** A provenance on one line, for files: `vit-flexi/probs`, `sampling/x`, `difference(a/probs, a/probs)`, `input`. */
export function provenanceLine({ provenance: of }: Pick<NamedTensor, 'provenance'>): string {
  if (of.kind === 'network') return `${of.model}/${of.tensor}`;
  if (of.kind === 'program') return `${of.program}/${of.value}`;
  return of.kind === 'derived' ? `${of.by}(${of.from.map(provenanceLine).join(', ')})` : 'input';
}

/** Least, most, mean and spread of the newest values; undefined until there are some. */
export function statistics({ value }: Pick<NamedTensor, 'value'>): Stats | undefined {
  return value && statsOf(value.data);
}
