import type { Process } from './process.ts';
import { mix, sameLength, zeros, type Values } from './values.ts';

/**
 * What a network predicts of x_t = a·x0 + b·ε: the clean data `x0`, the noise `eps`, the velocity
 * `v` = a·ε − b·x0 (Salimans & Ho 2022, section 4), or the flow `u` = ε − x0 (Liu et al. 2022).
 */
export const PREDICTIONS = ['x0', 'eps', 'v', 'u'] as const;
export type Prediction = (typeof PREDICTIONS)[number];

/** Clean data and noise, each as long as x. */
export interface Split<X extends Values = Values> {
  readonly x0: X;
  readonly eps: X;
}

/** The factors (c, d) with prediction = c·x0 + d·ε. @throws RangeError for an unknown kind. */
function factors(kind: string, a: number, b: number): readonly [number, number] {
  if (kind === 'x0') return [1, 0];
  if (kind === 'eps') return [0, 1];
  if (kind === 'v') return [-b, a];
  if (kind === 'u') return [-1, 1];
  throw new RangeError(`There is no prediction called '${kind}'; use one of ${PREDICTIONS.join(', ')}.`);
}

/**
 * What a network of this kind should have predicted: its training target.
 * @param t in [0, 1].
 */
export function target<X extends Values>(
  kind: Prediction,
  process: Process,
  t: number,
  x0: X,
  eps: Values,
): X {
  const [c, d] = factors(kind, process.signalRate(t), process.noiseRate(t));
  return mix(x0, [c, x0], [d, eps]);
}

/**
 * x0 and ε from x_t and a prediction: the two equations x = a·x0 + b·ε and prediction = c·x0 + d·ε solved.
 * @param clip keep x0 inside [low, high] and take the ε that goes with it (pixel models: [−1, 1]).
 * @throws RangeError where the prediction says nothing of x0 or ε (ε at a = 0, x0 at b = 0).
 */
export function split<X extends Values>(
  kind: Prediction,
  process: Process,
  t: number,
  x: X,
  prediction: Values,
  clip?: readonly [number, number],
): Split<X> {
  sameLength(x, prediction);
  const [a, b] = [process.signalRate(t), process.noiseRate(t)];
  const [c, d] = factors(kind, a, b);
  const det = a * d - b * c;
  if (det === 0)
    throw new RangeError(
      `At t = ${t} a prediction of '${kind}' does not tell x0 and eps apart; stop before it.`,
    );
  const x0 = mix(x, [d / det, x], [-b / det, prediction]);
  if (!clip || b === 0) return { x0, eps: mix(x, [-c / det, x], [a / det, prediction]) };
  const [low, high] = clip;
  if (!(low < high)) throw new RangeError(`The clip range is ${low} to ${high}; it must rise.`);
  const kept = zeros(x);
  for (let i = 0; i < x.length; i++) kept[i] = Math.min(high, Math.max(low, x0[i]!));
  return { x0: kept, eps: mix(x, [1 / b, x], [-a / b, kept]) };
}

/** One kind of prediction as another, at the same x_t. */
export function convert<X extends Values>(
  from: Prediction,
  to: Prediction,
  process: Process,
  t: number,
  x: X,
  prediction: Values,
): X {
  const { x0, eps } = split(from, process, t, x, prediction);
  return target(to, process, t, x0, eps);
}
