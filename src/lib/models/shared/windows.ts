import type { As, Graph, Value } from '#lib/graph/index.ts';

/** Square windows on a square grid. */
export interface Windows {
  /** Tokens along a side of the grid, N = grid². */
  readonly grid: number;
  /** Tokens along a side of a window, M; a window has n = M². */
  readonly window: number;
  /** Windows along a side, grid / M; there are w = windows². */
  readonly windows: number;
  /** Tokens by which shifted windows are shifted; 0: none are. */
  readonly shift: number;
}

/** Tokens `[…, N, D]` as their grid, `[…, gh, gw, D]`. */
function gridded(g: Graph, x: Value, grid: number): Value {
  const leading = x.shape.slice(0, -2);
  const dims = [...x.dims.slice(0, -2), 'gh', 'gw', x.dims.at(-1) ?? 'D'];
  return g.reshape(x, [...leading, grid, grid, x.shape.at(-1) ?? 1], dims);
}

/** A cyclic shift along one dimension: what leaves at one end comes in at the other. `by` as in `torch.roll`. */
function roll(g: Graph, x: Value, axis: number, by: number): Value {
  const size = x.shape[axis] ?? 1;
  const from = (size - by) % size;
  return g.concat([g.slice(x, axis, from, size), g.slice(x, axis, 0, from)], axis);
}

/** Tokens `[…, N, D]` rolled by so many rows and columns of their grid. */
export function rolled(g: Graph, x: Value, grid: number, by: number, as?: As): Value {
  const at = x.shape.length - 2;
  const moved = roll(g, roll(g, gridded(g, x, grid), at, by), at + 1, by);
  return g.reshape(moved, x.shape, x.dims, as);
}

/** Tokens `[…, N, D]` window by window, row by row in each: `[…, w, n, D]`. */
export function intoWindows(g: Graph, x: Value, { window, windows }: Windows, as?: As): Value {
  const [lead, names] = [x.shape.slice(0, -2), x.dims.slice(0, -2)];
  const [width, dim] = [x.shape.at(-1) ?? 1, x.dims.at(-1) ?? 'D'];
  const shape = [...lead, windows, window, windows, window, width];
  const cut = g.reshape(x, shape, [...names, 'wh', 'gh', 'ww', 'gw', dim]);
  const ordered = g.transpose(cut, middleExchanged(lead.length));
  return g.reshape(ordered, [...lead, windows ** 2, window ** 2, width], [...names, 'w', 'n', dim], as);
}

/** `[…, w, n, D]` back in the grid's order, `[…, N, D]`. */
export function outOfWindows(g: Graph, x: Value, { grid, window, windows }: Windows, as?: As): Value {
  const [lead, names] = [x.shape.slice(0, -3), x.dims.slice(0, -3)];
  const [width, dim] = [x.shape.at(-1) ?? 1, x.dims.at(-1) ?? 'D'];
  const shape = [...lead, windows, windows, window, window, width];
  const cut = g.reshape(x, shape, [...names, 'wh', 'ww', 'gh', 'gw', dim]);
  const ordered = g.transpose(cut, middleExchanged(lead.length));
  return g.reshape(ordered, [...lead, grid * grid, width], [...names, 'N', dim], as);
}

/** The order of dimensions in which the middle two of the last five are exchanged. */
function middleExchanged(leading: number): number[] {
  return [...Array.from({ length: leading }, (_, i) => i), ...[0, 2, 1, 3, 4].map((i) => leading + i)];
}

/** A number for each window, `[w]`, given to each of its tokens in the grid's order: `[N, 1]`. */
export function perToken(g: Graph, x: Value, { grid, window, windows }: Windows): Value {
  const cells = g.reshape(x, [windows, 1, windows, 1], ['wh', '1', 'ww', '1']);
  const repeated = g.expand(cells, [windows, window, windows, window], ['wh', 'gh', 'ww', 'gw']);
  return g.reshape(repeated, [grid * grid, 1], ['N', '1']);
}

/** What is added to the score of two tokens that are neighbours on the rolled grid alone. */
const APART = -100;

/**
 * Which of three strips a row (or column) of the rolled grid is of: whole windows (0), what the last window has of its
 * own (1), what came round (2). Row and column together make nine regions (Liu et al. 2021, figure 4).
 */
export function stripOf(
  at: number,
  { grid, window, shift }: Pick<Windows, 'grid' | 'window' | 'shift'>,
): number {
  if (at < grid - window) return 0;
  return at < grid - shift ? 1 : 2;
}

/**
 * The mask of the shifted windows, `[w, n, n]`: 0 for two tokens that lay beside one another before the roll, −100 for
 * two that the roll has brought together. Nine regions of the rolled grid have numbers; tokens of one region see one
 * another (Liu et al. 2021, figure 4, and the published code).
 */
export function shiftMask({ grid, window, windows, shift }: Windows): Float32Array {
  const strip = (at: number) => stripOf(at, { grid, window, shift });
  const n = window * window;
  const mask = new Float32Array(windows * windows * n * n);
  for (let w = 0; w < windows * windows; w++) {
    const [top, left] = [Math.floor(w / windows) * window, (w % windows) * window];
    const region = Int8Array.from(
      { length: n },
      (_, i) => 3 * strip(top + Math.floor(i / window)) + strip(left + (i % window)),
    );
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) if (region[i] !== region[j]) mask[(w * n + i) * n + j] = APART;
  }
  return mask;
}

/**
 * The row of the bias table for each pair of tokens of a window, `n²` numbers: one row for each offset, rows first,
 * from −(M − 1) to M − 1.
 */
export function offsetRows(window: number): readonly number[] {
  const n = window * window;
  const span = 2 * window - 1;
  return Array.from({ length: n * n }, (_, pair) => {
    const [i, j] = [Math.floor(pair / n), pair % n];
    const down = Math.floor(i / window) - Math.floor(j / window);
    const across = (i % window) - (j % window);
    return (down + window - 1) * span + across + window - 1;
  });
}

/** The bias of every pair of tokens of a window, `[h, n, n]`, from a learned table `name` `[(2M − 1)², h]`. */
export function relativeBias(
  g: Graph,
  name: string,
  { window, heads }: { readonly window: number; readonly heads: number },
): Value {
  const n = window * window;
  const table = g.initializer(name, [(2 * window - 1) ** 2, heads], ['offset', 'h']);
  const rows = g.transpose(g.gather(table, 0, offsetRows(window)), [1, 0]);
  return g.reshape(rows, [heads, n, n], ['h', 'n', 'n']);
}

/**
 * How active each window is, `[…, w]` of tokens `[…, N, D]`: the L2 norm, over its tokens, of the mean of |x| over the
 * channels (SparseViT, Chen et al. 2023). `by`: the grid is rolled by so much first.
 */
export function windowScores(g: Graph, x: Value, of: Windows, by: number, as: As): Value {
  const last = x.shape.length - 1;
  const activity = g.mean(g.abs(x), [last], true);
  const cells = intoWindows(g, by === 0 ? activity : rolled(g, activity, of.grid, by), of);
  return g.sqrt(g.sum(g.mul(cells, cells), [last, last + 1], false), as);
}
