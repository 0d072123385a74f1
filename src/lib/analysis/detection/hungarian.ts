/** A cell of a matrix of costs. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** What is done in a step of the matching. */
export type HungarianMove =
  /** The least of every row was taken off it. */
  | { readonly kind: 'rows'; readonly taken: readonly number[] }
  /** The least of every column was taken off it; only of a square matrix. */
  | { readonly kind: 'columns'; readonly taken: readonly number[] }
  /** Zeros without another star in row or column got a star: first pairs. */
  | { readonly kind: 'star' }
  /** A line was drawn through every column with a star. */
  | { readonly kind: 'cover' }
  /** A zero under no line was found; its row has the star given, so the line moves from that column to the row. */
  | { readonly kind: 'prime'; readonly at: Cell; readonly star: Cell }
  /** A zero under no line in a row without star: along the path primes become stars and stars go, one pair more. */
  | { readonly kind: 'augment'; readonly path: readonly Cell[] }
  /** No zero was left under no line: the least of those cells was taken off all of them, and put on where lines cross. */
  | { readonly kind: 'shift'; readonly at: Cell; readonly by: number }
  /** Every row has a star. */
  | { readonly kind: 'done' };

/** The matching after a step. Nothing in it changes later. */
export interface HungarianStep {
  readonly move: HungarianMove;
  /** Costs as reduced so far, 0 or more. */
  readonly matrix: readonly (readonly number[])[];
  /** Of each row the column of its star, −1 where it has none. */
  readonly stars: readonly number[];
  /** Of each row the column of its primed zero, −1 where it has none. */
  readonly primes: readonly number[];
  /** Lines. */
  readonly rowLines: readonly boolean[];
  readonly columnLines: readonly boolean[];
}

/** What differs from 0 by rounding alone is 0, of costs as large as `largest`. */
const ROUNDING = 1e-12;

/**
 * The matching of least total cost, step by step: the Hungarian method as Munkres (1957) put it, for matrices with fewer
 * rows than columns after Bourgeois & Lassalle (1971). Every row gets a column of its own. The last step is `done`, and
 * its stars are the answer. Cubic in the number of columns at the most.
 * @param costs rows of equal length, no more rows than columns; without rows there is `done` alone
 * @throws RangeError for rows of unequal length, more rows than columns, and costs that are no finite numbers
 */
export function* hungarianSteps(costs: readonly (readonly number[])[]): Generator<HungarianStep, void> {
  const state = new Matching(costs);
  yield* state.reduce();
  if (state.rows > 0) {
    yield state.star();
    yield state.cover();
  }
  while (!state.complete) yield* state.search();
  yield state.after({ kind: 'done' });
}

/**
 * Of each row the column it is matched with, at the least total cost.
 * @throws RangeError as `hungarianSteps`
 */
export function hungarian(costs: readonly (readonly number[])[]): number[] {
  let stars: readonly number[] = [];
  for (const step of hungarianSteps(costs)) stars = step.stars;
  return [...stars];
}

/**
 * The pairs of least total cost in a matrix of any shape: of each row its column, −1 for rows that get none because there
 * are more of them than columns.
 * @throws RangeError for rows of unequal length and costs that are no finite numbers
 */
export function leastPairs(costs: readonly (readonly number[])[]): number[] {
  const columns = costs[0]?.length ?? 0;
  if (costs.length <= columns) return hungarian(costs);
  const rowOf = hungarian(exchanged(costs));
  return costs.map((_, row) => rowOf.indexOf(row));
}

/** Rows as columns. */
export function exchanged(matrix: readonly (readonly number[])[]): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? NaN));
}

/** The working state; every step is a copy of it. */
class Matching {
  readonly rows: number;
  readonly columns: number;
  readonly #matrix: number[][];
  readonly #stars: number[];
  readonly #primes: number[];
  readonly #rowLines: boolean[];
  readonly #columnLines: boolean[];
  readonly #tiny: number;

  constructor(costs: readonly (readonly number[])[]) {
    const columns = costs[0]?.length ?? 0;
    const ragged = costs.some((row) => row.length !== columns);
    if (ragged) throw new RangeError('the rows of a matrix of costs must be of one length');
    if (costs.length > columns)
      throw new RangeError(
        `${costs.length} rows cannot each have one of ${columns} columns; exchange rows and columns`,
      );
    if (costs.some((row) => row.some((cost) => !Number.isFinite(cost))))
      throw new RangeError('every cost must be a finite number');
    this.rows = costs.length;
    this.columns = columns;
    this.#matrix = costs.map((row) => [...row]);
    this.#stars = Array<number>(this.rows).fill(-1);
    this.#primes = Array<number>(this.rows).fill(-1);
    this.#rowLines = Array<boolean>(this.rows).fill(false);
    this.#columnLines = Array<boolean>(columns).fill(false);
    this.#tiny =
      ROUNDING * costs.reduce((most, row) => row.reduce((m, c) => Math.max(m, Math.abs(c)), most), 0);
  }

