import { split } from '../math/convert.ts';
import { guide } from '../math/guidance.ts';
import { sampleOver } from '../math/samplers/index.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import { PictureNoise, startNoise } from '../math/picture-noise.ts';
import { planOf, PREDICTION, type Plan, type Resume, type SampleSpec } from './spec.ts';

/** One step of a sampling run. Pictures are `[n, C, S, S]`, flat. */
export interface SampleStep {
  /** 1 … total. */
  readonly step: number;
  readonly total: number;
  /** The times it went from and to; `t` is the time of `x`. */
  readonly from: number;
  readonly t: number;
  /** The state the step arrived at. */
  readonly x: Float32Array;
  /** ε̂ and x̂0 at `from`, with which it set out: guided, and clipped where the spec says so. */
  readonly eps: Float32Array;
  readonly x0: Float32Array;
  /** Where two predictions were mixed: ε̂ with the class, and without. */
  readonly epsCond?: Float32Array;
  readonly epsUncond?: Float32Array;
  /** The wanted tensors of the pass at `from`, whole batch; of a guided run the conditional half comes first. */
  readonly tensors: readonly WireTensor[];
  /** Normals that each picture has drawn so far. */
  readonly drawn: number;
  /** Milliseconds of the step's forward passes. */
  readonly ms: number;
}

/** A forward pass: named inputs in the graph's shapes, and the outputs asked for. */
export type Forward = (
  inputs: Readonly<Record<string, Float32Array>>,
  outputs: readonly string[],
) => Promise<readonly WireTensor[]>;

export interface LoopOptions {
  /** Goes on after a step of an earlier run of the same spec. */
  readonly resume?: Resume;
  /** Stops after this step, 1 … total. */
  readonly until?: number;
  /** Stops before and after each forward pass, throwing its reason. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  /** Where the samplers' noise comes from, instead of the spec's seed. */
  readonly noise?: PictureNoise;
}

/**
 * Makes pictures with a diffusion model, step by step: the pure samplers of src/lib/diffusion on a network that
 * `forward` runs. A guided step is one pass with a batch of 2n.
 * @throws RangeError for a spec that cannot be; the signal's reason; what `forward` throws
 */
export async function* sampleModel(
  model: DiffusionModel,
  spec: SampleSpec,
  forward: Forward,
  options: LoopOptions = {},
): AsyncGenerator<SampleStep, void, void> {
  const plan = planOf(model, spec);
  const { resume, signal } = options;
  const total = spec.steps;
  const done = checkResume(resume, plan, total);
  const until = Math.min(options.until ?? total, total);
  if (done >= until) return;
  const { seed, first = 0 } = spec;
  const noise = options.noise ?? new PictureNoise(seed + 1, plan.count, { first, drawn: resume?.drawn ?? 0 });
  const passes = new Passes(spec, plan, forward, options.now);
  const start = resume?.x ?? spec.x ?? startNoise(seed, plan.count, plan.each, first);
  let before = start;
  const sampler = sampleOver<Float32Array>(plan.sampler, {
    process: plan.process,
    model: passes.ask,
    predicts: model.diffusion.prediction,
    time: model.diffusion.time,
    x: start,
    times: plan.times.slice(done),
    lastOrder: plan.lastOrder,
    noise,
    ...(plan.clip && { clip: plan.clip }),
    ...(spec.eta !== undefined && { eta: spec.eta }),
    ...(resume && done > 0 && { before: { x0: resume.x0, h: stretch(plan, done) } }),
    ...(signal && { signal }),
  });
  for await (const { step, t, x, eps, x0 } of sampler) {
    const at = done + step;
    const from = plan.times[at - 1]!;
    if (spec.known) putBack(x, t, spec, plan);
    const { tensors, ms, cond, uncond } = passes.take();
    const epsOf = (prediction: Float32Array | undefined) =>
      prediction && split(model.diffusion.prediction, plan.process, from, before, prediction).eps;
    const epsCond = epsOf(cond);
    const epsUncond = epsOf(uncond);
    const both = epsCond && epsUncond ? { epsCond, epsUncond } : {};
    yield { step: at, total, from, t, x, eps, x0, ...both, tensors, drawn: noise.drawn, ms };
    before = x;
    if (at >= until) return;
  }
}

