import { Fault } from '#lib/base/errors.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { SAMPLING } from '#lib/programs/sampling/call.ts';
import type { ModelRef, ProgramResult } from '#lib/runtime/protocol.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { readyModel } from '#lib/live/session-work.svelte.ts';
import type { SampleStep } from '../sampler/loop.ts';
import { Frames, type Frame } from './frames.ts';
import { denoiserConfig } from './live-denoiser.svelte.ts';
import { PlayedRun } from './played-run.svelte.ts';
import { planOfRun, segmentsOf, startOf, type RunSettings } from './settings.ts';

export interface RunOptions {
  /** States kept of a run; more are thinned evenly. Default 128. 2: the first and the newest alone. */
  readonly keep?: number;
  /** Hears every step as it comes, with the tensors of `outputs`; they are not kept. */
  readonly onstep?: (step: SampleStep) => void;
}

/** A sampling run of a denoiser as the page sees it. */
export class SamplingSession extends PlayedRun<RunSettings, Frame> {
  /** The network whose weights, progress and faults it shares. */
  readonly live: LiveModel;
  /** Tensors of the network that `onstep` hears with each step; counts from the next `play`, `next` or change on. */
  outputs = $state.raw<readonly string[]>([]);
  readonly #options: RunOptions;
  readonly #frames: Frames;
  #list = $state.raw<readonly Frame[]>([]);
  #result = $state.raw<ProgramResult>();

  /** @param live a denoiser; several sessions may share one */
  constructor(engine: Engine, live: LiveModel, options: RunOptions = {}) {
    super(engine);
    this.live = live;
    this.#options = options;
    this.#frames = new Frames(options.keep);
  }

  get frames(): readonly Frame[] {
    return this.#list;
  }
  /** What the worker summed up at the end of the newest stretch: all its time, and that of the passes in it. */
  get result(): ProgramResult | undefined {
    return this.#result;
  }
  /** Bytes of the kept states. */
  get bytes(): number {
    return this.#list.length === 0 ? 0 : this.#frames.bytes;
  }

  protected begin(of: RunSettings | undefined): void {
    this.#result = undefined;
    this.#list = [];
    if (!of) return;
    if (denoiserConfig(this.live)) this.#first(of);
    else if (typeof window !== 'undefined')
      void this.live.describe().then(
        () => this.settings === of && this.#list.length === 0 && this.#first(of),
        () => {}, // the fault is shown
      );
  }

  protected async make(
    of: RunSettings,
    until: number,
    signal: AbortSignal,
    running: () => void,
  ): Promise<void> {
    const model = await this.#prepare(of, signal);
    if (!model || signal.aborted) return;
    running();
    await this.#stretches(model, of, until, signal);
  }

  /** Configuration, weights and runtime; the first state as soon as it can be known. Undefined: stopped. */
  async #prepare(of: RunSettings, signal: AbortSignal): Promise<ModelRef | undefined> {
    await this.live.describe();
    if (!denoiserConfig(this.live))
      throw new Fault('config-invalid', { field: 'architecture', rule: 'is no denoiser' });
    if (signal.aborted) return undefined;
    if (this.#list.length === 0) this.#first(of);
    const { fault } = this.work;
    if (fault) throw new Fault(fault.code, { ...fault.details });
    return readyModel(this.live);
  }

  /** The state before the first step, once the configuration is there. */
  #first(of: RunSettings): void {
    const model = denoiserConfig(this.live);
    if (!model) return;
    try {
      const plan = planOfRun(model, of);
      this.#frames.begin(startOf(of, plan), plan.times[0]!);
      this.#list = this.#frames.list;
    } catch (error) {
      this.work.fail(error);
    }
  }

  /** Makes the steps up to `until`, one stretch of equal specs after the other. */
  async #stretches(
    model: ModelRef,
    settings: RunSettings,
    until: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (const { to, spec } of segmentsOf(settings)) {
      const done = this.made;
      if (done >= Math.min(to, until) || signal.aborted) continue;
      const { resume } = this.#frames;
      const outputs = this.outputs;
      this.#result = await this.engine.program(
        SAMPLING,
        {
          models: { denoiser: model },
          spec: { ...spec, ...(outputs.length > 0 && { outputs }) },
          ...(resume && { resume }),
          until: Math.min(to, until),
        },
        {
          signal,
          onStep: (step) => {
            if (!signal.aborted) this.#take(step);
          },
          onAgain: this.onAgain,
        },
      );
    }
  }

  #take(step: SampleStep): void {
    this.took(step.ms, () => {
      this.#frames.take(step);
      this.#list = this.#frames.list;
    });
    this.#options.onstep?.(step);
  }
}
