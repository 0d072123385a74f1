import { ditSizes, type DiTConfig } from './config.ts';
import {
  add,
  each,
  Loops,
  patchRows,
  pictureOf,
  range,
  rowsOf,
  silu,
  sincosRows,
  sinusoidRow,
  type Rows,
  type Tensors,
  type Weights,
} from '../shared/rows.testing.ts';

/**
 * A DiT written a second time from its formulas, in double precision with plain loops, sharing nothing with the
 * graph. Slow; for tiny configurations.
 */
export function referenceDit(
  c: DiTConfig,
  w: Weights,
  { x, t, y }: { readonly x: ArrayLike<number>; readonly t: number; readonly y: number },
): Tensors {
  const l = new Loops(w, c);
  let h = l.keep('x_embedder', l.linear(l.keep('patches', patchRows(x, c)), 'x_embedder.proj'));
  if (c.positions === 'sincos2d') h = add(h, sincosRows(c.image / c.patch, c.dim));

  const waves = l.keep('t_embedder.sinusoid', [sinusoidRow(t, c.timeFrequencies, c.timeShift)]);
  const hidden = l.keep('t_embedder.mlp.0', l.linear(waves, 't_embedder.mlp.0'));
  const time = l.keep(
    't_embedder',
    l.linear(l.keep('t_embedder.mlp.1', each(hidden, silu)), 't_embedder.mlp.2'),
  );
  const table = c.classes > 0 ? rowsOf(w('y_embedder.embedding_table.weight'), c.dim) : [];
  const label = c.classes > 0 ? l.keep('y_embedder', [table[y] ?? []]) : [];
  const tokens: Rows = [...time, ...label];
  if (c.condition === 'in-context') h = [...h, ...tokens];
  l.keep('tokens', h);

  const ada = c.condition === 'adaln' || c.condition === 'adaln-zero';
  const active = ada
    ? l.keep('c_silu', each(l.keep('c', label.length > 0 ? add(time, label) : time), silu))
    : [];
  const pieces = (name: string, parts: readonly string[]): Record<string, number[]> => {
    const all = l.linear(active, `${name}.adaLN_modulation.1`);
    const [flat = []] = l.keep(`${name}.adaLN_modulation`, all);
    return Object.fromEntries(
      parts.map((p, i) => {
        const row = flat.slice(i * c.dim, (i + 1) * c.dim);
        l.keep(`${name}.${p}`, [row]);
        return [p, row];
      }),
    );
  };
  const modulated = (rows: Rows, shift: number[] = [], scale: number[] = []): Rows =>
    each(rows, (v, j) => v * (1 + (scale[j] ?? NaN)) + (shift[j] ?? NaN));
  const gated = (rows: Rows, gate: number[] | undefined, name: string): Rows =>
    gate
      ? l.keep(
          name,
          each(rows, (v, j) => v * (gate[j] ?? NaN)),
        )
      : rows;

  for (const i of range(c.depth)) {
    const b = `blocks.${i}`;
    if (c.condition === 'in-context') h = l.block(h, b);
    else if (ada) {
      const gate = c.condition === 'adaln-zero';
      const branch = (part: string) => [`shift_${part}`, `scale_${part}`, ...(gate ? [`gate_${part}`] : [])];
      const m = pieces(b, [...branch('msa'), ...branch('mlp')]);
      const norm1 = l.keep(`${b}.norm1`, l.norm(h, '', false));
      const first = l.keep(`${b}.modulated1`, modulated(norm1, m['shift_msa'], m['scale_msa']));
      const attention = gated(l.attention(first, `${b}.attn`), m['gate_msa'], `${b}.attn.gated`);
      h = l.keep(`${b}.attn.residual`, add(h, attention));
      const norm2 = l.keep(`${b}.norm2`, l.norm(h, '', false));
      const second = l.keep(`${b}.modulated2`, modulated(norm2, m['shift_mlp'], m['scale_mlp']));
      h = l.keep(b, add(h, gated(l.mlp(second, `${b}.mlp`), m['gate_mlp'], `${b}.mlp.gated`)));
    } else {
      const norm1 = l.keep(`${b}.norm1`, l.norm(h, `${b}.norm1`));
      h = l.keep(`${b}.attn.residual`, add(h, l.attention(norm1, `${b}.attn`)));
      const across = l.keep(`${b}.norm_cross`, l.norm(h, `${b}.norm_cross`));
      const q = l.linear(across, `${b}.cross.q`, c.qkvBias);
      const kv = l.linear(tokens, `${b}.cross.kv`, c.qkvBias);
      const [k, v] = [kv.map((r) => r.slice(0, c.dim)), kv.map((r) => r.slice(c.dim))];
      const merged = l.mix(q, k, v, `${b}.cross`);
      h = l.keep(
        `${b}.cross.residual`,
        add(h, l.keep(`${b}.cross.proj`, l.linear(merged, `${b}.cross.proj`))),
      );
      const norm2 = l.keep(`${b}.norm2`, l.norm(h, `${b}.norm2`));
      h = l.keep(b, add(h, l.mlp(norm2, `${b}.mlp`)));
    }
  }

  const f = 'final_layer';
  if (c.condition === 'in-context') h = l.keep('patch_tokens', h.slice(0, ditSizes(c).patches));
  let rows: Rows;
  if (ada) {
    const m = pieces(f, ['shift', 'scale']);
    const norm = l.keep(`${f}.norm`, l.norm(h, '', false));
    rows = l.keep(`${f}.modulated`, modulated(norm, m['shift'], m['scale']));
  } else {
    rows = l.keep(`${f}.norm`, l.norm(h, `${f}.norm_final`));
  }
  const out = l.keep(`${f}.linear`, l.linear(rows, `${f}.linear`));
  const picture = pictureOf(out, { ...c, channels: c.channels * (c.learnSigma ? 2 : 1) });
  l.out['unpatchify'] = picture;
  const half = c.channels * c.image ** 2;
  l.out['prediction'] = picture.slice(0, half);
  if (c.learnSigma) l.out['variance'] = picture.slice(half);
  return l.out;
}
