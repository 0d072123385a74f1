import { autoregressiveSizes } from '#lib/models/autoregressive/config.ts';
import { CHOOSER_CONFIGS } from './model.ts';

/** Tokens of the raster network: text, style, and all codes but the last. */
export const TOKENS = autoregressiveSizes(CHOOSER_CONFIGS.raster).tokens;

/** What one token takes from each, `[T]`: the mean over the heads of its row of attention probabilities `[h, T, T]`. */
export function attentionRow(probs: ArrayLike<number>, heads: number, row: number): Float64Array {
  const tokens = Math.round(Math.sqrt(probs.length / heads));
  const out = new Float64Array(tokens);
  for (let h = 0; h < heads; h++)
    for (let j = 0; j < tokens; j++) out[j]! += (probs[(h * tokens + row) * tokens + j] ?? NaN) / heads;
  return out;
}
