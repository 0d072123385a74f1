/**
 * The queries in the order in which they stay when some are taken out: far apart at first, because trained ones look at
 * places of their own (numbers with their bits read backwards, as `spread` of tests/measure.py).
 * @param count of all queries
 */
export function spreadOrder(count: number): number[] {
  const bits = Math.max(1, Math.ceil(Math.log2(count)));
  const turned = Array.from({ length: 2 ** bits }, (_, i) =>
    Array.from({ length: bits }, (_, b) => ((i >> b) & 1) * 2 ** (bits - 1 - b)).reduce((a, b) => a + b, 0),
  );
  return turned.filter((i) => i < count);
}

/** The input `query_mask`: 1 for the queries that stay, 0 for those taken out. */
export function keptMask(count: number, kept: number): Float32Array {
  const stay = new Set(spreadOrder(count).slice(0, kept));
  return Float32Array.from({ length: count }, (_, i) => Number(stay.has(i)));
}
