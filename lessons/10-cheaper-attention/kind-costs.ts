import { describe } from '#lib/graph/index.ts';
import { ATTENTION_DEFAULTS } from '#lib/models/bare-attention/config.ts';
import { graphOf } from '#lib/models/registry.ts';
import { windowFor } from './kinds.ts';
import type { Run } from './attention-runs.svelte.ts';

/** What one attention costs and holds, from its graph. */
export interface KindCost {
  /** Multiply-adds. */
  readonly macs: number;
  /** Numbers of the largest tensor that it makes. */
  readonly largest: number;
}

/**
 * One attention of three heads of 64 on a grid, in windows of about `window` tokens a side. It counts what is multiplied
 * after queries, keys and values are there; making those costs the same in every kind.
 */
export function kindCost(kind: Run, grid: number, window: number): KindCost {
  const config = { ...ATTENTION_DEFAULTS, kind, grid, window: windowFor(grid, window) };
  const { macs, tensors } = describe(graphOf({ architecture: 'bare-attention', config }));
  const largest = tensors.reduce(
    (most, { shape }) =>
      Math.max(
        most,
        shape.reduce((a, b) => a * b, 1),
      ),
    0,
  );
  return { macs, largest };
}
