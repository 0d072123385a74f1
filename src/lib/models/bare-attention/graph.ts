import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { intoWindows, outOfWindows, rolled, shiftMask } from '../shared/windows.ts';
import { attentionSizes, checkAttention, isWindowed, type AttentionConfig } from './config.ts';
import { DOCS, LINEAR, windowDocs } from './docs.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** Keeps the quotient finite where no key is positive. */
const EPS = 1e-6;

/** Queries, keys and values, `[h, N, d]` each: one picture's, so that heads stand where batches do. */
type Given = Readonly<Record<'q' | 'k' | 'v', Value>>;

const flipped = (g: Graph, x: Value): Value => g.transpose(x, [0, 2, 1]);

/** softmax(q kᵀ / √d) v over all tokens: `out` `[h, N, d]`. */
function overAll(g: Graph, { q, k, v }: Given, { headDim }: AttentionConfig): Value {
  const scores = g.mul(
    g.matmul(q, flipped(g, k)),
    g.scalar(1 / Math.sqrt(headDim)),
    named('scores', DOCS.scores),
  );
  const probs = g.softmax(scores, -1, named('probs', DOCS.probs));
  return g.matmul(probs, v, named('out', DOCS.out));
}

const NAMES = { q: ['Queries', '查询'], k: ['Keys', '键'], v: ['Values', '值'] } as const;

/** softmax within windows, of the grid as it is or rolled: `out` `[h, N, d]` in the grid's order. */
function windowed(g: Graph, given: Given, c: AttentionConfig): Value {
  const { windows, windowTokens: n, shift } = attentionSizes(c);
  const docs = windowDocs(shift);
  const place = { grid: c.grid, window: c.window, windows, shift };
  const cut = (name: 'q' | 'k' | 'v'): Value => {
    const [en, zh] = NAMES[name];
    const moved =
      shift > 0
        ? rolled(g, given[name], c.grid, -shift, named(`${name}_rolled`, docs.rolled(name, en, zh)))
        : given[name];
    return intoWindows(g, moved, place, {
      ...named(`${name}_windows`, docs.cut(name, en, zh)),
      dims: ['h', 'w', 'n', 'd'],
    });
  };
  const [q, k, v] = [cut('q'), cut('k'), cut('v')];
  const scaled = g.mul(g.matmul(q, g.transpose(k, [0, 1, 3, 2])), g.scalar(1 / Math.sqrt(c.headDim)));
  const mask =
    shift > 0 ? g.constant(shiftMask(place), [1, windows ** 2, n, n], ['1', 'w', 'n', 'n']) : undefined;
  const scores = mask
    ? g.add(scaled, g.identity(mask, named('mask', docs.mask)), named('scores', docs.scores))
    : g.identity(scaled, named('scores', docs.scores));
  const probs = g.softmax(scores, -1, named('probs', DOCS.probs));
  const mixed = g.matmul(probs, v, named('mixed', docs.mixed));
  const back = outOfWindows(g, mixed, place);
  const as = { ...named('out', docs.unrolled), dims: ['h', 'N', 'd'] };
  return shift > 0 ? rolled(g, back, c.grid, shift, as) : g.identity(back, as);
}

/** ReLU in place of softmax; keys and values first, or queries and keys: `out` `[h, N, d]`. */
function linear(g: Graph, { q, k, v }: Given, quadratic: boolean): Value {
  const queries = g.relu(q, named('q_relu', LINEAR.q));
  const keys = g.relu(k, named('k_relu', LINEAR.k));
  if (quadratic) {
    const scores = g.matmul(queries, flipped(g, keys), named('scores', LINEAR.scores));
    const sums = g.add(g.sum(scores, [2], true), g.scalar(EPS), named('normaliser', LINEAR.sums));
    const probs = g.div(scores, sums, named('probs', LINEAR.probs));
    return g.matmul(probs, v, named('out', LINEAR.out));
  }
  const kv = g.matmul(flipped(g, keys), v, named('kv', LINEAR.kv));
  const sum = g.transpose(g.sum(keys, [1], true), [0, 2, 1]);
  const normaliser = g.add(g.matmul(queries, sum), g.scalar(EPS), named('normaliser', LINEAR.normaliser));
  return g.div(g.matmul(queries, kv), normaliser, named('out', LINEAR.out));
}

/**
 * One attention on queries, keys and values that another network made: inputs `q`, `k`, `v` `[1, h, N, d]`, N = grid²
 * tokens row by row; no weights. Kinds: see `KINDS`. Ends with `out` `[h, N, d]`; a kind that has the weights of every
 * token names them `probs`: `[h, N, N]`, or `[h, w, M², M²]` within windows.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function attentionKind(config: AttentionConfig, _: BuildOptions = {}): Graph {
  checkAttention(config);
  const { heads, headDim, kind } = config;
  const { tokens } = attentionSizes(config);
  const g = new Graph(`attention ${kind} N${tokens} h${heads}`);
  const input = (name: 'q' | 'k' | 'v'): Value =>
    g.reshape(
      g.input(name, [1, heads, tokens, headDim], ['B', 'h', 'N', 'd'], 'float32', DOCS[name]),
      [heads, tokens, headDim],
      ['h', 'N', 'd'],
    );
  const given: Given = { q: input('q'), k: input('k'), v: input('v') };
  if (kind === 'global') overAll(g, given, config);
  else if (isWindowed(kind)) windowed(g, given, config);
  else linear(g, given, kind === 'linear-quadratic');
  return g;
}
