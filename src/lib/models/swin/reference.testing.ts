import {
  add,
  dot,
  each,
  Loops,
  patchRows,
  range,
  sincosRows,
  softmax,
  type Rows,
  type Tensors,
  type Weights,
} from '../shared/rows.testing.ts';
import type { SwinConfig } from './config.ts';

/** The smallest pyramid with all of it: two stages of two blocks, windows of 2 × 2 on grids of 8 and 4. */
export const TINY: Partial<SwinConfig> = {
  image: 16,
  patch: 2,
  dim: 8,
  depths: [2, 2],
  heads: [1, 2],
  window: 2,
  mlpRatio: 2,
  classes: 3,
};

/** One picture's hierarchical transformer, token by token: pairs of tokens are asked by their places on the grid. */
class SwinLoops extends Loops {
  readonly config: SwinConfig;

  constructor(w: Weights, config: SwinConfig) {
    const { qkvBias, normEps, gelu } = config;
    super(w, { heads: 1, qkvBias, normEps, gelu });
    this.config = config;
  }

  /** Queries, keys and values of one head out of rows `[q | k | v]`, each head-major. */
  head(rows: Rows, part: 0 | 1 | 2, h: number, heads: number): Rows {
    const dim = (rows[0]?.length ?? 0) / 3;
    const d = dim / heads;
    return rows.map((r) => r.slice(part * dim + h * d, part * dim + (h + 1) * d));
  }

  /**
   * Softmax attention among some tokens. `extra` says what is added to the score of a pair: by its head and its places
   * in the list. Gives the rows of `merged`, and every step by head.
   */
  attend(qkv: Rows, heads: number, extra: (h: number, i: number, j: number) => number) {
    const parts = range(heads).map((h) => {
      const [q, k, v] = ([0, 1, 2] as const).map((p) => this.head(qkv, p, h, heads)) as [Rows, Rows, Rows];
      const d = q[0]?.length ?? 1;
      const scores = q.map((a) => k.map((b) => dot(a, b) / Math.sqrt(d)));
      const seen = scores.map((row, i) => row.map((s, j) => s + extra(h, i, j)));
      const probs = seen.map(softmax);
      const out = probs.map((p) =>
        range(d).map((c) => p.reduce((sum, w, j) => sum + w * (v[j]?.[c] ?? NaN), 0)),
      );
      return { q, k, v, scores, probs, out };
    });
    const merged = qkv.map((_, n) => parts.flatMap((p) => p.out[n] ?? []));
    return { parts, merged };
  }

  /** A row's neighbours through a kernel `[C, 1, k, k]` of every channel, zeros beyond the edge. */
  depthwise(rows: Rows, kernel: ArrayLike<number>, k: number, bias?: ArrayLike<number>): Rows {
    const grid = Math.sqrt(rows.length);
    const reach = (k - 1) / 2;
    return rows.map((row, n) => {
      const [y, x] = [Math.floor(n / grid), n % grid];
      return row.map((_, c) => {
        let sum = bias?.[c] ?? 0;
        for (let i = -reach; i <= reach; i++)
          for (let j = -reach; j <= reach; j++) {
            if (y + i < 0 || y + i >= grid || x + j < 0 || x + j >= grid) continue;
            const tap = kernel[(c * k + i + reach) * k + j + reach] ?? NaN;
            sum += tap * (rows[(y + i) * grid + x + j]?.[c] ?? NaN);
          }
        return sum;
      });
    });
  }

  linearAttention(x: Rows, name: string, heads: number): Rows {
    const attn = `${name}.attn`;
    const qkv = this.keep(`${attn}.qkv`, this.linear(x, `${attn}.qkv`, this.c.qkvBias));
    const scales = [qkv];
    if (this.config.attention === 'multi-scale-linear') {
      const near = this.keep(`${attn}.aggreg.0`, this.depthwise(qkv, this.w(`${attn}.aggreg.0.weight`), 5));
      const d = (near[0]?.length ?? 0) / 3 / heads;
      const mix = this.w(`${attn}.aggreg.1.weight`);
      const far = near.map((row) =>
        row.map((_, c) => {
          const first = Math.floor(c / d) * d;
          return range(d).reduce((sum, i) => sum + (mix[c * d + i] ?? NaN) * (row[first + i] ?? NaN), 0);
        }),
      );
      scales.push(this.keep(`${attn}.aggreg.1`, far));
    }
    const all = scales.flatMap((scale) =>
      range(heads).map((h) => {
        const [q, k, v] = ([0, 1, 2] as const).map((p) => this.head(scale, p, h, heads)) as [
          Rows,
          Rows,
          Rows,
        ];
        const [fq, fk] = [q, k].map((rows) => each(rows, (n) => Math.max(n, 0))) as [Rows, Rows];
        // The weights of every pair, as if there were no shorter way.
        const weights = fq.map((a) => fk.map((b) => dot(a, b)));
        const normaliser = weights.map((row) => [row.reduce((sum, n) => sum + n, 1e-6)]);
        const out = weights.map((row, i) =>
          (v[0] ?? []).map(
            (_, c) =>
              row.reduce((sum, w, j) => sum + w * (v[j]?.[c] ?? NaN), 0) / (normaliser[i]?.[0] ?? NaN),
          ),
        );
        const kv = (fk[0] ?? []).map((_, a) =>
          (v[0] ?? []).map((_, b) =>
            fk.reduce((sum, row, j) => sum + (row[a] ?? NaN) * (v[j]?.[b] ?? NaN), 0),
          ),
        );
        return { q, k, v, q_relu: fq, k_relu: fk, kv, normaliser, out };
      }),
    );
    for (const part of ['q', 'k', 'v', 'q_relu', 'k_relu', 'kv', 'normaliser', 'out'] as const)
      this.out[`${attn}.${part}`] = all.flatMap((h) => h[part].flat());
    const merged = this.keep(
      `${attn}.merged`,
      x.map((_, n) => all.flatMap((h) => h.out[n] ?? [])),
    );
    return this.keep(`${attn}.proj`, this.linear(merged, `${attn}.proj`));
  }

