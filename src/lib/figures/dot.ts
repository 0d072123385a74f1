/** A dot product taken apart. */
export interface DotParts {
  readonly products: Float32Array;
  /** Sum of the products up to and including each place, in double precision. */
  readonly running: Float64Array;
  readonly sum: number;
  /** `sum + bias`. */
  readonly cell: number;
}

/** Pixels of a row of the table of places. */
export const TABLE_ROW = 30;

/**
 * Pixels of the table of places in the room that is left for it: whole rows, no more than seven.
 * @returns 0 where its head and two places have no room
 */
export function tableRoom(room: number): number {
  const rows = Math.min(8, Math.floor(room / TABLE_ROW));
  return rows < 3 ? 0 : rows * TABLE_ROW;
}

/** Multiplies two vectors place by place and adds up in double precision. @throws RangeError if their lengths differ */
export function dotParts(a: ArrayLike<number>, b: ArrayLike<number>, bias = 0): DotParts {
  if (a.length !== b.length)
    throw new RangeError(`vectors of ${a.length} and ${b.length} values have no dot product`);
  const products = new Float32Array(a.length);
  const running = new Float64Array(a.length);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const product = a[i]! * b[i]!;
    products[i] = product;
    sum += product;
    running[i] = sum;
  }
  return { products, running, sum, cell: sum + bias };
}
