import { correlation } from '#lib/analysis/correlation.ts';
import { principalComponents, project, type Pca } from '#lib/analysis/pca.ts';
import { spread } from '#lib/analysis/residual.ts';

/** The patch tokens of one depth as colours. */
export interface ColourMap {
  /** `[N, 3]`, 0 … 1: red, green, blue. */
  readonly colours: Float32Array;
  /** Share of the variance of this depth's tokens that each colour carries. */
  readonly share: readonly number[];
  /** What the ends of each colour stand for, as projections. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

/** A depth's tokens along three directions, before they are coloured. */
interface Projected {
  /** `[N, 3]` */
  readonly values: Float64Array;
  readonly share: readonly number[];
}

/** Ends of a colour: these quantiles of the projections; what lies beyond has the colour of the end. */
const ENDS = [0.02, 0.98] as const;
const ORDERS: readonly (readonly [number, number, number])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Column `k` of `[n, 3]`. */
const column = (values: ArrayLike<number>, k: number) =>
  Float64Array.from({ length: values.length / 3 }, (_, i) => values[3 * i + k]!);

/**
 * Which component takes which colour, and with which sign, so that a map looks as much like `before` as it can: of the
 * six orders the one with the largest sum of |correlation|, each component turned so that its own is positive.
 * Principal components have no sign and, where two carry about the same variance, no order either; without this the
 * colours would jump from depth to depth. Returns for each colour the component and its sign.
 */
export function matchColours(values: Float64Array, before: Float64Array): { from: number; sign: number }[] {
  const now = [0, 1, 2].map((k) => column(values, k));
  const then = [0, 1, 2].map((k) => column(before, k));
  const like = then.map((t) => now.map((n) => correlation(t, n)));
  const score = (order: readonly number[]) => order.reduce((s, from, c) => s + Math.abs(like[c]![from]!), 0);
  const best = ORDERS.reduce((a, b) => (score(b) > score(a) + 1e-12 ? b : a));
  return best.map((from, c) => ({ from, sign: like[c]![from]! < 0 ? -1 : 1 }));
}

/** Three directions, or as many as there are and zeros for the rest. */
function along(pca: Pca, tokens: ArrayLike<number>): Projected {
  const raw = project(pca, tokens);
  const n = tokens.length / pca.width;
  const values = new Float64Array(3 * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < Math.min(3, pca.count); k++) values[3 * i + k] = raw[i * pca.count + k]!;
  return { values, share: shares(values, tokens, pca.width) };
}

/** The part of the tokens' own variance that lies along each of the three directions. */
function shares(values: Float64Array, tokens: ArrayLike<number>, width: number): number[] {
  const n = values.length / 3;
  const variance = (at: (i: number) => number) => {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) sum += at(i);
    for (let i = 0; i < n; i++) squares += (at(i) - sum / n) ** 2;
    return squares;
  };
  let total = 0;
  for (let c = 0; c < width; c++) total += variance((i) => tokens[i * width + c]!);
  return [0, 1, 2].map((k) => variance((i) => values[3 * i + k]!) / (total || 1));
}

function paint({ values, share }: Projected): ColourMap {
  const ranges = [0, 1, 2].map((k) => {
    const { low, high } = spread(column(values, k), [ENDS[0], 0.5, ENDS[1]]);
    return [low, high] as const;
  });
  const colours = Float32Array.from(values, (v, i) => {
    const [low, high] = ranges[i % 3]!;
    return high > low ? Math.min(1, Math.max(0, (v - low) / (high - low))) : 0.5;
  });
  return { colours, share, ranges };
}

/**
 * Colours the patch tokens of every depth, one depth at a time (a generator, so that the page can breathe in between).
 * `own`: each depth by its own three principal components, matched to the depth before. `all`: every depth by the
 * three components of all depths together.
 * @param depths patch tokens `[N, D]` of each depth
 */
export function* colourDepths(
  depths: readonly Float32Array[],
  dim: number,
  basis: 'own' | 'all',
): Generator<ColourMap> {
  if (basis === 'all') {
    const joint = new Float32Array(depths.reduce((n, d) => n + d.length, 0));
    depths.reduce((at, d) => (joint.set(d, at), at + d.length), 0);
    const pca = principalComponents(joint, dim, { count: 3 });
    for (const tokens of depths) yield paint(along(pca, tokens));
    return;
  }
  let before: Float64Array | undefined;
  for (const tokens of depths) {
    const own = along(principalComponents(tokens, dim, { count: 3 }), tokens);
    let chosen = own;
    if (before) {
      const order = matchColours(own.values, before);
      chosen = {
        values: own.values.map((_, i) => {
          const { from, sign } = order[i % 3]!;
          return sign * own.values[i - (i % 3) + from]!;
        }),
        share: order.map(({ from }) => own.share[from]!),
      };
    }
    before = chosen.values;
    yield paint(chosen);
  }
}
