import { split, type Split } from '../math/convert.ts';
import type { Process } from '../math/process.ts';
import { processOf } from '../math/spec.ts';
import { networkTime } from '../math/timesteps.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { classesOf, pictureOf } from '#lib/models/registry.ts';
import { PREDICTION } from '../sampler/spec.ts';
import type { TextContext } from '../sampler/spec.ts';
import { isDiffusion, type DiffusionModel } from '#lib/models/model-config.ts';
import type { Changes } from './settings.ts';

/** One call of the network. */
export interface Call {
  /** x_t, `[C, S, S]` flat. */
  readonly x: Float32Array;
  /** Time on the clock of all processes, 1 (noise) … 0 (clean). */
  readonly t: number;
  /** Class by index, or null for none. Ignored by a model without classes. */
  readonly label: number | null;
  /** Of a network that is told texts: features of the one text, and of the empty one for the half without. */
  readonly context?: TextContext;
  /** The same picture without class and text beside it, in one batch of two: the conditional one is number 0. */
  readonly both?: boolean;
  /** Values of the intervention inputs. Undefined: a graph without them. `{}`: one with them, all neutral. */
  readonly interventions?: Changes;
}

/** What a call says, in every language of predictions. */
export interface Said {
  readonly call: Call;
  /** The network's answer to the picture with its label as it is, in the kind it was trained for, `[C, S, S]`. */
  readonly prediction: Float32Array;
  /** ε̂ and x̂0 of the picture with its label, `[C, S, S]`, not clipped. */
  readonly cond: Split<Float32Array>;
  /** Without a label, where both were asked for. */
  readonly uncond?: Split<Float32Array>;
}

/** The configuration of a model that is a denoiser, once it is there. Reactive. */
export function denoiserConfig({ config }: LiveModel): DiffusionModel | undefined {
  return config && isDiffusion(config) ? config : undefined;
}

/**
 * A denoiser that answers one call at a time: set `call`, want tensors of `live`, read them there. The newest call
 * wins, what is shown stays until the next answer is there. For a whole run see SamplingSession.
 */
export class LiveDenoiser {
  /** The network: its weights, progress, faults and tensors. */
  readonly live: LiveModel;
  #call = $state.raw<Call>();
  readonly #calls = new WeakMap<Float32Array, Call>();

  constructor(engine: Engine, name: string) {
    this.live = new LiveModel(engine, name, { ahead: false });
  }

  /** The configuration, once it is there. Undefined also for a model that is no denoiser. */
  get model(): DiffusionModel | undefined {
    return denoiserConfig(this.live);
  }
  /** The noising process it was trained with. */
  readonly process: Process | undefined = $derived.by(() => {
    const of = this.model?.diffusion;
    return of && processOf(of);
  });
  /** Numbers of one picture, C · S · S. */
  get each(): number | undefined {
    const of = this.model && pictureOf(this.model);
    return of && of.channels * of.height * of.width;
  }

  /** The newest call wished for. Nothing is computed before one is set, or before the configuration is there. */
  get call(): Call | undefined {
    return this.#call;
  }
  set call(value: Call | undefined) {
    if (value === this.#call) return;
    this.#call = value;
    if (this.model) this.#pass(value);
    else
      void this.live.describe().then(
        () => this.#call === value && this.#pass(value),
        () => {}, // the fault is shown
      );
  }

  /** What the shown tensors say of the picture. Needs `prediction` to be wanted. Reactive. */
  get said(): Said | undefined {
    const { model, process: p } = this;
    const wish = this.live.shown;
    const call = wish?.inputs.x && this.#calls.get(wish.inputs.x);
    const prediction = this.live.tensors.get(PREDICTION)?.data;
    if (!model || !p || !call || !prediction) return undefined;
    const n = call.x.length;
    const at = (half: number) =>
      split(model.diffusion.prediction, p, call.t, call.x, prediction.slice(half * n, (half + 1) * n));
    return {
      call,
      prediction: prediction.slice(0, n),
      cond: at(0),
      ...(prediction.length > n && { uncond: at(1) }),
    };
  }

  #pass(call: Call | undefined): void {
    const { model, process: p } = this;
    if (!model || !p) return;
    if (!call) return void (this.live.inputs = undefined);
    const { count: classes } = classesOf(model);
    const { context } = call;
    const both = Boolean(call.both) && (classes > 0 || context !== undefined);
    const batch = both ? 2 : 1;
    // A new array for every call: it is what the shown answer is known by.
    const x = new Float32Array(batch * call.x.length);
    for (let k = 0; k < batch; k++) x.set(call.x, k * call.x.length);
    this.#calls.set(x, call);
    const labels = [call.label ?? classes, classes].slice(0, batch);
    this.live.batch = batch;
    this.live.interventions = call.interventions;
    this.live.inputs = {
      x,
      t: new Float32Array(batch).fill(networkTime(model.diffusion.time, call.t, p)),
      ...(classes > 0 && { y: Float32Array.from(labels) }),
      ...(context && { context: both ? Float32Array.of(...context.told, ...context.empty) : context.told }),
    };
  }
}
