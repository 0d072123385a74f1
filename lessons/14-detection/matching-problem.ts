import { exchanged, hungarianSteps, type HungarianStep } from '#lib/analysis/detection/hungarian.ts';
import { matchingCost, type PairCost, type Target } from '#lib/analysis/detection/matching-cost.ts';

/** A query and the object it stands for. */
export interface Pair {
  readonly query: number;
  readonly object: number;
}

/** Pairs with what they cost together. */
export interface Pairs {
  /** In the order in which they were found. */
  readonly pairs: readonly Pair[];
  readonly total: number;
}

/** Which queries shall stand for which objects, with everything that leads to the answer. */
export interface MatchProblem {
  /** Term by term: a row for each query, a column for each object. */
  readonly costs: readonly (readonly PairCost[])[];
  readonly queries: number;
  readonly objects: number;
  /** What a row of the method is: objects, or queries where there are fewer of these. Every row gets a partner. */
  readonly rows: 'objects' | 'queries';
  readonly steps: readonly HungarianStep[];
  /** The matching of least total cost. */
  readonly best: Pairs;
  /** The cheapest pair first, then the cheapest of what is left, and so on. */
  readonly greedy: Pairs;
}

/**
 * The matching problem of one picture and one layer of the decoder.
 * @param probs `[Q, K + 1]`, flat; the last column is “no object”
 * @param boxes `[Q, 4]`, flat: cx, cy, w, h
 * @throws RangeError where the tables do not belong together, see `matchingCost`
 */
export function matchProblem(
  probs: ArrayLike<number>,
  boxes: ArrayLike<number>,
  targets: readonly Target[],
): MatchProblem {
  const costs = matchingCost(probs, boxes, targets);
  const totals = costs.map((row) => row.map(({ total }) => total));
  const [queries, objects] = [costs.length, targets.length];
  const rows = objects <= queries ? 'objects' : 'queries';
  const steps = [...hungarianSteps(rows === 'objects' ? exchanged(totals) : totals)];
  const stars = steps.at(-1)?.stars ?? [];
  const pairs = stars.map((column, row): Pair =>
    rows === 'objects' ? { query: column, object: row } : { query: row, object: column },
  );
  return {
    costs,
    queries,
    objects,
    rows,
    steps,
    best: withTotal(totals, pairs),
    greedy: withTotal(totals, greedyPairs(totals)),
  };
}

const withTotal = (totals: readonly (readonly number[])[], pairs: readonly Pair[]): Pairs => ({
  pairs,
  total: pairs.reduce((sum, { query, object }) => sum + (totals[query]?.[object] ?? 0), 0),
});

/** Takes the cheapest cell, crosses out its row and its column, and goes on with what is left. */
export function greedyPairs(totals: readonly (readonly number[])[]): Pair[] {
  const cells = totals.flatMap((row, query) => row.map((cost, object) => ({ query, object, cost })));
  cells.sort((a, b) => a.cost - b.cost);
  const taken: Pair[] = [];
  for (const { query, object } of cells)
    if (!taken.some((pair) => pair.query === query || pair.object === object)) taken.push({ query, object });
  return taken;
}

/** Of each object the query that stands for it; −1 where none does. */
export const queryOf = ({ best, objects }: MatchProblem): number[] =>
  Array.from({ length: objects }, (_, o) => best.pairs.find(({ object }) => object === o)?.query ?? -1);

/** Whether two matchings have the same pairs. */
export const samePairs = (a: Pairs, b: Pairs): boolean =>
  a.pairs.length === b.pairs.length &&
  a.pairs.every(({ query, object }) => b.pairs.some((p) => p.query === query && p.object === object));

/** A cell of the matrix after a step. */
export interface CellAt {
  /** Its cost, as far as it has been reduced. */
  readonly value: number;
  readonly star: boolean;
  readonly prime: boolean;
  /** Lines through it. */
  readonly lines: number;
  /** It is what the step found or changed. */
  readonly lit: boolean;
}

/** What a query and an object have in common after a step of the method. */
export function cellAt(problem: MatchProblem, step: HungarianStep, { query, object }: Pair): CellAt {
  const byObject = problem.rows === 'objects';
  const [row, column] = byObject ? [object, query] : [query, object];
  const { move } = step;
  const at = (cell: { readonly row: number; readonly column: number }) =>
    cell.row === row && cell.column === column;
  return {
    value: step.matrix[row]?.[column] ?? 0,
    star: step.stars[row] === column,
    prime: step.primes[row] === column,
    lines: Number(step.rowLines[row] ?? false) + Number(step.columnLines[column] ?? false),
    lit:
      move.kind === 'augment'
        ? move.path.some(at)
        : (move.kind === 'prime' || move.kind === 'shift') && at(move.at),
  };
}

/** Which queries and which objects have a line after a step. */
export function linesAt({ rows }: MatchProblem, { rowLines, columnLines }: HungarianStep) {
  return rows === 'objects'
    ? { queries: columnLines, objects: rowLines }
    : { queries: rowLines, objects: columnLines };
}