  get complete(): boolean {
    return this.#stars.every((column) => column >= 0);
  }

  after(move: HungarianMove): HungarianStep {
    return {
      move,
      matrix: this.#matrix.map((row) => [...row]),
      stars: [...this.#stars],
      primes: [...this.#primes],
      rowLines: [...this.#rowLines],
      columnLines: [...this.#columnLines],
    };
  }

  #at(row: number, column: number): number {
    return this.#matrix[row]?.[column] ?? Infinity;
  }

  #add(row: number, column: number, by: number): void {
    const cells = this.#matrix[row];
    const sum = this.#at(row, column) + by;
    if (cells) cells[column] = Math.abs(sum) <= this.#tiny ? 0 : sum;
  }

  /** Takes the least off every row, and off every column where the matrix is square. */
  *reduce(): Generator<HungarianStep, void> {
    if (this.rows === 0) return;
    const least = this.#matrix.map((row) => Math.min(...row));
    this.#each((row, column) => this.#add(row, column, -(least[row] ?? 0)));
    yield this.after({ kind: 'rows', taken: least });
    // With more columns than rows some column stays without a row, which its least would make dearer than it is.
    if (this.rows !== this.columns) return;
    const taken = this.#columnLines.map((_, column) =>
      Math.min(...this.#matrix.map((row) => row[column] ?? 0)),
    );
    this.#each((row, column) => this.#add(row, column, -(taken[column] ?? 0)));
    yield this.after({ kind: 'columns', taken });
  }

  star(): HungarianStep {
    this.#each((row, column) => {
      if (this.#at(row, column) === 0 && this.#stars[row] === -1 && !this.#stars.includes(column))
        this.#stars[row] = column;
    });
    return this.after({ kind: 'star' });
  }

  cover(): HungarianStep {
    this.#rowLines.fill(false);
    this.#primes.fill(-1);
    this.#columnLines.forEach((_, column) => (this.#columnLines[column] = this.#stars.includes(column)));
    return this.after({ kind: 'cover' });
  }

  /** Until one pair more is found, and lines are drawn anew. */
  *search(): Generator<HungarianStep, void> {
    for (;;) {
      const { at, value } = this.#leastUncovered();
      if (value > 0) {
        this.#shift(value);
        yield this.after({ kind: 'shift', at, by: value });
        continue;
      }
      this.#primes[at.row] = at.column;
      const starred = this.#stars[at.row] ?? -1;
      if (starred < 0) {
        yield this.after({ kind: 'augment', path: this.#augment(at) });
        yield this.cover();
        return;
      }
      this.#rowLines[at.row] = true;
      this.#columnLines[starred] = false;
      yield this.after({ kind: 'prime', at, star: { row: at.row, column: starred } });
    }
  }

  #each(visit: (row: number, column: number) => void): void {
    for (let row = 0; row < this.rows; row++)
      for (let column = 0; column < this.columns; column++) visit(row, column);
  }

  #leastUncovered(): { at: Cell; value: number } {
    let found = { at: { row: 0, column: 0 }, value: Infinity };
    this.#each((row, column) => {
      if (this.#rowLines[row] || this.#columnLines[column]) return;
      const value = this.#at(row, column);
      if (value < found.value) found = { at: { row, column }, value };
    });
    return found;
  }

  #shift(by: number): void {
    this.#each((row, column) => {
      const lines = Number(this.#rowLines[row]) + Number(this.#columnLines[column]);
      if (lines !== 1) this.#add(row, column, lines === 0 ? -by : by);
    });
  }

  /** From a prime without star in its row: star in its column, prime in that row, and so on; each changes its mark. */
  #augment(from: Cell): Cell[] {
    const path = [from];
    for (let at = from; ;) {
      const row = this.#stars.indexOf(at.column);
      if (row < 0) break;
      at = { row, column: this.#primes[row] ?? -1 };
      path.push({ row, column: path.at(-1)?.column ?? -1 }, at);
    }
    // Primes stand at the even places; each takes its row's star.
    path.forEach(({ row, column }, i) => {
      if (i % 2 === 0) this.#stars[row] = column;
    });
    return path;
  }
}
