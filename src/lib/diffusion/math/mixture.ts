import { vpProcess } from './process.ts';

/** Round Gaussians in the plane with their shares: data whose score is known. */
export interface Mixture {
  readonly parts: readonly {
    /** Share of the points; all shares sum to 1. */
    readonly weight: number;
    readonly x: number;
    readonly y: number;
    /** Standard deviation of each coordinate. */
    readonly s: number;
  }[];
}

/** The process of the plane: U-ViT's, β(t) = 0.1 … 20. */
export const VP = vpProcess();

/** log p_t and its gradient, the score, at a point: the mixture with each part shrunk by √ᾱ and widened by noise. */
export function scoreAt(
  { parts }: Mixture,
  t: number,
  x: number,
  y: number,
): { log: number; dx: number; dy: number } {
  const [a, b] = [VP.signalRate(t), VP.noiseRate(t)];
  let most = -Infinity;
  const logs = parts.map((part) => {
    const V = a * a * part.s * part.s + b * b;
    const [u, v] = [x - a * part.x, y - a * part.y];
    const log = Math.log(part.weight) - (u * u + v * v) / (2 * V) - Math.log(2 * Math.PI * V);
    most = Math.max(most, log);
    return { log, u: u / V, v: v / V };
  });
  let [sum, dx, dy] = [0, 0, 0];
  for (const { log, u, v } of logs) {
    const share = Math.exp(log - most);
    sum += share;
    dx -= share * u;
    dy -= share * v;
  }
  return { log: most + Math.log(sum), dx: dx / sum, dy: dy / sum };
}

/** The best ε̂ there is for points `[2n]` (x, y, x, y …) at time t: −√(1−ᾱ) · score. */
export function exactEps(mixture: Mixture, points: Float64Array, t: number): Float64Array {
  const b = VP.noiseRate(t);
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const { dx, dy } = scoreAt(mixture, t, points[i]!, points[i + 1]!);
    out[i] = -b * dx;
    out[i + 1] = -b * dy;
  }
  return out;
}

/**
 * Points of a mixture, `[2n]`.
 * @param normals standard normals, `[2n]`
 * @param uniforms in [0, 1), `[n]`: which part a point is of
 */
export function drawMixture(
  { parts }: Mixture,
  normals: ArrayLike<number>,
  uniforms: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(2 * uniforms.length);
  for (let i = 0; i < uniforms.length; i++) {
    let k = 0;
    for (let left = uniforms[i]!; k < parts.length - 1 && left >= parts[k]!.weight; k++)
      left -= parts[k]!.weight;
    const { x, y, s } = parts[k]!;
    out[2 * i] = x + s * normals[2 * i]!;
    out[2 * i + 1] = y + s * normals[2 * i + 1]!;
  }
  return out;
}
