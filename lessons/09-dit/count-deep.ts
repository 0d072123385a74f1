import { describe, type Graph } from '#lib/graph/index.ts';

/** Totals of a network. */
export interface Count {
  readonly parameters: number;
  readonly macs: number;
  /** Of all named tensors of one pass, float32. */
  readonly bytes: number;
}

/**
 * Totals of a network of `depth` blocks, from the graphs of two shallow ones: all its blocks are alike, so every total
 * grows by the same amount with each of them. Fast enough to follow a slider.
 * @param make the graph of that many blocks
 * @param step blocks come in so many: 2 where half of them go in and half come out
 */
export function countDeep(make: (depth: number) => Graph, depth: number, step = 1): Count {
  if (depth <= 2 * step) return describe(make(depth));
  const one = describe(make(step));
  const two = describe(make(2 * step));
  const more = depth / step - 1;
  const at = (key: keyof Count) => one[key] + more * (two[key] - one[key]);
  return { parameters: at('parameters'), macs: at('macs'), bytes: at('bytes') };
}
