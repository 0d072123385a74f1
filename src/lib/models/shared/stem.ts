import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { layerNorm, tokenTable } from './layers.ts';
import { embed, gridOf, patchify } from './patches.ts';
import { sincos2d } from './positions.ts';
import {
  hasClassToken,
  hasPatchBias,
  namedTokensOf,
  prefixOf,
  registersComeLate,
  type StemConfig,
} from './stem-config.ts';
import { stemDocs } from './stem-docs.ts';

export interface StemOptions {
  /** Stands before the names of tensors and weights: empty, or `visual.`. */
  readonly prefix?: string;
  /** A scalar, the factor on the positions. */
  readonly posScale?: Value | undefined;
}

/** The position table, `[1, count, D]`; rows of `before` prefix tokens in the fixed table are 0. */
function positionTable(g: Graph, c: StemConfig, name: string, before: number): Value {
  const [rows, columns] = gridOf(c);
  const count = before + rows * columns;
  const shape = [1, count, c.dim];
  const dims = ['1', before > 0 ? 'T' : 'N', 'D'];
  if (c.positions === 'learned') return g.initializer(name, shape, dims);
  const table = new Float32Array(count * c.dim);
  table.set(sincos2d(rows, columns, c.dim), before * c.dim);
  return g.constant(table, shape, dims);
}

/**
 * From a picture `x` `[B, C, H, W]` to the tokens of block 0, `[B, T, D]` (Dosovitskiy et al. 2021, equation 1), weights
 * under timm's names. Names: `patches`, `patch_embed`, `pos_added` (positions on patches alone, or before registers come), `cls_cat`,
 * `tokens`, `norm_pre` (with `preNorm`).
 */
export function pictureTokens(g: Graph, x: Value, c: StemConfig, options: StemOptions = {}): Value {
  const { prefix = '', posScale } = options;
  const docs = stemDocs(c, posScale !== undefined);
  const named = (name: string, doc: Doc) => ({ name: prefix + name, doc });
  const [batch = 1] = x.shape;
  const patches = patchify(g, x, c, named('patches', docs.patches));
  const projection = `${prefix}patch_embed.proj`;
  const patchEmbed = embed(g, patches, c, projection, named('patch_embed', docs.patchEmbed), hasPatchBias(c));
  const positions = (of: Value, before: number, as: { name: string; doc: Doc }) => {
    const table = positionTable(g, c, `${prefix}pos_embed`, before);
    return g.add(of, posScale ? g.mul(table, posScale) : table, as);
  };

  let sequence = patchEmbed;
  const late = registersComeLate(c);
  const early = c.positions !== 'none' && !c.clsPosition;
  if (early) sequence = positions(sequence, 0, named('pos_added', docs.posAdded));
  const extra: Value[] = [];
  if (hasClassToken(c)) extra.push(tokenTable(g, `${prefix}cls_token`, 1, batch, c.dim));
  if (c.distToken) extra.push(tokenTable(g, `${prefix}dist_token`, 1, batch, c.dim));
  const registers = () => tokenTable(g, `${prefix}reg_token`, c.registers, batch, c.dim);
  if (c.registers > 0 && !late) extra.push(registers());
  const cat = { ...named('cls_cat', docs.clsCat), dims: ['B', 'T', 'D'] };
  sequence = extra.length > 0 ? g.concat([...extra, sequence], 1, cat) : g.identity(sequence, cat);
  const last = named('tokens', docs.tokens);
  if (late) {
    const first = namedTokensOf(c);
    const placed = positions(sequence, first, named('pos_added', docs.posAdded));
    const part = (begin: number, end: number) => g.slice(placed, 1, begin, end, { dims: ['B', 'T', 'D'] });
    const parts = [part(0, first), registers(), part(first, placed.shape[1] ?? first)];
    sequence = g.concat(parts, 1, { ...last, dims: ['B', 'T', 'D'] });
  } else {
    sequence =
      early || c.positions === 'none' ? g.identity(sequence, last) : positions(sequence, prefixOf(c), last);
  }
  return c.preNorm
    ? layerNorm(g, sequence, `${prefix}norm_pre`, c.normEps, named('norm_pre', docs.normPre))
    : sequence;
}
