import { swinPresets } from '#lib/models/swin/presets.ts';
import { prunedCosts, windowsKept } from './pruned-costs.ts';
import { allShares, frontOf, placeOfShares, type Point, type Shares } from './share-search.ts';
import { StoredAnswers, type Pruning } from './stored-answers.ts';

/** A choice of shares with what it costs and how many of the stored answers are right. */
export interface Choice extends Point {
  readonly shares: Shares;
}

/** All choices of shares that are stored, of the adapted network and of the one it started from. */
export interface Choices {
  /** Side of the photos in pixels. */
  readonly side: number;
  /** Shares of windows that can be left out. */
  readonly steps: readonly number[];
  readonly adapted: StoredAnswers;
  readonly started: StoredAnswers;
  /** Multiply-adds with nothing left out. */
  readonly full: number;
  readonly all: readonly Choice[];
  readonly at: (shares: Shares) => Choice;
  /** Windows of each stage that are computed. */
  readonly kept: (shares: Shares) => readonly number[];
  /** The Pareto front over all choices that cost no more than that. */
  readonly front: (most: number) => readonly Choice[];
}

/**
 * @param names of the adapted network and of the one it started from
 * @throws RangeError where the answers of one are not stored
 */
export function choicesOf(
  pruning: Pruning,
  names: { readonly adapted: string; readonly started: string },
): Choices {
  const { side, steps } = pruning;
  const config = { ...swinPresets['swin-shifted-64']!, image: side };
  const costs = prunedCosts(config);
  const adapted = new StoredAnswers(pruning, names.adapted);
  const kept = (shares: Shares) =>
    windowsKept(
      config,
      shares.map((i) => steps[i] ?? 0),
    );
  const all = allShares(steps.length, config.depths.length).map((shares) => ({
    shares,
    cost: costs(kept(shares)),
    score: adapted.top1(shares),
  }));
  return {
    ...{ side, steps, adapted, kept, all },
    started: new StoredAnswers(pruning, names.started),
    full: costs(kept([])),
    at: (shares) => all[placeOfShares(shares, steps.length)] ?? all[0]!,
    front: (most) => frontOf(all.filter(({ cost }) => cost <= most)),
  };
}

/** Shares in tenths as indices of the stored steps; the nearest is taken. */
export function sharesAt(steps: readonly number[], wished: readonly number[]): Shares {
  return wished.map((share) =>
    steps.reduce((best, step, i) => (Math.abs(step - share) < Math.abs(steps[best]! - share) ? i : best), 0),
  );
}
