import { sizeOf } from '#lib/base/tensor.ts';
import { describe } from '#lib/graph/index.ts';
import { ATTENTION_DEFAULTS } from '#lib/models/bare-attention/config.ts';
import { FAMILY } from '#lib/models/bare-attention/family.ts';
import { buildGraph, know } from '#lib/models/registry.ts';
import type { Run } from './attention-runs.svelte.ts';
import { windowFor } from './kinds.ts';

know(FAMILY);

/** What one attention costs and holds, from its graph. */
export interface KindCost {
  /** Multiply-adds. */
  readonly macs: number;
  /** Numbers of the largest tensor that it makes. */
  readonly largest: number;
}

/** A chart asks for twenty of them whenever it is drawn. */
const known = new Map<string, KindCost>();

/**
 * One attention of three heads of 64 on a grid, in windows of about `window` tokens a side. It counts what is multiplied
 * after queries, keys and values are there; making those costs the same in every kind.
 */
export function kindCost(kind: Run, grid: number, window: number): KindCost {
  const config = { ...ATTENTION_DEFAULTS, kind, grid, window: windowFor(grid, window) };
  const key = JSON.stringify(config);
  let cost = known.get(key);
  if (!cost) {
    const { macs, tensors } = describe(buildGraph({ architecture: 'bare-attention', config }));
    cost = { macs, largest: Math.max(...tensors.map(({ shape }) => sizeOf(shape))) };
    known.set(key, cost);
  }
  return cost;
}
