import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { PROGRAM as SAMPLING } from '#lib/programs/sampling/program.ts';
import type { ModelRef, ProgramResult } from '#lib/runtime/protocol.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { readyModel, SessionWork, type SessionPhase } from '#lib/live/session-work.svelte.ts';
import type { SampleStep } from '../sampler/loop.ts';
import { Frames, type Frame } from './frames.ts';
import { denoiserConfig } from './live-denoiser.svelte.ts';
import { planOfRun, sameSettings, segmentsOf, startOf, type RunSettings } from './settings.ts';

export interface RunOptions {
  /** States kept of a run; more are thinned evenly. Default 128. 2: the first and the newest alone. */
  readonly keep?: number;
  /** Hears every step as it comes, with the tensors of `outputs`; they are not kept. */
  readonly onstep?: (step: SampleStep) => void;
}

/** Steps whose times the median is taken of. */
const TIMED = 15;

/**
 * A sampling run as the page sees it. Set `settings`, call `play`; states stream in from the worker and are kept.
 * `at` is the state on show: it follows the newest until the reader seeks, and again when they seek to the newest.
 * New settings stop what is under way and forget its states. Everything public is reactive.
 */
export class SamplingSession {
  /** The network whose weights, progress and faults it shares. */
  readonly live: LiveModel;
  /** Tensors of the network that `onstep` hears with each step; counts from the next `play`, `next` or change on. */
  outputs = $state.raw<readonly string[]>([]);
  readonly #work = new SessionWork();
  readonly #engine: Engine;
  readonly #options: RunOptions;
  readonly #frames: Frames;
  #settings = $state.raw<RunSettings>();
  #list = $state.raw<readonly Frame[]>([]);
  #at = $state(0);
  #resumed = $state.raw<readonly number[]>([]);
  #times = $state.raw<readonly number[]>([]);
  #result = $state.raw<ProgramResult>();
  #replaying = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param live a denoiser; several sessions may share one */
  constructor(engine: Engine, live: LiveModel, options: RunOptions = {}) {
    this.#engine = engine;
    this.live = live;
    this.#options = options;
    this.#frames = new Frames(options.keep);
  }

