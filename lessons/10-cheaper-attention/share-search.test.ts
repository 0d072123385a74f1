import { describe, expect, it } from 'vitest';
import {
  allShares,
  bestOf,
  frontOf,
  PARENTS,
  placeOfShares,
  SAMPLES,
  searchShares,
  type Point,
  type SearchOptions,
  type Shares,
} from './share-search.ts';

const STEPS = 9;
/** Dearer the less is left out; the first stage's share costs more answers than it saves. */
const measured = (shares: Shares): Point => {
  const [a = 0, b = 0] = shares;
  return { cost: 100 - 6 * a - 4 * b, score: 1 - 0.01 * a ** 1.5 - 0.004 * b ** 1.5 };
};
const options = (budget: number, seed = 1): SearchOptions => ({
  steps: STEPS,
  stages: 2,
  measured,
  budget,
  seed,
});
const ALL = allShares(STEPS, 2).map((shares) => ({ shares, ...measured(shares) }));
const key = ({ shares }: { shares: Shares }) => placeOfShares(shares, STEPS);

describe('all choices', () => {
  it('lie in the order of the stored answers: the last stage changes fastest', () => {
    expect(allShares(3, 2).map((shares) => shares.join(''))).toEqual([
      '00',
      '01',
      '02',
      '10',
      '11',
      '12',
      '20',
      '21',
      '22',
    ]);
    expect(ALL.map(key)).toEqual(Array.from({ length: 81 }, (_, i) => i));
  });
});

describe('a search under a budget', () => {
  it('is repeated by its seed, and a shorter one is its beginning', () => {
    const long = searchShares(options(70), 40);
    expect(searchShares(options(70), 40)).toEqual(long);
    expect(searchShares(options(70), 13)).toEqual(long.slice(0, 13));
    expect(searchShares(options(70, 2), 40).map(key)).not.toEqual(long.map(key));
  });

  it('takes nothing over the budget, tries nothing twice, and ends with the last choice', () => {
    for (const seed of [1, 2, 3]) {
      const attempts = searchShares(options(60, seed), 1000);
      expect(attempts.map(key).toSorted((a, b) => a - b)).toEqual(ALL.map(key));
      for (const { within, cost } of attempts) expect(within).toBe(cost <= 60);
      expect(bestOf(attempts)!.cost).toBeLessThanOrEqual(60);
    }
  });

  it('draws at random until enough are within the budget, and changes the best then', () => {
    const attempts = searchShares(options(60), 60);
    const first = attempts.findIndex(({ way }) => way === 'mutation');
    expect(attempts.slice(0, first).filter(({ within }) => within)).toHaveLength(SAMPLES);
    expect(attempts.slice(first).every(({ way }) => way === 'mutation')).toBe(true);
    expect(attempts.slice(0, first).some(({ within }) => !within)).toBe(true);
    // One share at least is its parent's, or both were drawn anew: most children keep one.
    const children = attempts.slice(first, first + 12);
    const before = (i: number) => attempts.slice(0, first + i).filter(({ within }) => within);
    const kin = children.filter((child, i) =>
      before(i)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, PARENTS)
        .some(({ shares }) => shares.some((share, s) => share === child.shares[s])),
    );
    expect(kin.length).toBeGreaterThan(children.length / 2);
  });

  it('finds the true front within the budget with enough tries', () => {
    const attempts = searchShares(options(70, 5), 81).filter(({ within }) => within);
    const truth = frontOf(ALL.filter(({ cost }) => cost <= 70));
    expect(frontOf(attempts).map(key)).toEqual(truth.map(key));
    expect(truth.length).toBeGreaterThan(5);
  });

  it('finds better choices in 24 tries than as many draws at random', () => {
    const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
    const mean = (of: (seed: number) => number) =>
      seeds.reduce((sum, seed) => sum + of(seed), 0) / seeds.length;
    const searched = mean((seed) => bestOf(searchShares(options(70, seed), 24))?.score ?? 0);
    // No budget ever lets so many through that one is changed: draws alone, the same budget applied after them.
    const alone = mean((seed) => {
      const drawn = searchShares({ ...options(-1, seed) }, 24).filter(({ cost }) => cost <= 70);
      return Math.max(0, ...drawn.map(({ score }) => score));
    });
    const truth = Math.max(...ALL.filter(({ cost }) => cost <= 70).map(({ score }) => score));
    expect(searched).toBeGreaterThan(alone);
    expect(searched).toBeLessThanOrEqual(truth);
  });

  it('with a budget below the cheapest choice finds nothing', () => {
    const attempts = searchShares(options(10), 1000);
    expect(attempts).toHaveLength(81);
    expect(bestOf(attempts)).toBeUndefined();
  });
});

describe('the Pareto front', () => {
  const at = (cost: number, score: number) => ({ cost, score });
  it('leaves out what is as dear and worse, or as good and dearer; of equal ones it has one', () => {
    expect(frontOf([at(3, 5), at(1, 2), at(2, 2), at(2, 4), at(2, 3), at(4, 5), at(2, 4)])).toEqual([
      at(1, 2),
      at(2, 4),
      at(3, 5),
    ]);
    expect(frontOf([])).toEqual([]);
  });
  it('has no point that another beats, and every other point is beaten by one of it', () => {
    const front = frontOf(ALL);
    const beats = (a: Point, b: Point) =>
      a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score);
    for (const point of front) expect(ALL.some((other) => beats(other, point))).toBe(false);
    for (const point of ALL)
      if (!front.includes(point))
        expect(front.some((other) => beats(other, point) || other.cost === point.cost)).toBe(true);
  });
});
