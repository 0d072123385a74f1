import { autoregressiveSizes } from '#lib/models/autoregressive/config.ts';
import { CHOOSER_CONFIGS } from './model.ts';
import type { OrderName } from './names.ts';

/** What a picture costs in one order, without guidance, which asks everything twice. */
export interface OrderCost {
  /** Passes of the network. */
  readonly passes: number;
  /** Tokens that go through it in all passes together. */
  readonly tokens: number;
}

/**
 * Passes and tokens of a picture. Raster keeps keys and values: the first pass takes the whole sequence, each later one a
 * single token. The other two take the whole sequence in every pass.
 * @param rounds of `masked`
 */
export function costOf(order: OrderName, rounds: number): OrderCost {
  const { count, tokens } = autoregressiveSizes(CHOOSER_CONFIGS[order]);
  if (order === 'raster') return { passes: count, tokens: tokens + count - 1 };
  const passes = order === 'masked' ? rounds : CHOOSER_CONFIGS.scales.sides.length;
  return { passes, tokens: passes * tokens };
}

/** Tokens that would do for the order `scales` if keys and values were kept: each goes through once. */
export const SCALES_ONCE = autoregressiveSizes(CHOOSER_CONFIGS.scales).tokens;
