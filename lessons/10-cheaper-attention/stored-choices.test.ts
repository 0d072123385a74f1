import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { placeOfShares } from './share-search.ts';
import { choicesOf, sharesAt } from './stored-choices.ts';
import type { Pruning } from './stored-answers.ts';

const pruning = JSON.parse(readFileSync('models/swin-sparse/pruning.json', 'utf8')) as Pruning;
const choices = choicesOf(pruning, { adapted: 'swin-sparse', started: 'swin-shifted' });

describe('models/swin-sparse/pruning.json', () => {
  it('has 200 answers of both networks to each of 81 pairs of shares, and its own count of right ones', () => {
    expect(choices.all).toHaveLength(81);
    expect([choices.adapted.count, choices.started.count]).toEqual([200, 200]);
    for (const { shares } of choices.all) {
      const at = placeOfShares(shares, choices.steps.length);
      for (const [answers, name] of [
        [choices.adapted, 'swin-sparse'],
        [choices.started, 'swin-shifted'],
      ] as const)
        expect(answers.top1(shares)).toBeCloseTo(pruning.models[name]!.top1[at]!, 4);
    }
  });
  it('the adapted network has more right wherever both stages leave out 30 % or more', () => {
    const gaps = choices.all.filter(({ shares }) => shares.every((share) => share >= 3));
    expect(gaps).toHaveLength(36);
    for (const { shares } of gaps)
      expect(choices.adapted.right(shares), shares.join()).toBeGreaterThan(choices.started.right(shares));
  });
  it('costs less the more is left out, and the front rises with the budget', () => {
    expect(choices.at([0, 0]).cost).toBe(choices.full);
    expect(choices.at([8, 8]).cost).toBeLessThan(0.3 * choices.full);
    for (const a of choices.all)
      for (const b of choices.all)
        if (a.shares.every((share, s) => share <= b.shares[s]!))
          expect(a.cost).toBeGreaterThanOrEqual(b.cost);
    expect(choices.front(0)).toEqual([]);
    expect(choices.front(Infinity).length).toBeGreaterThanOrEqual(choices.front(choices.full / 2).length);
  });
});

it('wished shares are the nearest stored ones', () => {
  expect(sharesAt([0, 0.1, 0.2], [0.1, 0.2])).toEqual([1, 2]);
  expect(sharesAt([0, 0.1, 0.2], [0.14, 0.9])).toEqual([1, 2]);
});
