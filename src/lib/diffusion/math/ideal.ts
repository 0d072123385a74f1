import type { Process } from './process.ts';
import { mix, sameLength, type Values } from './values.ts';

/** What the best possible denoiser says of x_t where the data are a few known pictures. */
export interface Ideal<X extends Values = Values> {
  /** x̂0: the mean of the pictures, weighted. */
  readonly x0: X;
  /** How probable each picture is, x_t being known; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * The x̂0 with the smallest expected squared error, for data that are `pictures`, each equally frequent: their mean
 * under the posterior p(picture | x_t), whose weights are a softmax of −‖x_t − a·picture‖² / 2b².
 * Source: Karras et al. 2022, appendix B.3 (the ideal denoiser), with x_t = a·x0 + b·ε.
 * @param t in (0, 1].
 * @param pictures at least one, each as long as x.
 * @throws RangeError for no picture, arrays of two lengths, or t = 0, where there is no noise to average over.
 */
export function idealX0<X extends Values>(
  process: Process,
  t: number,
  x: X,
  pictures: readonly X[],
): Ideal<X> {
  if (pictures.length === 0)
    throw new RangeError('There is no picture; the ideal denoiser needs at least one.');
  const [a, b] = [process.signalRate(t), process.noiseRate(t)];
  if (b === 0) throw new RangeError(`At t = ${t} there is no noise; the ideal denoiser begins above it.`);
  const logs = pictures.map((picture) => {
    sameLength(x, picture);
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i]! - a * picture[i]!) ** 2;
    return -sum / (2 * b * b);
  });
  const most = Math.max(...logs);
  const shares = Float64Array.from(logs, (log) => Math.exp(log - most));
  const all = shares.reduce((sum, v) => sum + v, 0);
  const weights = shares.map((v) => v / all);
  return { x0: mix(x, ...pictures.map((picture, k) => [weights[k]!, picture] as const)), weights };
}
