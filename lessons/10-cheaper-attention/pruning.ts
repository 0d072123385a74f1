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

/** What a ratio leaves out of a number of windows; the ends are worth a sentence of their own. */
export type LeftOut = 'none' | 'too-few' | 'some' | 'all-but-one' | 'all';

/**
 * At the ratio 0 nothing is left out, at 1 everything; a small ratio of few windows is less than one of them.
 * @param kept windows that are kept @param all all of them
 */
export function leftOut(ratio: number, kept: number, all: number): LeftOut {
  if (kept === 0) return 'all';
  if (kept === all) return ratio === 0 ? 'none' : 'too-few';
  return kept === 1 ? 'all-but-one' : 'some';
}
