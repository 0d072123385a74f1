import { effectiveRank } from '#lib/analysis/effective-rank.ts';
import { Adam } from '#lib/learning/adam.ts';
import { Mlp } from '#lib/learning/mlp.ts';
import type { Trained, Training } from '#lib/learning/work.ts';
import { drawBatch, HELD_VIEWS } from './collapse-data.ts';
import { positivesAlone, throughUnit, towards, unit, withNegatives } from './collapse-losses.ts';
import { EVERY, STEPS, WIDTH, type Way } from './collapse-ways.ts';

export interface CollapseSpec {
  readonly way: Way;
  /** Seeds weights and draws: one seed, one training. */
  readonly seed: number;
}

/** Points a step, two views each, and widths of the hidden layers. */
const POINTS = 32;
const HIDDEN = 32;
const PREDICTOR = 16;
/** Learning rates of Adam. The predictor's is ten times the encoder's, so that it keeps up with it. */
const RATE = 1e-3;
const PREDICTOR_RATE = 1e-2;
const TEMPERATURE = 0.2;

/** The embeddings of the held-out views, measured after some step. */
export interface Measured {
  readonly step: number;
  /** Effective rank of all embeddings, 1 … WIDTH. */
  readonly rank: number;
  /** Mean cosine of a view with its partner, and with views of other points. */
  readonly partners: number;
  readonly others: number;
  /** Loss of the last training step; undefined before the first. */
  readonly loss: number | undefined;
  /** What was measured: `[2n, WIDTH]`, rows of length 1; {@link HELD_VIEWS} says of which group. */
  readonly embeddings: Float32Array;
}

/** A small network that is trained to embed noisy points on a sphere. */
export class CollapseTraining implements Training {
  readonly spec: CollapseSpec;
  readonly encoder: Mlp;
  readonly predictor: Mlp;
  readonly #adam: Adam;
  readonly #predictorAdam: Adam;
  readonly #trace: [Measured, ...Measured[]];
  #made = 0;
  #loss: number | undefined;

  constructor(spec: CollapseSpec) {
    this.spec = spec;
    this.encoder = new Mlp([2, HIDDEN, HIDDEN, WIDTH], spec.seed, 1);
    this.predictor = new Mlp([WIDTH, PREDICTOR, WIDTH], spec.seed + 1000, 1);
    this.#adam = new Adam(this.encoder.parameters.length);
    this.#predictorAdam = new Adam(this.predictor.parameters.length);
    this.#trace = [this.#measured()];
  }

  get made(): number {
    return this.#made;
  }
  get done(): boolean {
    return this.#made >= STEPS;
  }
  /** What was measured so far, from before the first step on. */
  get trace(): readonly [Measured, ...Measured[]] {
    return this.#trace;
  }

  step(): number {
    const { x } = drawBatch(this.spec.seed, this.#made, POINTS);
    this.#loss = this.learn(x);
    this.#adam.step(this.encoder.parameters, this.encoder.gradient, RATE);
    if (this.spec.way === 'predictor')
      this.#predictorAdam.step(this.predictor.parameters, this.predictor.gradient, PREDICTOR_RATE);
    this.#made++;
    if (this.#made % EVERY === 0 || this.done) this.#trace.push(this.#measured());
    return this.#loss;
  }

  /** The loss of these views `[2n, 2]`; writes the gradients of the networks that learn. */
  learn(x: Float32Array): number {
    const z = unit(this.encoder.forward(x, true), WIDTH);
    const { loss, slopes } = this.#asked(z.rows);
    this.encoder.backward(throughUnit(z, slopes, WIDTH));
    return loss;
  }

  #asked(rows: Float32Array) {
    const { way } = this.spec;
    if (way === 'negatives') return withNegatives(rows, WIDTH, TEMPERATURE);
    if (way === 'positives') return positivesAlone(rows, WIDTH);
    // The predictor looks from one view; the other view's embedding is held (stop-gradient).
    const said = unit(this.predictor.forward(rows, true), WIDTH);
    const { loss, slopes } = towards(said.rows, rows, WIDTH);
    return { loss, slopes: this.predictor.backward(throughUnit(said, slopes, WIDTH)) };
  }

  #measured(): Measured {
    const embeddings = unit(this.encoder.forward(HELD_VIEWS.x), WIDTH).rows;
    const [partners, others] = meanCosines(embeddings);
    const rank = effectiveRank(embeddings, WIDTH);
    return { step: this.#made, rank, partners, others, loss: this.#loss, embeddings };
  }
}

/** Mean cosine of partners, and of views of different points: the squared length of the sum has all pairs at once. */
function meanCosines(rows: Float32Array): readonly [partners: number, others: number] {
  const count = rows.length / WIDTH;
  const sum = new Float64Array(WIDTH);
  let both = 0;
  for (let i = 0; i < rows.length; i++) {
    sum[i % WIDTH]! += rows[i]!;
    both += rows[i]! * rows[(Math.floor(i / WIDTH) ^ 1) * WIDTH + (i % WIDTH)]!;
  }
  const all = sum.reduce((total, v) => total + v * v, 0);
  return [both / count, (all - count - both) / (count * (count - 2))];
}

/** What is to be seen between two steps: all that was measured so far, the newest last. */
export interface CollapseSeen {
  readonly way: Way;
  readonly trace: readonly [Measured, ...Measured[]];
}

/** The training as its worker makes it. */
export const COLLAPSE: Trained<CollapseSpec, undefined, CollapseSeen, CollapseTraining> = {
  begin: (spec) => new CollapseTraining(spec),
  see: ({ spec, trace }) => ({ way: spec.way, trace }),
  between: 150,
};
