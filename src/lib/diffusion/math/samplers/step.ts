import { type Prediction, split, type Split } from '../convert.ts';
import type { NoiseSource } from '../noise.ts';
import type { Process } from '../process.ts';
import { checkGrid, networkTime, type TimeConvention } from '../timesteps.ts';
import type { Values } from '../values.ts';

/**
 * The network: x (as long as the state) and its time, as {@link TimeConvention} says, to a
 * prediction of the same length. Guidance, classes and batching are its own affair.
 */
export type Model<X extends Values = Values> = (x: X, time: number) => Values | Promise<Values>;

export interface SamplerOptions<X extends Values = Values> {
  readonly process: Process;
  readonly model: Model<X>;
  /** What the model predicts. */
  readonly predicts: Prediction;
  /** What the model is fed as time; default `unit`, t itself. */
  readonly time?: TimeConvention;
  /** The state at times[0], usually standard normals. Never written to. */
  readonly x: X;
  /** N+1 falling times in [0, 1] (see timeGrid). */
  readonly times: readonly number[];
  /** Keep every x̂0 inside this range, e.g. [−1, 1] for pixels. Default: no clipping. */
  readonly clip?: readonly [number, number];
  /** Noise for the samplers that add some. */
  readonly noise?: NoiseSource;
  /** Stops the sampler before and after each call of the model, throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a sampler yields after each of its N steps; the arrays are new ones every time. */
export interface SamplerStep<X extends Values = Values> {
  /** 1 … N. */
  readonly step: number;
  /** The time of `x`: times[step]. */
  readonly t: number;
  /** The state that the step arrived at. */
  readonly x: X;
  /** The model's (clipped) answer at times[step − 1] that the step set out with. */
  readonly eps: X;
  readonly x0: X;
}

export type Sampler<X extends Values = Values> = AsyncGenerator<SamplerStep<X>, void, void>;

/** One step's frame: the stretch from → to and the model's answer at `from`. */
export interface Stretch<X extends Values> extends Split<X> {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly x: X;
}

/**
 * The loop that all samplers share: ask the model, let `advance` make the next state, yield it.
 * @throws RangeError for a grid that does not fall inside [0, 1]; the signal's reason when aborted.
 */
export async function* march<X extends Values>(
  options: SamplerOptions<X>,
  advance: (at: Stretch<X>) => X | Promise<X>,
): Sampler<X> {
  const { times } = options;
  checkGrid(times);
  let x = options.x;
  for (let step = 1; step < times.length; step++) {
    const [from, to] = [times[step - 1]!, times[step]!];
    const { x0, eps } = await ask(options, x, from);
    x = await advance({ step, from, to, x, x0, eps });
    yield { step, t: to, x, eps, x0 };
  }
}

/** The model's answer at (x, t) as x0 and ε. */
export async function ask<X extends Values>(options: SamplerOptions<X>, x: X, t: number): Promise<Split<X>> {
  const { process, model, predicts, time = 'unit', clip, signal } = options;
  signal?.throwIfAborted();
  const prediction = await model(x, networkTime(time, t, process));
  signal?.throwIfAborted();
  return split(predicts, process, t, x, prediction, clip);
}

/** The next draw of the injected noise, as long as x. @throws RangeError if no source was given. */
export function draw<X extends Values>(options: SamplerOptions<X>, who: string, x: X): Values {
  if (!options.noise) throw new RangeError(`${who} adds noise; give it a noise source.`);
  return options.noise.normal(x.length);
}

/** Runs a sampler to its end and gives the last step. */
export async function finish<X extends Values>(sampler: Sampler<X>): Promise<SamplerStep<X>> {
  let last: SamplerStep<X> | undefined;
  for await (const step of sampler) last = step;
  return last!;
}
