/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/**
 * The smallest autoencoder with a codebook: an encoder f = W x + b of the plane, three codes, and a decoder that hands the
 * code on as it is, so that what comes back is the code itself.
 */
export interface SmallCoder {
  readonly w: readonly [Point, Point];
  readonly b: Point;
  readonly codes: readonly Point[];
}

/** Nine points in three groups. */
export const POINTS: readonly Point[] = [
  [-1.1, -0.5],
  [-0.9, -0.8],
  [-0.75, -0.45],
  [0.8, -0.8],
  [1.05, -0.6],
  [0.75, -0.45],
  [-0.15, 0.85],
  [0.1, 1.1],
  [0.3, 0.85],
];
/** An encoder that makes everything much smaller, and codes that lie among its outputs. */
export const BEGIN: SmallCoder = {
  w: [
    [0.3, 0],
    [0, 0.3],
  ],
  b: [0.15, 0.05],
  codes: [
    [0, -0.05],
    [0.35, 0],
    [0.15, 0.25],
  ],
};
/** The step's size. */
export const RATE = 0.3;

/** How a step is made. */
export interface Way {
  /** Hand the gradient of what was decoded to the encoder as if nothing had been chosen. */
  readonly through: boolean;
  /** Weight of the commitment loss. */
  readonly beta: number;
}

/** The coder at its points: outputs of the encoder, the nearest code of each, and the losses. */
export interface Seen {
  readonly outputs: readonly Point[];
  readonly chosen: readonly number[];
  /** Mean squared distance of points and what comes back, and of outputs and their codes. */
  readonly error: number;
  readonly apart: number;
}

const squared = ([a, b]: Point, [c, d]: Point) => (a - c) ** 2 + (b - d) ** 2;
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const ORIGIN: Point = [0, 0];

/** What the coder makes of the points; of two equally near codes it takes the first. */
export function see({ w: [u, v], b, codes }: SmallCoder, points = POINTS): Seen {
  const outputs = points.map(([x, y]): Point => [u[0] * x + u[1] * y + b[0], v[0] * x + v[1] * y + b[1]]);
  const chosen = outputs.map((f) => {
    const all = codes.map((e) => squared(f, e));
    return all.indexOf(Math.min(...all));
  });
  const code = (i: number) => codes[chosen[i] ?? 0] ?? ORIGIN;
  return {
    outputs,
    chosen,
    error: mean(points.map((x, i) => squared(x, code(i)))),
    apart: mean(outputs.map((f, i) => squared(f, code(i)))),
  };
}

/**
 * Gradients of the encoder's outputs and of the codes: of ‖x − e‖² handed through (Bengio et al. 2013), of ‖sg[f] − e‖² and
 * of β‖f − sg[e]‖² (van den Oord et al. 2017, equation 3), all means over the points.
 */
export function gradients(
  coder: SmallCoder,
  { through, beta }: Way,
  points = POINTS,
): { readonly outputs: readonly Point[]; readonly codes: readonly Point[] } {
  const { outputs, chosen } = see(coder, points);
  const scale = 2 / points.length;
  const code = (i: number) => coder.codes[chosen[i] ?? 0] ?? ORIGIN;
  const each = (make: (axis: 0 | 1) => number): Point => [make(0), make(1)];
  return {
    outputs: outputs.map((f, i) =>
      each((a) => {
        const [e, x] = [code(i)[a], (points[i] ?? ORIGIN)[a]];
        return scale * (beta * (f[a] - e) + (through ? e - x : 0));
      }),
    ),
    codes: coder.codes.map((e, k) =>
      each((a) => outputs.reduce((sum, f, i) => sum + (chosen[i] === k ? scale * (e[a] - f[a]) : 0), 0)),
    ),
  };
}

/** One step of gradient descent on encoder and codes. */
export function step(coder: SmallCoder, way: Way, points = POINTS): SmallCoder {
  const by = gradients(coder, way, points);
  const moved = (p: Point, g: Point): Point => [p[0] - RATE * g[0], p[1] - RATE * g[1]];
  const sum = (make: (g: Point, x: Point) => Point): Point =>
    by.outputs.reduce<Point>(
      (total, g, i) => {
        const part = make(g, points[i] ?? ORIGIN);
        return [total[0] + part[0], total[1] + part[1]];
      },
      [0, 0],
    );
  return {
    w: [
      moved(
        coder.w[0],
        sum((g, x) => [g[0] * x[0], g[0] * x[1]]),
      ),
      moved(
        coder.w[1],
        sum((g, x) => [g[1] * x[0], g[1] * x[1]]),
      ),
    ],
    b: moved(
      coder.b,
      sum((g) => g),
    ),
    codes: coder.codes.map((e, k) => moved(e, by.codes[k] ?? ORIGIN)),
  };
}

/** The coder at the beginning and after each of so many steps. */
export function trained(way: Way, steps: number): SmallCoder[] {
  const all = [BEGIN];
  for (let i = 0; i < steps; i++) all.push(step(all[i] ?? BEGIN, way));
  return all;
}
