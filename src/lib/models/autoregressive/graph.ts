import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { classRow } from '../shared/time.ts';
import { autoregressiveSizes, checkAutoregressive, levelsOf, type AutoregressiveConfig } from './config.ts';
import { headDocs, stemDocs } from './docs.ts';
import { declare, inBlock, type Live } from './interventions.ts';
import { codeBlock } from './layers.ts';

export {
  AUTOREGRESSIVE_DEFAULTS,
  autoregressiveConfig,
  autoregressiveSizes,
  type AutoregressiveConfig,
} from './config.ts';
export { autoregressivePresets } from './presets.ts';

const named = (name: string, doc: Doc) => ({ name, doc });
const TOKENS = ['B', 'T', 'D'];

/** Codes, or sums of the scales before, as tokens `[B, ·, D]`. */
function codeTokens(
  g: Graph,
  batch: number,
  c: AutoregressiveConfig,
  docs: ReturnType<typeof stemDocs>,
): Value {
  const sizes = autoregressiveSizes(c);
  const fed = c.cached === 1 ? 1 : sizes.fed;
  if (c.order === 'scales') {
    const sums = g.input('sums', [batch, fed, c.entryDim], ['B', 'N', 'E'], 'float32', docs.sums);
    return linear(g, sums, 'code_proj', { size: c.dim, dim: 'D' }, { as: named('code_proj', docs.codeProj) });
  }
  const codes = g.input('codes', [batch, fed], ['B', 'N'], 'float32', docs.codes);
  const table = g.initializer('code_embed.weight', [sizes.rows, c.dim], ['K', 'D']);
  return g.gather(table, 0, g.cast(codes, 'int32'), named('code_embed', docs.codeEmbed));
}

/** From text, style and codes to the tokens of the first block. */
function stem(g: Graph, batch: number, c: AutoregressiveConfig, live: Live | undefined): Value {
  const docs = stemDocs(c, live !== undefined);
  const { tokens } = autoregressiveSizes(c);
  const sequence: Value[] = [];
  if (c.contextTokens > 0) {
    const shape = [batch, c.contextTokens, c.contextDim];
    const context = g.input('context', shape, ['B', 'L', 'D'], 'float32', docs.context);
    const as = named('context_tokens', docs.contextTokens);
    sequence.push(linear(g, context, 'context_embed', { size: c.dim, dim: 'D' }, { as }));
  }
  const row = classRow(g, batch, 'label_emb.weight', c.classes + 1, c.dim);
  sequence.push(g.reshape(row, [batch, 1, c.dim], ['B', '1', 'D'], named('label_token', docs.label)));
  sequence.push(codeTokens(g, batch, c, docs));
  const all = g.concat(sequence, 1, { ...named('token_cat', docs.tokenCat), dims: TOKENS });
  const stored = g.initializer('pos_embed', [1, tokens, c.dim], ['1', 'T', 'D']);
  const table = live?.places ? g.gather(stored, 1, g.cast(live.places, 'int32')) : stored;
  const scaled = live ? g.mul(table, live.posScale) : table;
  if (c.order !== 'scales') return g.add(all, scaled, named('tokens', docs.tokens));
  const positioned = g.add(all, scaled, named('positioned', docs.positioned));
  return g.add(positioned, levels(g, c), named('tokens', docs.tokens));
}

/** What is added for the scale of each token, `[T, D]`; 0 for those of the text. */
function levels(g: Graph, c: AutoregressiveConfig): Value {
  const table = g.initializer('level_embed.weight', [c.sides.length, c.dim], ['level', 'D']);
  const own = g.gather(table, 0, levelsOf(c));
  if (c.contextTokens === 0) return own;
  const none = g.filled(0, [c.contextTokens, c.dim], ['T', 'D']);
  return g.concat([none, own], 0);
}

/** `[T, T]`: 0 where a token (row) may see another (column), −10⁹ where it may not; undefined where all see all. */
function maskOf(g: Graph, c: AutoregressiveConfig, live: Live | undefined): Value | undefined {
  if (c.order === 'masked') return undefined;
  const { tokens } = autoregressiveSizes(c);
  const text = new Array<number>(c.contextTokens).fill(0);
  const level =
    c.order === 'raster' ? Array.from({ length: tokens }, (_, i) => i) : [...text, ...levelsOf(c)];
  const values = Float32Array.from({ length: tokens ** 2 }, (_, i) =>
    (level[i % tokens] ?? 0) > (level[Math.floor(i / tokens)] ?? 0) ? -1e9 : 0,
  );
  const mask = g.constant(values, [tokens, tokens], ['T', 'T']);
  return live?.causal ? g.mul(mask, live.causal) : mask;
}

