import { leastPairs } from '#lib/analysis/detection/hungarian.ts';
import type { Mistake } from '#lib/notebook/mistakes.ts';
import { greedyPairs } from './matching-problem.ts';

/** Costs of three queries for three objects, a row for each query. */
export const ASSIGN_CASES: readonly (readonly (readonly number[])[])[] = [
  [
    [1, 2, 6],
    [2, 7, 8],
    [5, 6, 4],
  ],
  [
    [3, 4, 9],
    [2, 8, 7],
    [5, 3, 6],
  ],
  [
    [4, 1, 3],
    [2, 0, 5],
    [3, 2, 2],
  ],
];

const sumOf = (
  costs: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number])[],
): number => pairs.reduce((sum, [row, column]) => sum + (costs[row]?.[column] ?? 0), 0);

/** The least total, who goes with whom, and the usual ways to miss it. */
export function assignTask(costs: readonly (readonly number[])[]): {
  readonly total: number;
  /** Of each query its object. */
  readonly objectOf: readonly number[];
  readonly greedy: number;
  readonly mistakes: readonly Mistake[];
} {
  const objectOf = leastPairs(costs);
  const total = sumOf(
    costs,
    objectOf.map((object, query) => [query, object] as const),
  );
  const greedy = sumOf(
    costs,
    greedyPairs(costs).map(({ query, object }) => [query, object] as const),
  );
  const rows = costs.reduce((sum, row) => sum + Math.min(...row), 0);
  const columns = (costs[0] ?? []).reduce(
    (sum, _, column) => sum + Math.min(...costs.map((row) => row[column] ?? Infinity)),
    0,
  );
  const diagonal = costs.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const is =
    (n: number): Mistake['when'] =>
    ([given]) =>
      given === n && n !== total;
  return {
    total,
    objectOf,
    greedy,
    mistakes: [
      {
        when: is(greedy),
        say: {
          en: 'You have taken the cheapest cell first, then the cheapest of what was left. The last pair pays for that: look what it costs, and try to give the first one up.',
          zh: '你先取了成本最低的单元，再从剩下的里面取成本最低的。最后一对的成本因此变大：试着放弃第一对。',
        },
      },
      {
        when: ([given]) => (given === rows || given === columns) && given !== total,
        say: {
          en: 'Some query or some object occurs twice in your sum. Each gets exactly one partner.',
          zh: '你的和里有某个查询或某个物体出现了两次。每个只能配一个。',
        },
      },
      {
        when: is(diagonal),
        say: {
          en: 'That is the diagonal: query 0 need not stand for object 0.',
          zh: '这是对角线上的和：查询 0 不一定要配物体 0。',
        },
      },
    ],
  };
}