  get settings(): RunSettings | undefined {
    return this.#settings;
  }
  set settings(value: RunSettings | undefined) {
    if (sameSettings(value, this.#settings)) return;
    this.#settings = value;
    this.cancel();
    if (!value || denoiserConfig(this.live) || typeof window === 'undefined') return;
    void this.live.describe().then(
      () => this.#settings === value && this.#list.length === 0 && this.#begin(),
      () => {}, // the fault is shown
    );
  }

  /** After a failure `play` goes on after the last step that came. */
  get phase(): SessionPhase {
    return this.#work.phase;
  }
  /** Why it failed: of this run, or of the model behind it. */
  get fault(): FaultRecord | undefined {
    return this.#work.fault ?? (this.phase === 'failed' ? this.live.fault : undefined);
  }
  /** Steps are being computed, or will be as soon as the weights are here. */
  get busy(): boolean {
    return this.#work.busy;
  }
  /** The device was lost under the run and is being replaced; it goes on by itself. */
  get recovering(): boolean {
    return this.phase === 'running' && this.#engine.status.fault?.code === 'device-lost';
  }
  /** Steps after which the run went on on another device, since it began. */
  get resumed(): readonly number[] {
    return this.#resumed;
  }
  /** N of the settings; 0 without any. */
  get total(): number {
    return this.#settings?.steps ?? 0;
  }
  /** Steps made. */
  get made(): number {
    return this.#list.at(-1)?.step ?? 0;
  }
  /** The kept states in order: step 0 … the newest. Empty before the configuration is there. */
  get frames(): readonly Frame[] {
    return this.#list;
  }
  /** Index of the state on show, into `frames`. */
  get at(): number {
    return Math.min(this.#at, Math.max(0, this.#list.length - 1));
  }
  /** The state on show. */
  get frame(): Frame | undefined {
    return this.#list[this.at];
  }
  /** The newest state. */
  get last(): Frame | undefined {
    return this.#list.at(-1);
  }
  /** The newest state is on show, and newer ones will be. */
  get following(): boolean {
    return this.at >= this.#list.length - 1;
  }
  /** Median milliseconds of a step's forward passes, of the newest steps. */
  get msPerStep(): number | undefined {
    const sorted = [...this.#times].sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
  }
  /** Milliseconds the steps that are left will take, at the pace of the newest. */
  get msLeft(): number | undefined {
    const pace = this.msPerStep;
    return pace === undefined ? undefined : pace * (this.total - this.made);
  }
  /** What the worker summed up at the end of the newest stretch: all its time, and that of the passes in it. */
  get result(): ProgramResult | undefined {
    return this.#result;
  }
  /** Bytes of the kept states. */
  get bytes(): number {
    return this.#list.length === 0 ? 0 : this.#frames.bytes;
  }
  /** The kept states are being shown one after the other. */
  get replaying(): boolean {
    return this.#replaying;
  }

  /** Goes on to the end. Resolves when there, or stopped; true: all steps are made. */
  play(): Promise<boolean> {
    return this.#run(undefined);
  }
  /** Makes one more step, or shows the next kept state where the newest isn't on show. */
  async next(): Promise<void> {
    if (!this.following) return void (this.at < this.#list.length - 1 && this.seek(this.at + 1));
    if (!this.busy) await this.#run(this.made + 1);
  }
  /** Shows the kept state before. */
  back(): void {
    this.seek(this.at - 1);
  }
  /** Shows a kept state by its index into `frames`. */
  seek(index: number): void {
    this.#endReplay();
    this.#show(index);
  }
  /** Shows the kept state nearest to a step, 0 … N. */
  seekStep(step: number): void {
    this.seek(this.#frames.near(step));
  }
  /** Shows all kept states from the first on, `rate` a second. */
  replay(rate = 12): void {
    this.#endReplay();
    if (this.#list.length < 2) return;
    this.#show(0);
    this.#replaying = true;
    this.#timer = setInterval(() => {
      if (this.following) return this.#endReplay();
      this.#show(this.at + 1);
      if (this.following && !this.busy) this.#endReplay();
    }, 1000 / rate);
  }
  /** Stops where it is; `play` and `next` go on from there. */
  pause(): void {
    this.#endReplay();
    this.#work.stop();
  }
  /** Gives the run up: back to the state before the first step. */
  cancel(): void {
    this.#endReplay();
    this.#work.reset();
    this.#resumed = [];
    this.#times = [];
    this.#result = undefined;
    this.#list = [];
    this.#begin();
  }
  /** For the end of the page or the component. */
  dispose(): void {
    this.pause();
  }

  async #run(until: number | undefined): Promise<boolean> {
    if (this.busy) return false;
    this.#endReplay();
    const settings = this.#settings;
    if (!settings) return false;
    if (this.phase === 'done') return true;
    return this.#work.take(async (signal, to) => {
      if (this.live.phase !== 'ready') to('loading');
      const model = await this.#prepare(signal);
      if (!model || signal.aborted) return false;
      to('running');
      await this.#stretches(model, settings, until ?? settings.steps, signal);
      return this.made >= settings.steps;
    });
  }

  /** Configuration, weights and runtime; the first state as soon as it can be known. Undefined: stopped. */
  async #prepare(signal: AbortSignal): Promise<ModelRef | undefined> {
    await this.live.describe();
    if (!denoiserConfig(this.live))
      throw new Fault('config-invalid', { field: 'architecture', rule: 'is no denoiser' });
    if (signal.aborted) return undefined;
    if (this.#list.length === 0) this.#begin();
    const { fault } = this.#work;
    if (fault) throw new Fault(fault.code, { ...fault.details });
    return readyModel(this.live);
  }

  /** The state before the first step, as soon as configuration and settings are there. */
  #begin(): void {
    const model = denoiserConfig(this.live);
    const settings = this.#settings;
    if (!model || !settings) return;
    try {
      const plan = planOfRun(model, settings);
      this.#frames.begin(startOf(settings, plan), plan.times[0]!);
      this.#list = this.#frames.list;
      this.#at = 0;
    } catch (error) {
      this.#list = [];
      this.#work.fail(error);
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
      this.#result = await this.#engine.program(
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
          onAgain: () => (this.#resumed = [...this.#resumed, this.made]),
        },
      );
    }
  }

  #take(step: SampleStep): void {
    const newest = this.following && !this.#replaying;
    const on = this.frame;
    this.#frames.take(step);
    this.#list = this.#frames.list;
    // Thinning moves what is kept: the state on show stays on show.
    this.#at = newest ? this.#list.length - 1 : this.#frames.near(on?.step ?? 0);
    this.#times = [...this.#times.slice(1 - TIMED), step.ms];
    this.#options.onstep?.(step);
  }

  #show(index: number): void {
    this.#at = Math.min(Math.max(0, Math.round(index)), Math.max(0, this.#list.length - 1));
  }
  #endReplay(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#replaying = false;
  }
}
