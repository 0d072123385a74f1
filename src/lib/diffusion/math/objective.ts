import { target, type Prediction } from './convert.ts';
import { addNoise } from './forward.ts';
import { lossWeight, type Weighting } from './loss.ts';
import type { Process } from './process.ts';
import { mix, sameLength, type Values } from './values.ts';

/** One training example: what the network reads, and what it should have said. All arrays are as long as x0. */
export interface Example<X extends Values = Values> {
  /** In [0, 1]. */
  readonly t: number;
  readonly x0: X;
  readonly eps: X;
  /** x_t. */
  readonly x: X;
  /** The training target of the network's kind of prediction. */
  readonly target: X;
}

/**
 * A training example from clean data, a time and noise.
 * Source: Ho et al. 2020, algorithm 1, lines 2 to 5; the target as {@link target} says.
 * @param t in [0, 1].
 * @throws RangeError for a time outside [0, 1] or arrays of two lengths.
 */
export function exampleOf<X extends Values>(
  kind: Prediction,
  process: Process,
  t: number,
  x0: X,
  eps: X,
): Example<X> {
  return {
    t,
    x0,
    eps,
    x: addNoise(process, t, x0, eps),
    target: target(kind, process, t, x0, eps),
  };
}

/** The squared error of a prediction, cell by cell and in the mean. */
export interface SquaredError<X extends Values = Values> {
  /** (prediction − target)², as long as both. */
  readonly cells: X;
  /** Mean over all cells: what the training makes small. */
  readonly mean: number;
}

/** @throws RangeError if the arrays differ in length. */
export function squaredError<X extends Values>(prediction: X, wanted: Values): SquaredError<X> {
  sameLength(prediction, wanted);
  const cells = mix(prediction, [1, prediction], [-1, wanted]);
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    const square = (prediction[i]! - wanted[i]!) ** 2;
    cells[i] = square;
    sum += square;
  }
  return { cells, mean: sum / cells.length };
}

/**
 * A mean squared error of v said as one of ε and one of x0, at the same x_t: the errors are a·(v̂ − v) and −b·(v̂ − v)
 * with a = signalRate, b = noiseRate, of a process with a² + b² = 1. Source: Salimans & Ho 2022, section 4.
 */
export function errorsOfV(
  process: Process,
  t: number,
  v: number,
): { readonly eps: number; readonly x0: number } {
  return { eps: process.signalRate(t) ** 2 * v, x0: process.noiseRate(t) ** 2 * v };
}

/** The weight of an example at time t, see {@link lossWeight}: SNR = (a/b)². */
export function weightAt(
  weighting: Weighting,
  kind: Prediction,
  process: Process,
  t: number,
  gamma?: number,
): number {
  return lossWeight(weighting, kind, (process.signalRate(t) / process.noiseRate(t)) ** 2, gamma);
}
