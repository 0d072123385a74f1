import type { As, Graph, Value } from '#lib/graph/index.ts';

/** The last size and its name. */
function last(x: Value): { size: number; dim: string } {
  return { size: x.shape.at(-1) ?? 1, dim: x.dims.at(-1) ?? '1' };
}

/** `x Wᵀ + b` over the last dimension of `x`; `weight` is `[out, in]`, `bias` `[out]`. */
export function affine(g: Graph, x: Value, weight: Value, bias: Value | undefined, as?: As): Value {
  if (x.shape.length === 2) return g.gemm(x, weight, bias, as);
  // Gemm takes the weight as it is stored, so that no transposed copy is made; rows of all leading dimensions follow
  // one another, and both reshapes are free.
  const { size, dim } = last(x);
  const leading = x.shape.slice(0, -1);
  const rows = g.reshape(x, [leading.reduce((a, b) => a * b, 1), size], [x.dims.slice(0, -1).join('·'), dim]);
  const out = g.gemm(rows, weight, bias);
  return g.reshape(out, [...leading, last(out).size], [...x.dims.slice(0, -1), last(out).dim], as);
}

/** `x Wᵀ + b` with PyTorch's `name.weight` `[out, in]` and `name.bias` `[out]`. */
export function linear(
  g: Graph,
  x: Value,
  name: string,
  out: { size: number; dim: string },
  options: { bias?: boolean; as?: As } = {},
): Value {
  const { bias = true, as } = options;
  const inner = last(x);
  const weight = g.initializer(`${name}.weight`, [out.size, inner.size], [out.dim, inner.dim]);
  return affine(g, x, weight, bias ? g.initializer(`${name}.bias`, [out.size], [out.dim]) : undefined, as);
}

/** LayerNorm over the last dimension with `name.weight` and `name.bias`. */
export function layerNorm(g: Graph, x: Value, name: string, eps: number, as?: As): Value {
  const { size, dim } = last(x);
  const weight = g.initializer(`${name}.weight`, [size], [dim]);
  const bias = g.initializer(`${name}.bias`, [size], [dim]);
  return g.layerNorm(x, weight, bias, eps, as);
}

/** How a GELU is computed: exactly, or by one of its two approximations. */
export type GeluKind = 'erf' | 'tanh' | 'sigmoid';

/**
 * GELU (Hendrycks & Gimpel 2016): `erf` is x · ½ (1 + erf(x / √2)), exact;
 * `tanh` is ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))); `sigmoid` is x · σ(1.702 x).
 */
export function gelu(g: Graph, x: Value, kind: GeluKind, as?: As): Value {
  if (kind === 'sigmoid') return g.mul(x, g.sigmoid(g.mul(x, g.scalar(1.702))), as);
  const one = g.scalar(1);
  const half = g.scalar(0.5);
  if (kind === 'erf') {
    const e = g.erf(g.div(x, g.scalar(Math.SQRT2)));
    return g.mul(g.mul(x, g.add(e, one)), half, as);
  }
  const cubic = g.mul(g.pow(x, g.scalar(3)), g.scalar(0.044715));
  const inner = g.mul(g.add(x, cubic), g.scalar(Math.sqrt(2 / Math.PI)));
  return g.mul(g.mul(x, half), g.add(g.tanh(inner), one), as);
}

/** SiLU, x · σ(x) (Elfwing et al. 2018). */
export function silu(g: Graph, x: Value, as?: As): Value {
  return g.mul(x, g.sigmoid(x), as);
}

/** LayerNorm over the last dimension without learned weights. */
export function plainNorm(g: Graph, x: Value, eps: number, as?: As): Value {
  const { size, dim } = last(x);
  // The operator wants a weight; a scalar's shape would not fit, so one row of ones serves all norms of this width.
  return g.layerNorm(x, g.filled(1, [size], [dim]), undefined, eps, as);
}

/** Repeats a learned `[1, n, D]` table of tokens over the batch. */
export function tokenTable(g: Graph, name: string, count: number, batch: number, dim: number): Value {
  const table = g.initializer(name, [1, count, dim], ['1', count === 1 ? '1' : 'R', 'D']);
  return batch === 1 ? table : g.expand(table, [batch, count, dim], ['B', table.dims[1] ?? '1', 'D']);
}
