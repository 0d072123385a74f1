import { erf } from '#lib/graph/reference.testing.ts';
import type { GeluKind } from './layers.ts';
import { frequencies } from './time.ts';

/** A weight by its name in the checkpoint, row-major. */
export type Weights = (name: string) => ArrayLike<number>;
/** Every tensor of one picture, without its batch dimension, under the graph's names. */
export type Tensors = Record<string, number[]>;
export type Rows = number[][];

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((s, v, i) => s + v * (b[i] ?? NaN), 0);
export const rowsOf = (flat: ArrayLike<number>, width: number): Rows =>
  range(flat.length / width).map((i) => Array.from(flat).slice(i * width, (i + 1) * width));
export const add = (a: Rows, b: Rows): Rows => a.map((r, i) => r.map((v, j) => v + (b[i]?.[j] ?? NaN)));
export const each = (rows: Rows, f: (v: number, column: number) => number): Rows =>
  rows.map((r) => r.map((v, j) => f(v, j)));
export const silu = (v: number): number => v / (1 + Math.exp(-v));

export function softmax(row: readonly number[]): number[] {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  const sum = e.reduce((a, v) => a + v, 0);
  return e.map((v) => v / sum);
}

/** [cos, sin] of t times the frequencies, cosines first. */
export function sinusoidRow(t: number, width: number, shift: 0 | 1 = 0): number[] {
  const angles = Array.from(frequencies(width, shift), (f) => Math.fround(t * f));
  return [...angles.map(Math.cos), ...angles.map(Math.sin)];
}

/** The 2-D table of sines and cosines, the column first. */
export function sincosRows(grid: number, dim: number, columns = grid): Rows {
  const q = dim / 4;
  const wave = (p: number, f: (a: number) => number) => range(q).map((k) => f(p / 10000 ** (k / q)));
  return range(grid * columns).map((n) => {
    const [row, col] = [Math.floor(n / columns), n % columns];
    return [...wave(col, Math.sin), ...wave(col, Math.cos), ...wave(row, Math.sin), ...wave(row, Math.cos)];
  });
}

/** Patches row by row over the picture, each flattened as (channel, row, column). */
export function patchRows(
  x: ArrayLike<number>,
  c: { image: number; imageWidth?: number; patch: number; channels: number },
): Rows {
  const { image: height, imageWidth: width = height } = c;
  const columns = Math.floor(width / c.patch);
  return range(Math.floor(height / c.patch) * columns).map((n) => {
    const [row, col] = [Math.floor(n / columns) * c.patch, (n % columns) * c.patch];
    return range(c.channels * c.patch ** 2).map((k) => {
      const [ch, i, j] = [Math.floor(k / c.patch ** 2), Math.floor(k / c.patch) % c.patch, k % c.patch];
      return x[(ch * height + row + i) * width + col + j] ?? NaN;
    });
  });
}

/** Rows flattened as (row, column, channel), put together to a picture `[C, H, W]`. */
export function pictureOf(rows: Rows, c: { image: number; patch: number; channels: number }): number[] {
  const grid = c.image / c.patch;
  return range(c.channels * c.image * c.image).map((flat) => {
    const ch = Math.floor(flat / c.image ** 2);
    const [y, x] = [Math.floor(flat / c.image) % c.image, flat % c.image];
    const row = rows[Math.floor(y / c.patch) * grid + Math.floor(x / c.patch)] ?? [];
    return row[((y % c.patch) * c.patch + (x % c.patch)) * c.channels + ch] ?? NaN;
  });
}

export interface LoopConfig {
  readonly heads: number;
  readonly qkvBias: boolean;
  readonly normEps: number;
  readonly gelu: GeluKind;
  /** A token sees itself and those before it alone. */
  readonly causal?: boolean;
  /** Queries and keys of each head are normalised. */
  readonly qkNorm?: boolean;
  /** The MLP is gated by SiLU. */
  readonly gatedMlp?: boolean;
  readonly gatedNorm?: boolean;
}

/** A query or key of token n, turned by its place. */
export type Turn = (row: readonly number[], n: number) => number[];

/** What is added to the scores of attention `name`: of head h, query i, key j. */
export type Bias = (name: string, h: number, i: number, j: number) => number;

/**
 * Layers in double precision with plain loops, written a second time from their formulas: what tests hold graphs to.
 * `out` collects every named tensor.
 */
export class Loops {
  readonly out: Tensors = {};
  readonly w: Weights;
  readonly c: LoopConfig;
  readonly bias: Bias | undefined;
  readonly turn: Turn | undefined;

  constructor(w: Weights, c: LoopConfig, bias?: Bias, turn?: Turn) {
    this.turn = turn;
    this.w = w;
    this.c = c;
    this.bias = bias;
  }

  keep(name: string, rows: Rows): Rows {
    this.out[name] = rows.flat();
    return rows;
  }

  linear(rows: Rows, name: string, bias = true): Rows {
    const weight = rowsOf(this.w(`${name}.weight`), rows[0]?.length ?? 1);
    const b = bias ? this.w(`${name}.bias`) : undefined;
    return rows.map((r) => weight.map((k, o) => dot(r, k) + (b ? (b[o] ?? NaN) : 0)));
  }

