import { softmax, silu, sinusoidRow, range, type Tensors, type Weights } from '../shared/rows.testing.ts';
import { unetSizes, wholeUnet, type UNetConfig } from './graph.ts';

/** Channels of flat planes, `[C][side · side]`. */
type Planes = number[][];

/**
 * DDPM's U-Net written a second time from its description, in double precision with plain loops, sharing nothing with
 * the graph. Slow; for tiny configurations.
 */
export function referenceUnet(
  c: UNetConfig,
  w: Weights,
  {
    x,
    t,
    y,
    context = [],
  }: {
    readonly x: ArrayLike<number>;
    readonly t: number;
    readonly y: number;
    /** Rows of the text's features. */
    readonly context?: readonly (readonly number[])[];
  },
): Tensors {
  const { scaleShift, heads } = wholeUnet(c);
  const out: Tensors = {};
  const sideOf = (h: Planes) => Math.sqrt(h[0]!.length);
  const keep = (name: string, h: Planes): Planes => ((out[name] = h.flat()), h);
  const at = (name: string, i: number) => w(name)[i] ?? NaN;
  const linear = (row: readonly number[], name: string): number[] =>
    range(w(`${name}.bias`).length).map(
      (o) =>
        at(`${name}.bias`, o) + row.reduce((s, v, i) => s + v * at(`${name}.weight`, o * row.length + i), 0),
    );
  const conv = (h: Planes, name: string, k: number, stride = 1): Planes => {
    const side = sideOf(h);
    const first = stride === 2 ? 0 : -(k - 1) / 2;
    const next = side / stride;
    return range(w(`${name}.bias`).length).map((o) =>
      range(next * next).map((p) => {
        const [row, col] = [Math.floor(p / next) * stride + first, (p % next) * stride + first];
        let sum = at(`${name}.bias`, o);
        h.forEach((plane, ch) => {
          for (let i = 0; i < k; i++)
            for (let j = 0; j < k; j++) {
              const [r, q] = [row + i, col + j];
              if (r < 0 || q < 0 || r >= side || q >= side) continue;
              sum += plane[r * side + q]! * at(`${name}.weight`, ((o * h.length + ch) * k + i) * k + j);
            }
        });
        return sum;
      }),
    );
  };
  const norm = (h: Planes, name: string): Planes => {
    const size = h.length / c.groups;
    return keep(
      name,
      h.map((plane, ch) => {
        const group = h.slice(Math.floor(ch / size) * size, (Math.floor(ch / size) + 1) * size).flat();
        const mean = group.reduce((a, v) => a + v, 0) / group.length;
        const variance = group.reduce((a, v) => a + (v - mean) ** 2, 0) / group.length;
        return plane.map(
          (v) =>
            ((v - mean) / Math.sqrt(variance + c.normEps)) * at(`${name}.weight`, ch) +
            at(`${name}.bias`, ch),
        );
      }),
    );
  };
  const act = (h: Planes): Planes => h.map((plane) => plane.map(silu));
  const plus = (a: Planes, b: Planes): Planes => a.map((p, i) => p.map((v, j) => v + b[i]![j]!));

  const waves = sinusoidRow(t, c.width);
  out['temb.sinusoid'] = waves;
  const hidden = (out['temb.dense.0'] = linear(waves, 'temb.dense.0'));
  let e = (out['temb.dense.1'] = linear(hidden.map(silu), 'temb.dense.1'));
  if (c.classes > 0) {
    const label = (out['label_emb'] = e.map((_, i) => at('label_emb.weight', y * e.length + i)));
    e = out['condition'] = e.map((v, i) => v + label[i]!);
  }

  const res = (h: Planes, name: string, channels: number): Planes => {
    const h1 = keep(`${name}.conv1`, conv(act(norm(h, `${name}.norm1`)), `${name}.conv1`, 3));
    const time = (out[`${name}.temb_proj`] = linear(e.map(silu), `${name}.temb_proj`));
    const timed = scaleShift
      ? keep(
          `${name}.modulated`,
          norm(h1, `${name}.norm2`).map((plane, ch) =>
            plane.map((v) => v * (1 + time[ch]!) + time[channels + ch]!),
          ),
        )
      : norm(
          keep(
            `${name}.timed`,
            h1.map((plane, ch) => plane.map((v) => v + time[ch]!)),
          ),
          `${name}.norm2`,
        );
    const h2 = keep(`${name}.conv2`, conv(act(timed), `${name}.conv2`, 3));
    const carried =
      h.length === channels ? h : keep(`${name}.nin_shortcut`, conv(h, `${name}.nin_shortcut`, 1));
    return keep(name, plus(carried, h2));
  };
  const attn = (h: Planes, name: string): Planes => {
    const z = norm(h, `${name}.norm`);
    const [q, k, v] = (['q', 'k', 'v'] as const).map((p) => keep(`${name}.${p}`, conv(z, `${name}.${p}`, 1)));
    const pixels = range(h[0]!.length);
    const dot = (i: number, j: number) => q!.reduce((s, plane, ch) => s + plane[i]! * k![ch]![j]!, 0);
    const scores = keep(
      `${name}.scores`,
      pixels.map((i) => pixels.map((j) => dot(i, j) / Math.sqrt(h.length))),
    );
    const probs = keep(`${name}.probs`, scores.map(softmax));
    const mixed = keep(
      `${name}.mixed`,
      v!.map((plane) => pixels.map((i) => pixels.reduce((s, j) => s + plane[j]! * probs[i]![j]!, 0))),
    );
    return keep(name, plus(h, keep(`${name}.proj_out`, conv(mixed, `${name}.proj_out`, 1))));
  };

  const product = (row: readonly number[], name: string): number[] =>
    range(w(name).length / row.length).map((o) =>
      row.reduce((s, v, i) => s + v * at(name, o * row.length + i), 0),
    );
  /** Each pixel asks the rows of the text, head by head. */
  const read = (h: Planes, name: string): Planes => {
    if (context.length === 0) return h;
    const z = norm(h, `${name}.norm`);
    const [pixels, channels] = [range(h[0]!.length), h.length];
    const d = channels / heads;
    const places = pixels.map((p) => z.map((plane) => plane[p]!));
    const queries = places.map((row) => product(row, `${name}.q.weight`));
    const pairs = context.map((row) => product(row, `${name}.kv.weight`));
    const each = range(heads).map((head) => {
      const cut = (rows: readonly (readonly number[])[], first: number) =>
        rows.map((row) => row.slice(first + head * d, first + (head + 1) * d));
      const [q, k, v] = [cut(queries, 0), cut(pairs, 0), cut(pairs, channels)];
      const scores = q.map((a) =>
        k.map((b) => a.reduce((s, value, i) => s + value * b[i]!, 0) / Math.sqrt(d)),
      );
      const probs = scores.map(softmax);
      const mixed = probs.map((row) => range(d).map((i) => row.reduce((s, p, l) => s + p * v[l]![i]!, 0)));
      return { q, k, v, scores, probs, out: mixed };
    });
    for (const part of ['q', 'k', 'v', 'scores', 'probs', 'out'] as const)
      out[`${name}.${part}`] = each.flatMap((one) => one[part].flat());
    const merged = pixels.map((p) => each.flatMap((one) => one.out[p]!));
    const proj = merged.map((row) => linear(row, `${name}.proj`));
    out[`${name}.places`] = places.flat();
    out[`${name}.merged`] = merged.flat();
    out[`${name}.proj`] = proj.flat();
    return keep(
      name,
      h.map((plane, ch) => plane.map((v, p) => v + proj[p]![ch]!)),
    );
  };

  const { levels } = unetSizes(c);
  const area = c.image ** 2;
  const picture = range(c.channels).map((ch) => range(area).map((p) => x[ch * area + p] ?? NaN));
  let h = keep('conv_in', conv(picture, 'conv_in', 3));
  const skips = [h];
  levels.forEach((level, i) => {
    for (const j of range(c.blocks)) {
      h = res(h, `down.${i}.block.${j}`, level.channels);
      if (level.attention) h = read(attn(h, `down.${i}.attn.${j}`), `down.${i}.attn2.${j}`);
      skips.push(h);
    }
    if (i === levels.length - 1) return;
    h = keep(`down.${i}.downsample`, conv(h, `down.${i}.downsample.conv`, 3, 2));
    skips.push(h);
  });
  const deep = levels.at(-1)!.channels;
  h = read(attn(res(h, 'mid.block_1', deep), 'mid.attn_1'), 'mid.attn2_1');
  h = res(h, 'mid.block_2', deep);
  for (const i of range(levels.length).reverse()) {
    for (const j of range(c.blocks + 1)) {
      h = keep(`up.${i}.block.${j}.skip_cat`, [...h, ...skips.pop()!]);
      h = res(h, `up.${i}.block.${j}`, levels[i]!.channels);
      if (levels[i]!.attention) h = read(attn(h, `up.${i}.attn.${j}`), `up.${i}.attn2.${j}`);
    }
    if (i === 0) break;
    const side = sideOf(h);
    const twice = h.map((plane) =>
      range(4 * side * side).map((p) => {
        const [row, col] = [Math.floor(p / (2 * side)), p % (2 * side)];
        return plane[Math.floor(row / 2) * side + Math.floor(col / 2)]!;
      }),
    );
    h = keep(`up.${i}.upsample`, conv(twice, `up.${i}.upsample.conv`, 3));
  }
  keep('prediction', conv(act(norm(h, 'norm_out')), 'conv_out', 3));
  return out;
}