  globalAttention(x: Rows, name: string, heads: number): Rows {
    const attn = `${name}.attn`;
    const qkv = this.keep(`${attn}.qkv`, this.linear(x, `${attn}.qkv`, this.c.qkvBias));
    const { parts, merged } = this.attend(qkv, heads, () => 0);
    for (const part of ['q', 'k', 'v', 'scores', 'probs', 'out'] as const)
      this.out[`${attn}.${part}`] = parts.flatMap((h) => h[part].flat());
    this.keep(`${attn}.merged`, merged);
    return this.keep(`${attn}.proj`, this.linear(merged, `${attn}.proj`));
  }

  /**
   * Attention in windows. A token is found by its place on the grid; shifted windows begin `shift` rows and columns
   * further down and to the right and go on at the other side, where tokens from both sides do not see one another.
   */
  windowAttention(x: Rows, name: string, heads: number, shift: number): Rows {
    const attn = `${name}.attn`;
    const { window: M } = this.config;
    const grid = Math.sqrt(x.length);
    const across = grid / M;
    if (shift > 0)
      this.keep(
        `${name}.rolled`,
        x.map((_, n) => {
          const [y, c] = [Math.floor(n / grid), n % grid];
          return x[((y + shift) % grid) * grid + ((c + shift) % grid)] ?? [];
        }),
      );
    const windows = range(across * across).map((w) =>
      range(M * M).map((i) => {
        const [y, c] = [
          Math.floor(w / across) * M + Math.floor(i / M) + shift,
          (w % across) * M + (i % M) + shift,
        ];
        return { at: (y % grid) * grid + (c % grid), wrapped: [y >= grid, c >= grid] as const };
      }),
    );
    const table = this.config.relativeBias ? this.w(`${attn}.relative_position_bias_table`) : undefined;
    const bias = (h: number, i: number, j: number): number => {
      if (!table) return 0;
      const [dy, dx] = [Math.floor(i / M) - Math.floor(j / M), (i % M) - (j % M)];
      return table[((dy + M - 1) * (2 * M - 1) + dx + M - 1) * heads + h] ?? NaN;
    };
    const kept: Record<string, number[]> = {};
    const note = (part: string, rows: Rows) => (kept[`${attn}.${part}`] ??= []).push(...rows.flat());
    const answer: Rows = x.map(() => []);
    for (const tokens of windows) {
      const mask = (i: number, j: number): number => {
        const [a, b] = [tokens[i]?.wrapped, tokens[j]?.wrapped];
        return a?.[0] === b?.[0] && a?.[1] === b?.[1] ? 0 : -100;
      };
      const rows = tokens.map(({ at }) => x[at] ?? []);
      (kept[`${name}.windows`] ??= []).push(...rows.flat());
      const qkv = this.linear(rows, `${attn}.qkv`, this.c.qkvBias);
      note('qkv', qkv);
      const { parts, merged } = this.attend(
        qkv,
        heads,
        (h, i, j) => bias(h, i, j) + (shift > 0 ? mask(i, j) : 0),
      );
      if (shift > 0)
        note(
          'mask',
          tokens.map((_, i) => tokens.map((_, j) => mask(i, j))),
        );
      for (const [h, part] of parts.entries()) {
        for (const key of ['q', 'k', 'v', 'scores', 'probs', 'out'] as const) note(key, part[key]);
        const biased = part.scores.map((row, i) => row.map((s, j) => s + bias(h, i, j)));
        if (table) note('biased', biased);
        if (shift > 0)
          note(
            'masked',
            biased.map((row, i) => row.map((s, j) => s + mask(i, j))),
          );
      }
      const proj = this.linear(merged, `${attn}.proj`);
      note('merged', merged);
      note('proj', proj);
      tokens.forEach(({ at }, i) => (answer[at] = proj[i] ?? []));
    }
    Object.assign(this.out, kept);
    return this.keep(`${name}.unrolled`, answer);
  }