  /** LayerNorm; with `affine` false without weights. */
  norm(rows: Rows, name: string, affine = true): Rows {
    return rows.map((r) => {
      const mean = r.reduce((a, v) => a + v, 0) / r.length;
      const variance = r.reduce((a, v) => a + (v - mean) ** 2, 0) / r.length;
      const z = r.map((v) => (v - mean) / Math.sqrt(variance + this.c.normEps));
      if (!affine) return z;
      return z.map((v, i) => v * (this.w(`${name}.weight`)[i] ?? NaN) + (this.w(`${name}.bias`)[i] ?? NaN));
    });
  }

  gelu = (u: number): number => {
    if (this.c.gelu === 'sigmoid') return u / (1 + Math.exp(-1.702 * u));
    return this.c.gelu === 'erf'
      ? (u / 2) * (1 + erf(u / Math.SQRT2))
      : (u / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u ** 3)));
  };

  /** Heads of q `[T, D]` against k and v `[S, D]`; keeps q, k, v, scores, probs, out, merged. */
  mix(q: Rows, k: Rows, v: Rows, name: string): Rows {
    const dim = q[0]?.length ?? 0;
    const d = dim / this.c.heads;
    const part = (rows: Rows, h: number): Rows => rows.map((r) => r.slice(h * d, (h + 1) * d));
    const heads = range(this.c.heads).map((h) => {
      const [qh, kh, vh] = [part(q, h), part(k, h), part(v, h)];
      const even = (rows: Rows, of: string) => (this.c.qkNorm ? this.norm(rows, `${name}.${of}`) : rows);
      const turned = (rows: Rows): Rows => (this.turn ? rows.map(this.turn) : rows);
      const [qe, ke] = [even(qh, 'q_norm'), even(kh, 'k_norm')];
      const [qn, kn] = [turned(qe), turned(ke)];
      const scores = qn.map((a) => kn.map((e) => dot(a, e) / Math.sqrt(d)));
      const { causal } = this.c;
      const added = (i: number, j: number) => this.bias?.(name, h, i, j) ?? 0;
      const probs = scores.map((row, i) =>
        softmax(row.map((s, j) => (causal && j > i ? -Infinity : s + added(i, j)))),
      );
      const columns = range(d).map((j) => vh.map((r) => r[j] ?? NaN));
      return {
        q: qh,
        k: kh,
        q_norm: qe,
        k_norm: ke,
        q_rot: qn,
        k_rot: kn,
        v: vh,
        scores,
        probs,
        out: probs.map((p) => columns.map((col) => dot(p, col))),
      };
    });
    const norms = this.c.qkNorm ? (['q_norm', 'k_norm'] as const) : [];
    const turns = this.turn ? (['q_rot', 'k_rot'] as const) : [];
    for (const key of ['q', 'k', 'v', ...norms, ...turns, 'scores', 'probs', 'out'] as const) {
      this.out[`${name}.${key}`] = heads.flatMap((h) => h[key].flat());
    }
    const merged = q.map((_, n) => heads.flatMap((h) => h.out[n] ?? []));
    return this.keep(`${name}.merged`, merged);
  }

  /** Self-attention with a fused qkv: from normalised tokens to `name.proj`. */
  attention(rows: Rows, name: string): Rows {
    const dim = rows[0]?.length ?? 0;
    const qkv = this.keep(`${name}.qkv`, this.linear(rows, `${name}.qkv`, this.c.qkvBias));
    const third = (i: number): Rows => qkv.map((r) => r.slice(i * dim, (i + 1) * dim));
    const merged = this.mix(third(0), third(1), third(2), name);
    return this.keep(`${name}.proj`, this.linear(merged, `${name}.proj`));
  }

  mlp(rows: Rows, name: string): Rows {
    const fc1 = this.keep(`${name}.fc1`, this.linear(rows, `${name}.fc1`));
    const silu = (u: number) => u / (1 + Math.exp(-u));
    const half = (fc1[0]?.length ?? 0) / 2;
    let hidden: Rows;
    if (this.c.gatedMlp) {
      const gate = this.keep(
        `${name}.silu`,
        each(
          fc1.map((r) => r.slice(0, half)),
          silu,
        ),
      );
      hidden = this.keep(
        `${name}.gated`,
        fc1.map((r, n) => r.slice(half).map((v, j) => v * (gate[n]?.[j] ?? NaN))),
      );
      if (this.c.gatedNorm) hidden = this.keep(`${name}.norm`, this.norm(hidden, `${name}.norm`));
    } else hidden = this.keep(`${name}.gelu`, each(fc1, this.gelu));
    return this.keep(`${name}.fc2`, this.linear(hidden, `${name}.fc2`));
  }

  /** A pre-norm block. */
  block(rows: Rows, name: string, layerScale = false): Rows {
    const scaled = (branch: Rows, part: string): Rows => {
      if (!layerScale) return branch;
      const gamma = this.w(`${name}.${part}.gamma`);
      return this.keep(
        `${name}.${part}`,
        each(branch, (v, j) => v * (gamma[j] ?? NaN)),
      );
    };
    const norm1 = this.keep(`${name}.norm1`, this.norm(rows, `${name}.norm1`));
    const attention = scaled(this.attention(norm1, `${name}.attn`), 'ls1');
    const middle = this.keep(`${name}.attn.residual`, add(rows, attention));
    const norm2 = this.keep(`${name}.norm2`, this.norm(middle, `${name}.norm2`));
    return this.keep(name, add(middle, scaled(this.mlp(norm2, `${name}.mlp`), 'ls2')));
  }
}
