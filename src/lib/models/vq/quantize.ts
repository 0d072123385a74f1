import type { Graph, Value } from '#lib/graph/index.ts';
import { conv, MAP, named } from '../shared/residual.ts';
import { phiOf, vqSizes, type VqConfig } from './config.ts';
import { gridDocs } from './docs.ts';
import { areaLine, bicubicLine, overMap } from '../shared/resample.ts';

/** The codebook `[K, D]`, as the published checkpoints call it. */
export const CODEBOOK = 'quantize.embedding.weight';

/** What the grids of one picture share. */
export interface Book {
  readonly g: Graph;
  readonly c: VqConfig;
  /** `[K, D]` */
  readonly table: Value;
}

export function codebook(g: Graph, c: VqConfig): Book {
  return { g, c, table: g.initializer(CODEBOOK, [c.codes, c.latent], ['K', 'D']) };
}

/** What a graph calls the tensors of scale `k`, or of the only grid. */
export const gridName = (k?: number): string => (k === undefined ? 'quantize' : `quantize.scales.${k}`);

/** A map `[B, D, s, s]` with another side, its rows multiplied with a fixed matrix. */
function resampled(
  g: Graph,
  x: Value,
  matrix: Float32Array,
  to: number,
  as: ReturnType<typeof named>,
): Value {
  const [batch = 1, channels = 1, from = 1] = x.shape;
  const flat = g.reshape(x, [batch, channels, from * from], ['B', 'D', 'N']);
  const table = g.constant(matrix, [from * from, to * to], ['N', 'n']);
  return g.reshape(g.matmul(flat, table), [batch, channels, to, to], ['B', 'D', 'gh', 'gw'], as);
}

/** Squared distances of every place of `[B, D, s, s]` to every code, `[B, s · s, K]`, as ‖f‖² − 2 f·e + ‖e‖². */
function distances({ g, c, table }: Book, x: Value, as: ReturnType<typeof named>): Value {
  const [batch = 1, , side = 1] = x.shape;
  const flat = g.reshape(x, [batch, c.latent, side * side], ['B', 'D', 'N']);
  const rows = g.transpose(flat, [0, 2, 1]);
  const own = g.sum(g.mul(rows, rows), [2], true);
  const theirs = g.reshape(g.sum(g.mul(table, table), [1], false), [1, 1, c.codes], ['1', '1', 'K']);
  const products = g.matmul(rows, g.transpose(table, [1, 0]));
  return g.add(g.sub(own, g.mul(products, g.scalar(2))), theirs, { ...as, dims: ['B', 'N', 'K'] });
}

/** Numbers of codes `[B, s · s]`, whole floats, to their entries `[B, D, s, s]`. */
export function entriesOf({ g, c, table }: Book, codes: Value, side: number, k?: number): Value {
  const name = gridName(k);
  const rows = g.gather(table, 0, g.cast(codes, 'int32'));
  const columns = g.transpose(rows, [0, 2, 1]);
  const as = named(`${name}.entries`, gridDocs(side, k).entries);
  return g.reshape(columns, [codes.shape[0] ?? 1, c.latent, side, side], ['B', 'D', 'gh', 'gw'], as);
}

/** The nearest codes of `[B, D, s, s]`, whole floats `[B, s · s]`. */
function nearest(book: Book, x: Value, k?: number): Value {
  const { g } = book;
  const side = x.shape[2] ?? 1;
  const [name, docs] = [gridName(k), gridDocs(side, k)];
  const all = distances(book, x, named(`${name}.distances`, docs.distances));
  return g.cast(g.argMin(all, 2), 'float32', { ...named(`${name}.codes`, docs.codes), dims: ['B', 'N'] });
}

/** A scale's entries at the latents' size, and through its convolution in part (VAR, algorithm 1). */
function brought({ g, c }: Book, entries: Value, k: number): Value {
  const { grid, sides } = vqSizes(c);
  const side = sides[k] ?? grid;
  const [name, docs] = [gridName(k), gridDocs(side, k)];
  const last = k === sides.length - 1;
  const matrix = overMap(bicubicLine(side, grid));
  const up = last ? entries : resampled(g, entries, matrix, grid, named(`${name}.up`, docs.up));
  const through = phiConv(g, up, c, k);
  const parts = [g.mul(up, g.scalar(1 - c.phiShare)), g.mul(through, g.scalar(c.phiShare))] as const;
  return g.add(...parts, named(`${name}.phi`, docs.phi));
}

/** The convolution of a scale; those of two scales that share one have its weights once. */
function phiConv(g: Graph, x: Value, c: VqConfig, k: number): Value {
  const name = `quantize.quant_resi.qresi_ls.${phiOf(k, c.scales.length, c.phis)}`;
  const [weight, bias] = [g.values.get(`${name}.weight`), g.values.get(`${name}.bias`)];
  if (!weight || !bias) return conv(g, x, name, c.latent, 3);
  return g.identity(g.conv(x, weight, bias, { pads: [1, 1, 1, 1] }), { dims: MAP });
}

/** Codes of all grids and the latents they stand for. */
export interface Quantized {
  /** Of each grid, whole floats `[B, s · s]`. */
  readonly codes: readonly Value[];
  /** `[B, D, g, g]` */
  readonly latents: Value;
}

/**
 * Latents `[B, D, g, g]` to codes: the nearest of the codebook; on several scales, of what is left over by those before
 * (van den Oord et al. 2017, equation 1; Tian et al. 2024, algorithm 1).
 */
export function quantized(book: Book, f: Value): Quantized {
  const { g, c } = book;
  const { grid, sides } = vqSizes(c);
  if (c.scales.length === 0) {
    const codes = nearest(book, f);
    return { codes: [codes], latents: entriesOf(book, codes, grid) };
  }
  const codes: Value[] = [];
  let rest = f;
  let found: Value | undefined;
  sides.forEach((side, k) => {
    const [name, docs] = [gridName(k), gridDocs(side, k)];
    const last = k === sides.length - 1;
    const area = overMap(areaLine(grid, side));
    const small = last ? rest : resampled(g, rest, area, side, named(`${name}.down`, docs.down));
    const own = nearest(book, small, k);
    codes.push(own);
    const phi = brought(book, entriesOf(book, own, side, k), k);
    const as = named(`${name}.sum`, docs.sum);
    found = found ? g.add(found, phi, as) : g.identity(phi, as);
    rest = g.sub(f, found, named(`${name}.rest`, docs.rest));
  });
  return { codes, latents: found ?? f };
}

/** Codes of all grids one after another, `[B, tokens]`, to the latents they stand for (Tian et al. 2024, algorithm 2). */
export function latentsOf(book: Book, codes: Value): Value {
  const { g, c } = book;
  const { sides } = vqSizes(c);
  const counts = sides.map((side) => side * side);
  const parts = g.split(codes, 1, counts);
  if (c.scales.length === 0) return entriesOf(book, parts[0] ?? codes, sides[0] ?? 1);
  return parts
    .map((part, k) => brought(book, entriesOf(book, part, sides[k] ?? 1, k), k))
    .reduce((sum, phi, k) => g.add(sum, phi, named(`${gridName(k)}.sum`, gridDocs(sides[k] ?? 1, k).sum)));
}