  /** L2 norm over the tokens of each window of the mean of |x|. */
  scores(x: Rows, shift: number): number[] {
    const { window: M } = this.config;
    const grid = Math.sqrt(x.length);
    const across = grid / M;
    const sums = range(across * across).map(() => 0);
    x.forEach((row, n) => {
      const [y, c] = [(Math.floor(n / grid) - shift + grid) % grid, ((n % grid) - shift + grid) % grid];
      const activity = row.reduce((sum, v) => sum + Math.abs(v), 0) / row.length;
      const w = Math.floor(y / M) * across + Math.floor(c / M);
      sums[w] = (sums[w] ?? 0) + activity ** 2;
    });
    return sums.map(Math.sqrt);
  }

  depthwiseMlp(x: Rows, name: string): Rows {
    const fc1 = this.keep(`${name}.fc1`, this.linear(x, `${name}.fc1`));
    const hidden = this.keep(`${name}.gelu`, each(fc1, this.gelu));
    const [kernel, bias] = [this.w(`${name}.dwconv.weight`), this.w(`${name}.dwconv.bias`)];
    const seen = this.keep(`${name}.dwconv`, this.depthwise(hidden, kernel, 3, bias));
    const second = this.keep(`${name}.gelu2`, each(seen, this.gelu));
    return this.keep(`${name}.fc2`, this.linear(second, `${name}.fc2`));
  }
}

/**
 * The network written a second time from its formulas, in double precision with plain loops, sharing nothing with the
 * graph: what tests hold the graph to. Slow; for tiny configurations.
 */
export function referenceSwin(c: SwinConfig, w: Weights, x: ArrayLike<number>): Tensors {
  const l = new SwinLoops(w, c);
  const windowed = c.attention === 'window' || c.attention === 'shifted-window';
  const proj = l.keep('patch_embed.proj', l.linear(l.keep('patches', patchRows(x, c)), 'patch_embed.proj'));
  let t = l.keep('patch_embed', l.norm(proj, 'patch_embed.norm'));
  if (c.positions === 'sincos2d') t = l.keep('pos_added', add(t, sincosRows(Math.sqrt(t.length), c.dim)));
  c.depths.forEach((depth, s) => {
    if (s > 0) {
      const name = `layers.${s}.downsample`;
      const grid = Math.sqrt(t.length);
      const rows = range(t.length / 4).map((n) => {
        const [y, col] = [2 * Math.floor(n / (grid / 2)), 2 * (n % (grid / 2))];
        return [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ].flatMap(([i = 0, j = 0]) => t[(y + i) * grid + col + j] ?? []);
      });
      const norm = l.keep(`${name}.norm`, l.norm(l.keep(`${name}.merged`, rows), `${name}.norm`));
      t = l.keep(name, l.linear(norm, `${name}.reduction`, false));
    }
    const shift =
      c.attention === 'shifted-window' && depth > 1 && Math.sqrt(t.length) > c.window ? c.window >> 1 : 0;
    if (windowed) l.out[`layers.${s}.window_scores`] = l.scores(t, 0);
    if (shift > 0) l.out[`layers.${s}.shifted_window_scores`] = l.scores(t, shift);
    for (const b of range(depth)) {
      const name = `layers.${s}.blocks.${b}`;
      const heads = c.heads[s] ?? 1;
      const norm1 = l.keep(`${name}.norm1`, l.norm(t, `${name}.norm1`));
      const branch = windowed
        ? l.windowAttention(norm1, name, heads, b % 2 === 1 ? shift : 0)
        : c.attention === 'global'
          ? l.globalAttention(norm1, name, heads)
          : l.linearAttention(norm1, name, heads);
      const middle = l.keep(`${name}.attn.residual`, add(t, branch));
      const norm2 = l.keep(`${name}.norm2`, l.norm(middle, `${name}.norm2`));
      const mlp = c.mlp === 'plain' ? l.mlp(norm2, `${name}.mlp`) : l.depthwiseMlp(norm2, `${name}.mlp`);
      t = l.keep(name, add(middle, mlp));
    }
  });
  const norm = l.keep('norm', l.norm(t, 'norm'));
  const mean = range(norm[0]?.length ?? 0).map(
    (j) => norm.reduce((a, r) => a + (r[j] ?? NaN), 0) / norm.length,
  );
  l.keep('probs', l.keep('logits', l.linear(l.keep('pooled', [mean]), 'head.fc')).map(softmax));
  return l.out;
}
