import { uniform } from '#lib/graph/seeded.ts';

/** The part of the windows left out in each stage, as indices of the stored steps. */
export type Shares = readonly number[];

/** Place of shares in a list over all of them in which the last stage’s changes fastest. */
export const placeOfShares = (shares: Shares, steps: number): number =>
  shares.reduce((at, share) => at * steps + share, 0);

/** All shares of `stages` stages, in the order of `placeOfShares`. */
export function allShares(steps: number, stages: number): readonly Shares[] {
  const each = Array.from({ length: steps }, (_, i) => i);
  return Array.from({ length: stages }).reduce<Shares[]>(
    (before) => before.flatMap((shares) => each.map((share) => [...shares, share])),
    [[]],
  );
}

/** What a choice costs, in any unit, and what it is worth: the share of answers that are right. */
export interface Point {
  readonly cost: number;
  readonly score: number;
}

/** A choice that was tried. */
export interface Attempt extends Point {
  readonly shares: Shares;
  /** Drawn from all, or from one of the best by changing it. */
  readonly way: 'sample' | 'mutation';
  /** Over the budget it is rejected before anything is asked of the network. */
  readonly within: boolean;
}

export interface SearchOptions {
  /** How many steps a share has, and stages that have one each. */
  readonly steps: number;
  readonly stages: number;
  readonly measured: (shares: Shares) => Point;
  /** The most that a choice may cost. */
  readonly budget: number;
  readonly seed: number;
}

/** Choices within the budget that are drawn before the first is changed. */
export const SAMPLES = 8;
/** The best ones so far, which are changed in turn. */
export const PARENTS = 4;
/** Draws for one choice that was not tried before; after these, the first that is left is taken. */
const DRAWS = 64;

/** The better of two comes first: by score, of equal ones the cheaper. */
const better = (a: Point, b: Point) => b.score - a.score || a.cost - b.cost;

/**
 * A search for the best choice under a budget, as SparseViT makes it (Chen et al. 2023, resource-constrained search): choices drawn at
 * random, those over the budget rejected; then the best are changed at random, under the same rule. No choice is tried
 * twice. The same options give the same attempts, and fewer attempts are the beginning of more.
 * @param tries attempts at most; there are no more than choices
 */
export function searchShares(options: SearchOptions, tries: number): readonly Attempt[] {
  const { steps, stages, measured, budget, seed } = options;
  const next = uniform(seed);
  const draw = (count: number) => Math.floor(next() * count);
  const left = new Map(allShares(steps, stages).map((shares) => [placeOfShares(shares, steps), shares]));
  const attempts: Attempt[] = [];
  const within = () => attempts.filter((attempt) => attempt.within);
  const sample = (): Shares => Array.from({ length: stages }, () => draw(steps));
  const changed = (parent: Shares): Shares => {
    const always = draw(stages);
    return parent.map((share, s) => (s === always || next() < 0.5 ? draw(steps) : share));
  };
  while (attempts.length < tries && left.size > 0) {
    const found = within();
    const way = found.length < SAMPLES ? 'sample' : 'mutation';
    const parents = found.toSorted(better).slice(0, PARENTS);
    let shares: Shares | undefined;
    for (let i = 0; i < DRAWS && !shares; i++) {
      const parent = parents[i % Math.max(1, parents.length)];
      const drawn = way === 'sample' || !parent ? sample() : changed(parent.shares);
      shares = left.get(placeOfShares(drawn, steps));
    }
    shares ??= [...left.values()][0]!;
    left.delete(placeOfShares(shares, steps));
    const point = measured(shares);
    attempts.push({ shares, way, within: point.cost <= budget, cost: point.cost, score: point.score });
  }
  return attempts;
}

/** The best attempt within the budget: the highest score, of equal ones the cheapest. */
export const bestOf = (attempts: readonly Attempt[]): Attempt | undefined =>
  attempts.filter((attempt) => attempt.within).toSorted(better)[0];

/**
 * The Pareto front: points of which no other is as cheap and better, or as good and cheaper. By rising cost; of equal
 * points the first.
 */
export function frontOf<P extends Point>(points: readonly P[]): readonly P[] {
  let best = -Infinity;
  return points
    .toSorted((a, b) => a.cost - b.cost || b.score - a.score)
    .filter(({ score }) => {
      if (score <= best) return false;
      best = score;
      return true;
    });
}
