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
import type { UViTConfig } from './config.ts';

/** What one picture's forward pass is given. */
export interface UViTInputs {
  readonly x: ArrayLike<number>;
  readonly t: number;
  readonly y: number;
  readonly context?: ArrayLike<number>;
}

/**
 * A U-ViT written a second time from its formulas, in double precision with plain loops, sharing nothing with the
 * graph. Slow; for tiny configurations.
 */
export function referenceUVit(c: UViTConfig, w: Weights, { x, t, y, context }: UViTInputs): Tensors {
  const l = new Loops(w, c);
  const patches = l.keep('patch_embed', l.linear(l.keep('patches', patchRows(x, c)), 'patch_embed.proj'));
  let time = l.keep('timestep_embedding', [sinusoidRow(t, c.dim)]);
  if (c.timeMlp) {
    const hidden = l.keep('time_embed.0', l.linear(time, 'time_embed.0'));
    time = l.keep('time_embed.2', l.linear(l.keep('time_embed.1', each(hidden, silu)), 'time_embed.2'));
  }
  l.keep('time_token', time);
  const label = c.classes > 0 ? l.keep('label_token', [rowsOf(w('label_emb.weight'), c.dim)[y] ?? []]) : [];
  const words = c.contextTokens ?? 0;
  const text =
    words > 0
      ? l.keep('context_tokens', l.linear(rowsOf(context ?? [], c.contextDim ?? 768), 'context_embed'))
      : [];
  const extras = [...label, ...time, ...text];
  let h = l.keep('token_cat', [...extras, ...patches]);
  if (c.positions === 'learned') h = add(h, rowsOf(w('pos_embed'), c.dim));
  if (c.positions === 'sincos2d') {
    const table = sincosRows(c.image / c.patch, c.dim);
    h = add(h, [...extras.map((r) => r.map(() => 0)), ...table]);
  }
  l.keep('tokens', h);

  const n = c.depth / 2;
  const stack: Rows[] = [];
  for (const i of range(n)) {
    h = l.block(h, `in_blocks.${i}`);
    stack.push(h);
  }
  h = l.block(h, 'mid_block');
  for (const j of range(n)) {
    const s = stack.pop() ?? [];
    const name = `out_blocks.${j}`;
    if (c.skip !== 'none') l.keep(`${name}.skip`, s);
    const project = (rows: Rows) => l.keep(`${name}.skip_linear`, l.linear(rows, `${name}.skip_linear`));
    const sum = (rows: Rows) => l.keep(`${name}.skip_add`, add(h, rows));
    if (c.skip === 'concat')
      h = project(
        l.keep(
          `${name}.skip_cat`,
          h.map((r, i) => [...r, ...(s[i] ?? [])]),
        ),
      );
    else if (c.skip === 'add') h = sum(s);
    else if (c.skip === 'project-add') h = sum(project(s));
    else if (c.skip === 'add-project') h = project(sum(s));
    h = l.block(h, name);
  }

  const pred = l.keep('decoder_pred', l.linear(l.keep('norm', l.norm(h, 'norm')), 'decoder_pred'));
  const picture = pictureOf(l.keep('patch_pred', pred.slice(extras.length)), c);
  l.out['unpatchify'] = picture;
  if (c.conv) l.out['final_layer'] = convolved(picture, c, w('final_layer.weight'), w('final_layer.bias'));
  l.out['prediction'] = c.conv ? l.out['final_layer']! : picture;
  return l.out;
}

/** A 3 × 3 convolution with one pixel of zeros around. */
function convolved(
  picture: readonly number[],
  { image: side, channels }: UViTConfig,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): number[] {
  return range(channels * side * side).map((flat) => {
    const [o, y, x] = [Math.floor(flat / side ** 2), Math.floor(flat / side) % side, flat % side];
    let sum = bias[o] ?? NaN;
    for (const i of range(channels)) {
      for (const ky of range(3)) {
        for (const kx of range(3)) {
          const [py, px] = [y + ky - 1, x + kx - 1];
          if (py < 0 || px < 0 || py >= side || px >= side) continue;
          const at = picture[(i * side + py) * side + px] ?? NaN;
          sum += at * (weight[((o * channels + i) * 3 + ky) * 3 + kx] ?? NaN);
        }
      }
    }
    return sum;
  });
}