function checkResume(resume: Resume | undefined, plan: Plan, total: number): number {
  if (!resume) return 0;
  const { step, x, x0 } = resume;
  if (!Number.isInteger(step) || step < 0 || step > total)
    throw new RangeError(`The run has ${total} steps and cannot go on after step ${step}.`);
  const length = plan.count * plan.each;
  if (x.length !== length || x0.length !== length)
    throw new RangeError(`The state has ${x.length} values; the model needs ${length}.`);
  return step;
}

/** λ(times[k]) − λ(times[k − 1]). */
function stretch({ process, times }: Plan, k: number): number {
  return process.halfLogSnr(times[k]!) - process.halfLogSnr(times[k - 1]!);
}

/**
 * Puts the known part of the picture back, noised to the time t with the noise the run began with. Writes to x.
 * Source: Lugmayr et al. 2022, "RePaint", section 4.1 (there with new noise at each step, and without its resampling).
 */
function putBack(x: Float32Array, t: number, spec: SampleSpec, { process, count, each }: Plan): void {
  const { picture, mask } = spec.known!;
  const begun = spec.start === undefined ? spec.x : undefined;
  const noise = begun ?? startNoise(spec.seed, count, each, spec.first);
  const [a, b] = [process.signalRate(t), process.noiseRate(t)];
  for (let i = 0; i < x.length; i++) {
    const m = mask[i % mask.length]!;
    if (m !== 0) x[i] = (1 - m) * x[i]! + m * (a * picture[i]! + b * noise[i]!);
  }
}

/** The network as the samplers ask it: feeds, guidance, and what a step hands on besides. */
class Passes {
  readonly #spec: SampleSpec;
  readonly #plan: Plan;
  readonly #forward: Forward;
  readonly #now: () => number;
  #tensors: readonly WireTensor[] | undefined;
  #halves: readonly [Float32Array, Float32Array] | undefined;
  #ms = 0;

  constructor(spec: SampleSpec, plan: Plan, forward: Forward, now: () => number = () => performance.now()) {
    this.#spec = spec;
    this.#plan = plan;
    this.#forward = forward;
    this.#now = now;
  }

  /** x `[n, C, S, S]` and the network's time to the (guided) prediction. */
  readonly ask = async (x: Float32Array, time: number): Promise<Float32Array> => {
    const { batch, guided, y, context, w } = this.#plan;
    const first = this.#tensors === undefined;
    const wanted = first ? (this.#spec.outputs ?? []) : [];
    const began = this.#now();
    const got = await this.#forward(
      {
        x: guided ? doubled(x) : x,
        t: new Float32Array(batch).fill(time),
        ...(y && { y }),
        ...(context && { context }),
        ...this.#spec.interventions,
      },
      [PREDICTION, ...wanted.filter((name) => name !== PREDICTION)],
    );
    this.#ms += this.#now() - began;
    const answer = got.find((t) => t.name === PREDICTION)!.data;
    if (first) this.#tensors = wanted.map((name) => got.find((t) => t.name === name)!);
    if (!guided) return answer;
    const halves = [answer.slice(0, x.length), answer.slice(x.length)] as const;
    if (first) this.#halves = halves;
    return guide(halves[0], halves[1], w);
  };

  /** What the first pass since the last call gave, and how long all of them took. */
  take() {
    const [cond, uncond] = this.#halves ?? [];
    const taken = { tensors: this.#tensors ?? [], ms: this.#ms, cond, uncond };
    this.#tensors = this.#halves = undefined;
    this.#ms = 0;
    return taken;
  }
}

function doubled(x: Float32Array): Float32Array {
  const both = new Float32Array(2 * x.length);
  both.set(x);
  both.set(x, x.length);
  return both;
}
