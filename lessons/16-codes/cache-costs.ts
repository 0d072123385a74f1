import { describe } from '#lib/graph/describe.ts';
import { FAMILY } from '#lib/models/autoregressive/family.ts';
import { graphOf } from '#lib/models/registry.ts';
import { CHOOSER_CONFIGS, GRAPHS, PLACES } from './model.ts';
import { TOKENS } from './token-rows.ts';

/** What a picture costs one network that is asked once for each code. */
export interface WritingCost {
  /** Tokens that go through it in the passes after the first, and in all passes together. */
  readonly each: number;
  readonly tokens: number;
  /** Multiply-adds, likewise. */
  readonly macsEach: number;
  readonly macs: number;
}

const whole = describe(GRAPHS.raster).macs;
const step = describe(
  graphOf({ architecture: FAMILY.id, config: { ...CHOOSER_CONFIGS.raster, cached: 1 } }),
).macs;

/** All tokens anew for every code; and with a cache: all once, then one token a code. */
export const COSTS: Readonly<Record<'anew' | 'cached', WritingCost>> = {
  anew: { each: TOKENS, tokens: PLACES * TOKENS, macsEach: whole, macs: PLACES * whole },
  cached: { each: 1, tokens: TOKENS + PLACES - 1, macsEach: step, macs: whole + (PLACES - 1) * step },
};

/** Numbers that the cache holds for one picture: keys and values of every token in every block. */
export const CACHED_NUMBERS = 2 * CHOOSER_CONFIGS.raster.depth * TOKENS * CHOOSER_CONFIGS.raster.dim;
