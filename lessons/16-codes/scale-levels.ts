/** Tokens that are of one level: they see each other, and all of the levels before. */
export interface LevelGroup {
  /** −1: text and style alone; else the scale that is read off these tokens. */
  readonly scale: number;
  /** The first token, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * The sequence of a network that chooses scale by scale, as groups of one level: the text with the style token, which the
 * first scale is read off, then the tokens of each later scale (Tian et al. 2024, figure 4).
 * @param sides of the grids, from 1
 * @param told text tokens before the style token
 */
export function levelGroups(sides: readonly number[], told: number): readonly LevelGroup[] {
  let at = 0;
  return sides.map((side, scale) => {
    const from = at;
    at += scale === 0 ? told + 1 : side * side;
    return { scale, from, to: at };
  });
}

/** Whether a token of level `query` sees one of level `key`: its own level too. */
export const sees = (query: number, key: number): boolean => query >= key;

/** The share of all pairs of tokens that may see each other. */
export function seenShare(groups: readonly LevelGroup[]): number {
  const all = groups.at(-1)?.to ?? 0;
  const seen = groups.reduce((sum, { from, to }) => sum + (to - from) * to, 0);
  return seen / all ** 2;
}

/** Where each scale's codes begin among all of them: places of scale k are `starts[k] … starts[k + 1]`. */
export function scaleStarts(sides: readonly number[]): readonly number[] {
  return sides.reduce<readonly number[]>(
    (starts, side) => [...starts, (starts.at(-1) ?? 0) + side * side],
    [0],
  );
}

/**
 * What the tokens of a scale are fed, one map for each number of an entry: `[E, side, side]` of rows `[N − 1, E]`.
 * @param sums of all scales but the first, one after another
 * @param scale from 1
 */
export function fedMaps(
  sums: Float32Array,
  sides: readonly number[],
  scale: number,
  width: number,
): readonly Float32Array[] {
  const count = (sides[scale] ?? 0) ** 2;
  const first = ((scaleStarts(sides)[scale] ?? 1) - 1) * width;
  return Array.from({ length: width }, (_, e) =>
    Float32Array.from({ length: count }, (_, i) => sums[first + i * width + e] ?? NaN),
  );
}
