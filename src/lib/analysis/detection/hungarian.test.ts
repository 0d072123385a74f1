import { describe, expect, it } from 'vitest';
import { uniform } from '#lib/graph/seeded.ts';
import { exchanged, hungarian, hungarianSteps, leastPairs, type HungarianStep } from './hungarian.ts';

const costOf = (matrix: readonly (readonly number[])[], columns: readonly number[]) =>
  columns.reduce((sum, column, row) => sum + matrix[row]![column]!, 0);

/** The least total by trying every way. */
function tried(
  matrix: readonly (readonly number[])[],
  from = 0,
  taken: ReadonlySet<number> = new Set(),
): number {
  const row = matrix[from];
  if (!row) return 0;
  let least = Infinity;
  row.forEach((cost, column) => {
    if (!taken.has(column))
      least = Math.min(least, cost + tried(matrix, from + 1, new Set([...taken, column])));
  });
  return least;
}

const next = uniform(5);
const matrixOf = (rows: number, columns: number, value: () => number) =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, value));

describe('the matching', () => {
  const sizes = [1, 2, 3, 4, 5].flatMap((rows) =>
    [rows, rows + 1, 6].map((columns) => [rows, columns] as const),
  );

  it.each(sizes)('of %i × %i costs is the best of all ways', (rows, columns) => {
    for (let i = 0; i < 12; i++) {
      // Whole numbers tie often; fractions, also below 0, leave rounding behind.
      for (const value of [() => Math.floor(6 * next()), () => next() * 8 - 4]) {
        const matrix = matrixOf(rows, columns, value);
        const columnOf = hungarian(matrix);
        expect(new Set(columnOf).size).toBe(rows);
        expect(costOf(matrix, columnOf)).toBeCloseTo(tried(matrix), 10);
      }
    }
  });

  it('of more rows than columns leaves rows out', () => {
    const matrix = [
      [5, 1],
      [4, 8],
      [1, 1],
    ];
    expect(leastPairs(matrix)).toEqual([1, -1, 0]);
    expect(leastPairs(exchanged(matrix))).toEqual([2, 0]);
    expect(leastPairs([[], []])).toEqual([-1, -1]);
  });

  it('of nothing is nothing', () => {
    expect(hungarian([])).toEqual([]);
    expect([...hungarianSteps([])].map(({ move }) => move.kind)).toEqual(['done']);
  });

  it('of a hundred queries and fifty targets ends, and soon', () => {
    const matrix = matrixOf(50, 100, next);
    const started = performance.now();
    expect(new Set(hungarian(matrix)).size).toBe(50);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('is refused for what is no matrix of costs', () => {
    expect(() => hungarian([[1, 2], [3]])).toThrow('one length');
    expect(() => hungarian([[1], [2]])).toThrow('2 rows cannot each have one of 1 columns');
    expect(() => hungarian([[NaN, 1]])).toThrow('finite');
    expect(() => hungarian([[Infinity, 1]])).toThrow('finite');
  });
});

describe('its steps', () => {
  const kinds = (steps: readonly HungarianStep[]) => steps.map(({ move }) => move.kind);
  const square = [
    [1, 2, 3],
    [2, 4, 6],
    [3, 6, 9],
  ];
  const steps = [...hungarianSteps(square)];

  it('are the method’s, in its order', () => {
    expect(kinds(steps)).toEqual([
      'rows',
      'columns',
      'star',
      'cover',
      'prime',
      'augment',
      'cover',
      'prime',
      'shift',
      'prime',
      'augment',
      'cover',
      'done',
    ]);
    expect(steps[0]!.matrix).toEqual([
      [0, 1, 2],
      [0, 2, 4],
      [0, 3, 6],
    ]);
    expect(steps[1]).toMatchObject({ move: { taken: [0, 1, 2] }, stars: [-1, -1, -1] });
    expect(steps[2]!.stars).toEqual([0, -1, -1]);
    expect(steps[3]!.columnLines).toEqual([true, false, false]);
    expect(steps.at(-1)!.stars).toEqual([2, 1, 0]);
    expect(costOf(square, steps.at(-1)!.stars)).toBe(10);
  });

  it('keep their state when later ones are made', () => {
    const again = [];
    for (const step of hungarianSteps(square)) again.push(JSON.stringify(step));
    expect(steps.map((step) => JSON.stringify(step))).toEqual(again);
  });

  it.each([
    ['square', 5, 5],
    ['wide', 4, 9],
  ])(
    'of a %s matrix: every mark stands on a zero, every shift makes one, and each augmentation a pair',
    (_, rows, columns) => {
      for (let i = 0; i < 10; i++) {
        let pairs = 0;
        for (const { move, matrix, stars, primes, rowLines, columnLines } of hungarianSteps(
          matrixOf(rows, columns, next),
        )) {
          expect(matrix.flat().every((value) => value >= 0)).toBe(true);
          for (const marks of [stars, primes])
            marks.forEach((column, row) => column >= 0 && expect(matrix[row]![column]).toBe(0));
          const starred = stars.filter((column) => column >= 0);
          expect(new Set(starred).size).toBe(starred.length);
          if (move.kind === 'augment') expect(starred.length).toBe(pairs + 1);
          if (move.kind === 'shift') {
            expect(move.by).toBeGreaterThan(0);
            expect(matrix[move.at.row]![move.at.column]).toBe(0);
          }
          if (move.kind === 'prime') {
            expect(rowLines[move.at.row]).toBe(true);
            expect(columnLines[move.star.column]).toBe(false);
          }
          if (move.kind === 'augment') expect(move.path.length % 2).toBe(1);
          pairs = starred.length;
        }
        expect(pairs).toBe(rows);
      }
    },
  );
});
