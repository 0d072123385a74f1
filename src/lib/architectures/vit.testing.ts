import { erf } from '../graph/reference.testing.ts';
import { vitSizes, type VitConfig } from './vit-config.ts';

/** A weight by its timm name, row-major. */
export type Weights = (name: string) => ArrayLike<number>;
/** Every tensor of one picture, without its batch dimension, under the graph's names. */
export type Tensors = Record<string, number[]>;

type Rows = number[][];

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, v, i) => s + v * (b[i] ?? NaN), 0);
const rowsOf = (flat: ArrayLike<number>, width: number): Rows =>
  range(flat.length / width).map((i) => Array.from(flat).slice(i * width, (i + 1) * width));

function softmax(row: readonly number[]): number[] {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  return e.map(
    (v) =>
      v /
      dot(
        e,
        e.map(() => 1),
      ),
  );
}

/**
 * A ViT written a second time from its formulas, in double precision with plain loops, sharing nothing with the
 * graph: what tests hold the graph to. Slow; for tiny configurations.
 */
export function referenceVit(c: VitConfig, w: Weights, x: ArrayLike<number>): Tensors {
  const out: Tensors = {};
  const s = vitSizes(c);
  const d = s.headDim;
  const keep = (name: string, rows: Rows): Rows => {
    out[name] = rows.flat();
    return rows;
  };
  const linear = (rows: Rows, name: string, width: number, bias = true): Rows => {
    const weight = rowsOf(w(`${name}.weight`), width);
    return rows.map((r) => weight.map((k, o) => dot(r, k) + (bias ? (w(`${name}.bias`)[o] ?? NaN) : 0)));
  };
  const norm = (rows: Rows, name: string): Rows =>
    rows.map((r) => {
      const mean =
        dot(
          r,
          r.map(() => 1),
        ) / r.length;
      const variance = r.reduce((a, v) => a + (v - mean) ** 2, 0) / r.length;
      return r.map(
        (v, i) =>
          ((v - mean) / Math.sqrt(variance + c.normEps)) * (w(`${name}.weight`)[i] ?? NaN) +
          (w(`${name}.bias`)[i] ?? NaN),
      );
    });
  const add = (a: Rows, b: Rows): Rows => a.map((r, i) => r.map((v, j) => v + (b[i]?.[j] ?? NaN)));
  const scaled = (rows: Rows, name: string): Rows =>
    c.layerScale
      ? keep(
          name,
          rows.map((r) => r.map((v, j) => v * (w(`${name}.gamma`)[j] ?? NaN))),
        )
      : rows;
  const act = (u: number): number =>
    c.gelu === 'erf'
      ? (u / 2) * (1 + erf(u / Math.SQRT2))
      : (u / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u ** 3)));

  // Patches: (channel, row, column) within each, row by row over the picture.
  const patches: Rows = range(s.patches).map((n) => {
    const [row, col] = [Math.floor(n / s.grid) * c.patch, (n % s.grid) * c.patch];
    return range(s.patchValues).map((k) => {
      const [ch, i, j] = [Math.floor(k / c.patch ** 2), Math.floor(k / c.patch) % c.patch, k % c.patch];
      return x[(ch * c.image + row + i) * c.image + col + j] ?? NaN;
    });
  });
  keep('patches', patches);
  const patchBias = c.patchBias ?? !c.preNorm;
  let t = keep('patch_embed', linear(patches, 'patch_embed.proj', s.patchValues, patchBias));

  const table = (prefix: number): Rows => {
    if (c.positions === 'learned') return rowsOf(w('pos_embed'), c.dim);
    const q = c.dim / 4;
    const wave = (p: number, f: (a: number) => number) => range(q).map((k) => f(p / 10000 ** (k / q)));
    const rows = range(s.patches).map((n) => {
      const [row, col] = [Math.floor(n / s.grid), n % s.grid];
      return [...wave(col, Math.sin), ...wave(col, Math.cos), ...wave(row, Math.sin), ...wave(row, Math.cos)];
    });
    return [...range(prefix).map(() => range(c.dim).map(() => 0)), ...rows];
  };
  const early = c.positions !== 'none' && !c.clsPosition;
  if (early) t = keep('pos_added', add(t, table(0)));
  const cls = (c.classToken ?? true) ? rowsOf(w('cls_token'), c.dim) : [];
  const registers = c.registers > 0 ? rowsOf(w('reg_token'), c.dim) : [];
  t = keep('cls_cat', [...cls, ...registers, ...t]);
  if (c.positions !== 'none' && c.clsPosition) t = add(t, table(s.prefix));
  keep('tokens', t);
  if (c.preNorm) t = keep('norm_pre', norm(t, 'norm_pre'));

  for (const i of range(c.depth)) {
    const b = `blocks.${i}`;
    const qkv = keep(
      `${b}.attn.qkv`,
      linear(keep(`${b}.norm1`, norm(t, `${b}.norm1`)), `${b}.attn.qkv`, c.dim, c.qkvBias),
    );
    const part = (which: number, h: number): Rows =>
      qkv.map((r) => r.slice(which * c.dim + h * d, which * c.dim + (h + 1) * d));
    const heads = range(c.heads).map((h) => {
      const [q, k, v] = [part(0, h), part(1, h), part(2, h)];
      const scores = q.map((a) => k.map((e) => dot(a, e) / Math.sqrt(d)));
      const probs = scores.map(softmax);
      const mixed = probs.map((p) =>
        range(d).map((j) =>
          dot(
            p,
            v.map((r) => r[j] ?? NaN),
          ),
        ),
      );
      return { q, k, v, scores, probs, out: mixed };
    });
    for (const key of ['q', 'k', 'v', 'scores', 'probs', 'out'] as const) {
      out[`${b}.attn.${key}`] = heads.flatMap((h) => h[key].flat());
    }
    const merged = keep(
      `${b}.attn.merged`,
      t.map((_, n) => heads.flatMap((h) => h.out[n] ?? [])),
    );
    const proj = keep(`${b}.attn.proj`, linear(merged, `${b}.attn.proj`, c.dim));
    t = keep(`${b}.attn.residual`, add(t, scaled(proj, `${b}.ls1`)));
    const fc1 = keep(
      `${b}.mlp.fc1`,
      linear(keep(`${b}.norm2`, norm(t, `${b}.norm2`)), `${b}.mlp.fc1`, c.dim),
    );
    const hidden = keep(
      `${b}.mlp.gelu`,
      fc1.map((r) => r.map(act)),
    );
    const fc2 = keep(`${b}.mlp.fc2`, linear(hidden, `${b}.mlp.fc2`, s.mlp));
    t = keep(b, add(t, scaled(fc2, `${b}.ls2`)));
  }

  let features: Rows;
  if (c.pool === 'cls') {
    features = keep('pooled', keep('norm', norm(t, 'norm')).slice(0, 1));
  } else {
    const rest = t.slice(s.prefix);
    const mean = range(c.dim).map((j) => rest.reduce((a, r) => a + (r[j] ?? NaN), 0) / rest.length);
    features = keep('fc_norm', norm(keep('pooled', [mean]), 'fc_norm'));
  }
  if (c.classes > 0) keep('probs', keep('logits', linear(features, 'head', c.dim)).map(softmax));
  return out;
}