/** From the last block to the logits of every place. */
function head(g: Graph, x: Value, c: AutoregressiveConfig): void {
  const docs = headDocs(c);
  const { first, count } = autoregressiveSizes(c);
  const norm = layerNorm(g, x, 'norm', c.normEps, named('norm', docs.norm));
  const as = { ...named('hidden', docs.hidden), dims: ['B', 'N', 'D'] };
  const hidden = c.cached === 1 ? g.identity(norm, as) : g.slice(norm, 1, first, first + count, as);
  linear(g, hidden, 'head', { size: c.codes, dim: 'K' }, { as: named('logits', docs.logits) });
}

/**
 * One step of the order `raster`: the code chosen last goes in, with keys and values `past` `[2 · depth, B, h, T, d]` of the
 * tokens before it (of block i the rows 2i and 2i + 1); `logits` `[B, 1, K]` of the next code come out, and `cache`, which
 * the next step is fed as `past`.
 */
function step(g: Graph, batch: number, c: AutoregressiveConfig, live: Live | undefined): void {
  const docs = stemDocs(c, live !== undefined);
  const { tokens, headDim } = autoregressiveSizes(c);
  const embedded = codeTokens(g, batch, c, docs);
  const slot = g.input('slot', [1], ['1'], 'float32', docs.slot);
  const place = g.input('place', [1], ['1'], 'float32', docs.place);
  const shape = [2 * c.depth, batch, c.heads, tokens, headDim];
  const past = g.input('past', shape, ['depth', 'B', 'h', 'T', 'd'], 'float32', docs.past);
  const stored = g.initializer('pos_embed', [1, tokens, c.dim], ['1', 'T', 'D']);
  const row = g.gather(stored, 1, g.cast(place, 'int32'));
  let x = g.add(embedded, live ? g.mul(row, live.posScale) : row, {
    ...named('tokens', docs.tokens),
    dims: TOKENS,
  });
  const all = g.constant(
    Float32Array.from({ length: tokens }, (_, i) => i),
    [tokens],
    ['T'],
  );
  const one = g.scalar(1);
  const beyond = g.relu(g.sub(all, slot));
  const later = g.sub(one, g.relu(g.sub(one, beyond)));
  const mask = g.mul(later, g.scalar(-1e9));
  const here = g.relu(g.sub(one, g.abs(g.sub(all, slot))));
  const rows: Value[] = [];
  for (let i = 0; i < c.depth; i++) {
    const made = codeBlock(g, x, `blocks.${i}`, {
      c,
      place: plainPlace(i, live !== undefined),
      live: inBlock(g, live, i),
      mask,
      past: {
        keys: g.gather(past, 0, 2 * i),
        values: g.gather(past, 0, 2 * i + 1),
        here: g.reshape(here, [tokens, 1], ['T', '1']),
      },
    });
    x = made.out;
    rows.push(...[made.keys, made.values].map((v) => g.reshape(v, [1, ...v.shape], ['1', ...v.dims])));
  }
  g.concat(rows, 0, { ...named('cache', headDocs(c).cache), dims: past.dims });
  head(g, x, c);
}

/**
 * A transformer that chooses codes of a picture as a graph (raster: Esser et al. 2021; masked: Chang et al. 2022; scales:
 * Tian et al. 2024). Inputs: `context` `[B, L, Dc]`, `y` `[B]`, and `codes` `[B, ·]` or, of scales, `sums` `[B, N − 1, E]`;
 * `logits` `[B, N, K]` are those of every place. With `cached` it is one step of `raster`: `codes` `[B, 1]`, `slot`, `place`,
 * `past`. Throws ConfigError for a configuration that cannot be built.
 */
export function autoregressive(c: AutoregressiveConfig, options: BuildOptions = {}): Graph {
  checkAutoregressive(c);
  const { batch = 1, interventions = false } = options;
  const g = new Graph(`autoregressive ${c.order} K${c.codes} D${c.dim} L${c.depth}`);
  const live = interventions ? declare(g, c) : undefined;
  if (c.cached === 1) {
    step(g, batch, c, live);
    return g;
  }
  let x = stem(g, batch, c, live);
  const mask = maskOf(g, c, live);
  for (let i = 0; i < c.depth; i++) {
    const place = plainPlace(i, interventions);
    x = codeBlock(g, x, `blocks.${i}`, { c, place, live: inBlock(g, live, i), mask }).out;
  }
  head(g, x, c);
  return g;
}
