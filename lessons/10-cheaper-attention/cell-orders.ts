/** One cell of linear attention, computed in both orders; every number of it is read off tensors of the page. */
export interface CellOrders {
  /** Z of the row. */
  readonly normaliser: number;
  /** Queries and keys first: the weight of each token times its value's feature, N products; their sum over Z. */
  readonly pairs: { readonly products: Float32Array; readonly value: number };
  /** Keys and values first: the query's features times a column of KᵀV, d products; their sum over Z. */
  readonly state: { readonly products: Float32Array; readonly value: number };
}

/**
 * Feature `feature` of token `token` in head `head`.
 * @param q `[h, N, d]` @param k `[h, N, d]` @param v `[h, N, d]`
 * @param kv `[h, d, d]` @param normaliser `[h, N, 1]`
 */
export function cellOrders(
  { q, k, v, kv, normaliser }: Readonly<Record<'q' | 'k' | 'v' | 'kv' | 'normaliser', Float32Array>>,
  {
    heads,
    tokens,
    head,
    token,
    feature,
  }: Readonly<Record<'heads' | 'tokens' | 'head' | 'token' | 'feature', number>>,
): CellOrders {
  const d = q.length / heads / tokens;
  const query = (head * tokens + token) * d;
  const phi = (x: Float32Array, at: number) => Math.max(x[at]!, 0);
  const Z = normaliser[head * tokens + token]!;
  const pairs = Float32Array.from({ length: tokens }, (_, j) => {
    const key = (head * tokens + j) * d;
    let weight = 0;
    for (let c = 0; c < d; c++) weight += phi(q, query + c) * phi(k, key + c);
    return weight * v[key + feature]!;
  });
  const state = Float32Array.from(
    { length: d },
    (_, c) => phi(q, query + c) * kv[(head * d + c) * d + feature]!,
  );
  const over = (products: Float32Array) => products.reduce((a, b) => a + b, 0) / Z;
  return {
    normaliser: Z,
    pairs: { products: pairs, value: over(pairs) },
    state: { products: state, value: over(state) },
  };
}
