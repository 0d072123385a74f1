import { Adam } from '#lib/learning/adam.ts';
import { Mlp } from '#lib/learning/mlp.ts';
import { addNoise } from '../math/forward.ts';
import { drawMixture, exactEps, VP, type Mixture } from '../math/mixture.ts';
import { normals, philox } from '../math/noise.ts';
import { squaredError } from '../math/objective.ts';

/** What is trained, and on what. */
export interface ToySpec {
  /** The data: points are drawn from it anew for every step. */
  readonly mixture: Mixture;
  /** Seeds the weights and every draw: one seed, one training. */
  readonly seed: number;
  /** Steps of the whole training; the learning rate falls to 0 by a cosine over them. */
  readonly steps: number;
  /** Points a step. */
  readonly batch?: number;
  /** Width of the three hidden layers. */
  readonly width?: number;
  readonly rate?: number;
}

/** Numbers that the network reads of a time: see {@link timeFeatures}. */
const TIMES = 6;
/** Earliest time that is trained. */
const FIRST = 0.002;
/** Streams of the seed: the weights take the first ones, one a layer. */
const STREAMS = { points: 16, noise: 17, choice: 18, held: 19 } as const;
/** Points that the difference to the exact answer is measured at. */
const HELD = 512;

/** t as a network reads it: sines and cosines of π·t, 2π·t, and λ = ½ log SNR with its square, in [−1, 1] about. */
export function timeFeatures(t: number): number[] {
  const lambda = VP.halfLogSnr(t) / 5;
  const angle = Math.PI * t;
  return [
    Math.sin(angle),
    Math.cos(angle),
    Math.sin(2 * angle),
    Math.cos(2 * angle),
    lambda,
    lambda * lambda,
  ];
}

/**
 * The training of a small network to predict the noise in points of the plane: E‖ε − ε_θ(x_t, t)‖² made small by Adam, one
 * batch of new points, times and noises a step. The times of a batch are stratified: one in each of as many equal parts
 * of [0, 1]. Source: Ho et al. 2020, algorithm 1.
 */
export class ToyTraining {
  readonly spec: Required<ToySpec>;
  readonly network: Mlp;
  readonly #adam: Adam;
  #made = 0;

  constructor(spec: ToySpec) {
    this.spec = { batch: 128, width: 64, rate: 4e-3, ...spec };
    const { width, seed } = this.spec;
    this.network = new Mlp([2 + TIMES, width, width, width, 2], seed);
    this.#adam = new Adam(this.network.parameters.length);
  }

  /** Steps made. */
  get made(): number {
    return this.#made;
  }
  get done(): boolean {
    return this.#made >= this.spec.steps;
  }

  /** One step of the training. @returns its loss: the mean over the batch and both coordinates, before the step */
  step(): number {
    const { seed, mixture, batch, steps, rate } = this.spec;
    const at = this.#made * 2 * batch;
    const uniforms = this.#uniforms(this.#made, batch + 1);
    const own = uniforms.subarray(0, batch);
    const x0 = drawMixture(mixture, normals(seed, at, 2 * batch, STREAMS.points), own);
    const eps = normals(seed, at, 2 * batch, STREAMS.noise);
    const times = Float64Array.from({ length: batch }, (_, i) =>
      Math.max(FIRST, (i + uniforms[batch]!) / batch),
    );
    const said = this.network.forward(inputsOf(noised(x0, eps, times), times), true);
    const { mean } = squaredError(said, eps);
    this.network.backward(said.map((v, i) => (2 * (v - eps[i]!)) / said.length));
    const share = 0.5 * (1 + Math.cos((Math.PI * this.#made) / steps));
    this.#adam.step(this.network.parameters, this.network.gradient, rate * share);
    this.#made++;
    return mean;
  }

  /** ε̂ of the network for points `[2n]` at time t. */
  predict(points: ArrayLike<number>, t: number): Float64Array {
    const n = points.length / 2;
    const times = new Float64Array(n).fill(Math.max(FIRST, t));
    return Float64Array.from(this.network.forward(inputsOf(points, times)));
  }

  /**
   * How far the network is from the exact answer at a time: root mean square of ε̂ − ε* over points of p_t, the same
   * points whenever it is asked.
   */
  gapAt(t: number): number {
    const { seed, mixture } = this.spec;
    const x0 = drawMixture(mixture, normals(seed, 0, 2 * HELD, STREAMS.held), this.#uniforms(0, HELD, 1));
    const eps = normals(seed, 2 * HELD, 2 * HELD, STREAMS.held);
    const x = addNoise(VP, t, x0, eps);
    return Math.sqrt(squaredError(this.predict(x, t), exactEps(mixture, x, t)).mean);
  }

  /** Uniforms in [0, 1) of a step. */
  #uniforms(step: number, count: number, use = 0): Float64Array {
    const out = new Float64Array(count);
    for (let block = 0; 4 * block < count; block++) {
      const words = philox([block, step, STREAMS.choice, use], [this.spec.seed, 0]);
      for (let k = 0; k < 4 && 4 * block + k < count; k++) out[4 * block + k] = words[k]! / 2 ** 32;
    }
    return out;
  }
}

/** The loss that the exact answer has: what no network gets below, but by chance. Mean over `times` equal parts of [0, 1]. */
export function leastLoss(mixture: Mixture, seed = 0, times = 64, each = 64): number {
  let sum = 0;
  for (let k = 0; k < times; k++) {
    const t = Math.max(FIRST, (k + 0.5) / times);
    const uniforms = Float64Array.from({ length: each }, (_, i) => (i + 0.5) / each);
    const x0 = drawMixture(mixture, normals(seed, k * 2 * each, 2 * each, 20), uniforms);
    const eps = normals(seed, k * 2 * each, 2 * each, 21);
    sum += squaredError(exactEps(mixture, addNoise(VP, t, x0, eps), t), eps).mean;
  }
  return sum / times;
}

/** x_t of points `[2n]`, each at a time of its own `[n]`. */
function noised(x0: Float64Array, eps: Float64Array, times: Float64Array): Float64Array {
  return x0.map((v, i) => {
    const t = times[i >> 1]!;
    return VP.signalRate(t) * v + VP.noiseRate(t) * eps[i]!;
  });
}

/** What the network reads: `[n, 2 + TIMES]`. */
function inputsOf(points: ArrayLike<number>, times: Float64Array): Float32Array {
  const width = 2 + TIMES;
  const out = new Float32Array(times.length * width);
  let features: number[] = [];
  let of = NaN;
  for (let i = 0; i < times.length; i++) {
    if (times[i] !== of) features = timeFeatures((of = times[i]!));
    out[i * width] = points[2 * i]!;
    out[i * width + 1] = points[2 * i + 1]!;
    out.set(features, i * width + 2);
  }
  return out;
}
