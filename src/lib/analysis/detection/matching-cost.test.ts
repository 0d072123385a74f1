import { describe, expect, it } from 'vitest';
import { matchingCost } from './matching-cost.ts';
import { NO_OBJECT_WEIGHT, pairLoss, setLoss } from './set-loss.ts';

const probs = [0.5, 0.25, 0.25, 0.125, 0.125, 0.75];
const boxes = [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.5, 0.5];
const targets = [
  { label: 1, box: { cx: 0.5, cy: 0.5, w: 0.5, h: 0.5 } },
  { label: 0, box: { cx: 0.75, cy: 0.75, w: 0.5, h: 0.5 } },
];

describe('the cost that a query stands for a target', () => {
  const costs = matchingCost(probs, boxes, targets);

  it('has a row for each query and a column for each target, each term opened', () => {
    expect(costs.map((row) => row.length)).toEqual([2, 2]);
    // The very box: −0.25 and 2 · −1.
    expect(costs[0]![0]).toEqual({ class: -0.25, l1: 0, giou: -1, total: -2.25 });
    // Centres apart by a quarter both ways: a quarter of a box in common of 7 quarters, hull 9 quarters.
    const giou = 1 / 7 - 2 / 9;
    const { class: c, l1, giou: g, total } = costs[0]![1]!;
    expect([c, l1]).toEqual([-0.5, 0.5]);
    expect(g).toBeCloseTo(-giou, 12);
    expect(total).toBeCloseTo(-0.5 + 2.5 - 2 * giou, 12);
    // Corner to corner: nothing in common, half the hull empty.
    expect(costs[1]![1]).toMatchObject({ class: -0.125, l1: 1, giou: 0.5, total: 5.875 });
  });

  it('weighs the terms as told', () => {
    const only = matchingCost(probs, boxes, targets, { class: 0, l1: 1, giou: 0 });
    expect(only.map((row) => row.map(({ total }) => total))).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
  });

  it('is refused for tables that do not belong together, and a class that there is not', () => {
    expect(() => matchingCost([0.5, 0.5, 0.5], boxes, targets)).toThrow(RangeError);
    expect(() => matchingCost(probs, boxes, [{ ...targets[0]!, label: 2 }])).toThrow(
      'class 2 is none of the 2',
    );
    expect(matchingCost(probs, boxes, [])).toEqual([[], []]);
  });
});

describe('the loss', () => {
  const box = { cx: 0.25, cy: 0.25, w: 0.5, h: 0.5 };

  it('of a pair is −log p, five times L1 and twice 1 − GIoU', () => {
    const loss = pairLoss(0.5, box, targets[1]!.box);
    expect(loss).toMatchObject({ class: Math.log(2), l1: 1, giou: 1.5 });
    expect(loss.total).toBeCloseTo(Math.log(2) + 5 + 3, 12);
    expect(pairLoss(1, box, box).total).toBeCloseTo(0, 12);
  });

  it('of a picture counts queries without target a tenth, and divides boxes by the targets', () => {
    const both = [{ cx: 0.5, cy: 0.5, w: 0.5, h: 0.5 }, box];
    const loss = setLoss(probs, both, [targets[0]!], [0]);
    const expected = (-Math.log(0.25) - NO_OBJECT_WEIGHT * Math.log(0.75)) / (1 + NO_OBJECT_WEIGHT);
    expect(loss.class).toBeCloseTo(expected, 12);
    expect([loss.l1, loss.giou]).toEqual([0, 0]);
    expect(loss.total).toBeCloseTo(expected, 12);
    // Matched the other way round its box is off by a quarter twice.
    expect(setLoss(probs, both, [targets[0]!], [1]).l1).toBe(0.5);
  });

  it('of a picture with nothing in it is that of the classes alone', () => {
    const loss = setLoss([0.25, 0.75], [box], [], []);
    expect(loss).toEqual({ class: -Math.log(0.75), l1: 0, giou: 0, total: -Math.log(0.75) });
  });
});
