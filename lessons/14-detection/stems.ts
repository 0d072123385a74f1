import { describe, type Graph } from '#lib/graph/index.ts';
import { CONFIG, GRAPHS, SIZES } from './model.ts';
import type { StemName } from './state.ts';

/** What makes the tokens of a network, counted in its graph. */
export interface StemCounts {
  readonly tokens: number;
  /** Weights and multiply-adds up to the projection to the transformer’s width, and of the whole network. */
  readonly stem: { readonly parameters: number; readonly macs: number };
  readonly all: { readonly parameters: number; readonly macs: number };
  /** Side in pixels of what one token is computed from. */
  readonly seen: number;
}

/** Counts everything before the tokens. @param graph of a detector with one of the small stems */
export function stemCounts(stem: StemName, graph: Graph = GRAPHS[stem]): StemCounts {
  const { parameters, macs, tensors } = describe(graph);
  const own = tensors.filter(({ name }) => name.startsWith('backbone.') || name === 'input_proj');
  const sum = (pick: (row: (typeof own)[number]) => number) => own.reduce((all, row) => all + pick(row), 0);
  return {
    tokens: SIZES.tokens,
    stem: { parameters: sum((row) => row.parameters), macs: sum((row) => row.macs) },
    all: { parameters, macs },
    seen: stem === 'patches' ? CONFIG.stride : seenByConvolutions(Math.log2(CONFIG.stride)),
  };
}

/** Side of what a place sees after so many convolutions of 3 × 3 that halve the sides. */
export function seenByConvolutions(count: number): number {
  let [side, step] = [1, 1];
  for (let i = 0; i < count; i++) {
    side += 2 * step;
    step *= 2;
  }
  return side;
}
