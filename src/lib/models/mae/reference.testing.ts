import type { MAEConfig } from './config.ts';
import {
  add,
  Loops,
  patchRows,
  pictureOf,
  range,
  rowsOf,
  sincosRows,
  type Tensors,
  type Weights,
} from '../shared/rows.testing.ts';

/**
 * A masked autoencoder written a second time from its formulas, in double precision with plain loops, sharing nothing
 * with the graph: it puts each patch in its place by the list of seen patches alone. Slow; for tiny configurations.
 */
export function referenceMae(
  c: MAEConfig,
  w: Weights,
  x: ArrayLike<number>,
  keep: readonly number[],
): Tensors {
  const l = new Loops(w, c);
  const grid = c.image / c.patch;
  const embedded = l.keep('patch_embed', l.linear(l.keep('patches', patchRows(x, c)), 'patch_embed.proj'));
  const placed = l.keep('pos_added', add(embedded, sincosRows(grid, c.dim)));
  const seen = l.keep(
    'visible',
    keep.map((n) => placed[n] ?? []),
  );
  let h = l.keep('tokens', [...rowsOf(w('cls_token'), c.dim), ...seen]);
  for (const i of range(c.depth)) h = l.block(h, `blocks.${i}`);
  const [cls = [], ...code] = l.keep(
    'decoder_embed',
    l.linear(l.keep('norm', l.norm(h, 'norm')), 'decoder_embed'),
  );

  const mask = Array.from(w('mask_token'));
  const whole = l.keep(
    'unshuffled',
    range(grid * grid).map((n) => (keep.includes(n) ? (code[keep.indexOf(n)] ?? []) : mask)),
  );
  const table = [cls.map(() => 0), ...sincosRows(grid, c.decoderDim)];
  h = l.keep('decoder_tokens', add([cls, ...whole], table));
  const d = new Loops(w, { ...c, heads: c.decoderHeads });
  for (const i of range(c.decoderDepth)) h = d.block(h, `decoder_blocks.${i}`);
  const pred = l.keep(
    'decoder_pred',
    l.linear(l.keep('decoder_norm', l.norm(h, 'decoder_norm')), 'decoder_pred'),
  );
  l.out['reconstruction'] = pictureOf(l.keep('patch_pred', pred.slice(1)), c);
  return { ...l.out, ...d.out };
}
