import { describe, expect, it } from 'vitest';
import { cornersOf } from '#lib/analysis/detection/boxes.ts';
import type { Detection } from '#lib/analysis/detection/detections.ts';
import { uniform } from '#lib/graph/seeded.ts';
import { countOf, judge, targetsOf } from './judged.ts';
import { keptMask, spreadOrder } from './kept-queries.ts';
import { cellAt, greedyPairs, linesAt, matchProblem, queryOf, samePairs } from './matching-problem.ts';
import type { Standing } from './scene-drawing.ts';
import { stepWords } from './step-words.ts';

const next = uniform(14);
const K = 4;
/** A picture's tables with so many queries, and so many objects in it. */
function picture(queries: number, objects: number) {
  const probs = Array.from({ length: queries }, () => {
    const row = Array.from({ length: K + 1 }, () => next());
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((v) => v / sum);
  }).flat();
  const box = () => ({
    cx: 0.2 + 0.6 * next(),
    cy: 0.2 + 0.6 * next(),
    w: 0.1 + 0.3 * next(),
    h: 0.1 + 0.3 * next(),
  });
  const boxes = Array.from({ length: queries }, () => Object.values(box())).flat();
  const targets = Array.from({ length: objects }, (_, i) => ({ label: i % K, box: box() }));
  return { probs, boxes, targets };
}
const made = (queries: number, objects: number) => {
  const { probs, boxes, targets } = picture(queries, objects);
  return matchProblem(probs, boxes, targets);
};

describe('the matching of a picture', () => {
  it.each([
    [16, 8],
    [16, 1],
    [6, 6],
    [3, 7],
    [5, 0],
  ])(
    'of %i queries and %i objects gives each of the fewer a partner, never dearer than the greedy way',
    (q, o) => {
      for (let i = 0; i < 5; i++) {
        const problem = made(q, o);
        const { best, greedy } = problem;
        for (const { pairs } of [best, greedy]) {
          expect(pairs).toHaveLength(Math.min(q, o));
          expect(new Set(pairs.map(({ query }) => query)).size).toBe(pairs.length);
          expect(new Set(pairs.map(({ object }) => object)).size).toBe(pairs.length);
        }
        expect(best.total).toBeLessThanOrEqual(greedy.total + 1e-12);
        expect(queryOf(problem).filter((query) => query >= 0)).toHaveLength(Math.min(q, o));
        if (Math.abs(best.total - greedy.total) > 1e-9) expect(samePairs(best, greedy)).toBe(false);
      }
    },
  );

  it('shows every step cell by cell: stars, lines and costs that are never below zero', () => {
    for (const [q, o] of [
      [8, 5],
      [4, 6],
    ] as const) {
      const problem = made(q, o);
      const last = problem.steps.at(-1)!;
      for (const step of problem.steps) {
        const lines = linesAt(problem, step);
        for (let query = 0; query < q; query++)
          for (let object = 0; object < o; object++) {
            const cell = cellAt(problem, step, { query, object });
            expect(cell.value).toBeGreaterThanOrEqual(0);
            expect(cell.lines).toBe(Number(lines.queries[query]) + Number(lines.objects[object]));
            if (cell.star) expect(cell.value).toBe(0);
          }
      }
      for (const pair of problem.best.pairs) expect(cellAt(problem, last, pair).star).toBe(true);
    }
  });

  it('says each step in words, objects and queries where they belong', () => {
    for (const problem of [made(8, 5), made(4, 6), made(5, 5)]) {
      const numbers = Array.from({ length: problem.objects }, (_, i) => i + 11);
      const said = problem.steps.map(({ move }) => stepWords(problem, move, numbers));
      for (const { title, text } of said)
        for (const words of [title, text]) expect(words.zh).toMatch(/[\u4e00-\u9fff]/);
      const [first] = said;
      expect(first!.text.en).toContain(
        problem.rows === 'objects' ? 'costs of each object' : 'costs of each query',
      );
      problem.steps.forEach(({ move }, i) => {
        if (move.kind !== 'prime') return;
        const { row, column } = move.at;
        const [query, object] = problem.rows === 'objects' ? [column, row] : [row, column];
        expect(said[i]!.text.en).toContain(`query ${query} and object ${object + 11}`);
      });
    }
  });

  it('the greedy way takes the cheapest cell, though it may spoil the rest', () => {
    const totals = [
      [1, 2],
      [2, 9],
    ];
    expect(greedyPairs(totals)).toEqual([
      { query: 0, object: 0 },
      { query: 1, object: 1 },
    ]);
  });
});

describe('what detections are worth', () => {
  const box = (cx: number) => ({ cx, cy: 0.5, w: 0.2, h: 0.2 });
  const object = { concept: 0, style: 0, x: 0, y: 0, size: 0.2, angle: 0, mirrored: false };
  const stands = (label: number, cx: number): Standing => ({
    object,
    label,
    box: cornersOf(box(cx)),
    visible: 1,
  });
  const said = (query: number, score: number, label: number, cx: number): Detection => ({
    query,
    score,
    label,
    box: box(cx),
  });

  it('the surest finds, a second one finds again, another class is wrong', () => {
    const judged = judge(
      [said(0, 0.6, 0, 0.21), said(1, 0.9, 0, 0.2), said(2, 0.8, 1, 0.8), said(3, 0.7, 0, 0.5)],
      [stands(0, 0.2), stands(0, 0.8)],
    );
    expect(judged.map(({ detection, worth }) => [detection.query, worth])).toEqual([
      [1, 'found'],
      [2, 'wrong'],
      [3, 'wrong'],
      [0, 'again'],
    ]);
    expect(countOf(judged)).toEqual({ found: 1, again: 1, wrong: 2 });
  });

  it('of two objects that lie on each other each gets one', () => {
    const judged = judge([said(0, 0.9, 0, 0.5), said(1, 0.8, 0, 0.5)], [stands(0, 0.5), stands(0, 0.52)]);
    expect(countOf(judged)).toEqual({ found: 2, again: 0, wrong: 0 });
  });

  it('what lies outside of the picture is nothing to be found', () => {
    const outside = { ...stands(0, 0.5), box: undefined };
    const targets = targetsOf([stands(2, 0.5), outside]);
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ label: 2, box: { cx: 0.5, cy: 0.5 } });
    expect(countOf(judge([said(0, 0.9, 0, 0.5)], [outside])).wrong).toBe(1);
  });
});

describe('queries that stay', () => {
  it('are far apart at first, and all of them in the end', () => {
    expect(spreadOrder(16)).toEqual([0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]);
    expect(spreadOrder(6)).toEqual([0, 4, 2, 1, 5, 3]);
    expect([...keptMask(6, 2)]).toEqual([1, 0, 0, 0, 1, 0]);
    expect([...keptMask(5, 5)]).toEqual([1, 1, 1, 1, 1]);
  });
});
