import { placeOf, tokenOf, type WindowCut } from './kinds.ts';

/**
 * Attention within the kept windows alone (Chen et al. 2023): those are gathered, the others pass as they are. What
 * attention adds to a token that is left out is nothing. `[h, N, d]`.
 * @param out `[h, N, d]` within all windows
 */
export function prunedOut(
  out: Float32Array,
  kept: readonly boolean[],
  { heads, cut }: { readonly heads: number; readonly cut: WindowCut },
): Float32Array {
  const tokens = cut.grid ** 2;
  const d = out.length / heads / tokens;
  const result = out.slice();
  for (let i = 0; i < tokens; i++) {
    if (kept[placeOf(i, cut).window]) continue;
    for (let h = 0; h < heads; h++) result.fill(0, (h * tokens + i) * d, (h * tokens + i + 1) * d);
  }
  return result;
}

/** The tokens of the kept windows, window after window, as they are gathered. */
export function gatheredTokens(kept: readonly boolean[], cut: WindowCut): readonly number[] {
  const n = cut.window ** 2;
  return kept.flatMap((keep, w) => (keep ? Array.from({ length: n }, (_, at) => tokenOf(w, at, cut)) : []));
}
