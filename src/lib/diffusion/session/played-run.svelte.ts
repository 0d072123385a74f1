import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { SessionWork, type SessionPhase } from '#lib/live/session-work.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { nearStep } from './frames.ts';
import { sameSettings } from './settings.ts';

/** One state of a run: step 0 … N, and its time, where it has one. */
export interface RunState {
  readonly step: number;
  readonly t?: number;
}
/** A run of whatever is run, for what plays it. */
export type AnyRun = PlayedRun<{ readonly steps: number }, RunState>;

/** Steps whose times the median is taken of. */
const TIMED = 15;

/**
 * A run of steps as a page plays it: set `settings`, call `play`; states stream in and are kept. `at` is the state on
 * show: it follows the newest until the reader seeks, and again when they seek to the newest. New settings stop what is
 * under way and forget its states. Everything public is reactive. What is run, the class below it says.
 */
export abstract class PlayedRun<S extends { readonly steps: number }, F extends RunState> {
  protected readonly engine: Engine;
  protected readonly work = new SessionWork();
  #settings = $state.raw<S>();
  #at = $state(0);
  #resumed = $state.raw<readonly number[]>([]);
  #times = $state.raw<readonly number[]>([]);
  #replaying = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** The network whose weights, progress and faults the page shows. */
  abstract readonly live: LiveModel;
  /** The kept states in order: step 0 … the newest. Empty before the configuration is there. */
  abstract get frames(): readonly F[];
  /** Forgets all states; with `of` the state before the first step is kept, as soon as it can be known. */
  protected abstract begin(of: S | undefined): void;
  /** Makes the steps up to `until`, and says `running` once all that is needed is here. Undefined: it was stopped. */
  protected abstract make(of: S, until: number, signal: AbortSignal, running: () => void): Promise<void>;

  get settings(): S | undefined {
    return this.#settings;
  }
  set settings(value: S | undefined) {
    if (sameSettings(value, this.#settings)) return;
    this.#settings = value;
    this.cancel();
  }

  /** After a failure `play` goes on after the last step that came. */
  get phase(): SessionPhase {
    return this.work.phase;
  }
  /** Why it failed: of this run, or of the model behind it. */
  get fault(): FaultRecord | undefined {
    return this.work.fault ?? (this.phase === 'failed' ? this.live.fault : undefined);
  }
  /** Steps are being computed, or will be as soon as the weights are here. */
  get busy(): boolean {
    return this.work.busy;
  }
  /** The device was lost under the run and is being replaced; it goes on by itself. */
  get recovering(): boolean {
    return this.phase === 'running' && this.engine.status.fault?.code === 'device-lost';
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
    return this.last?.step ?? 0;
  }
  /** Index of the state on show, into `frames`. */
  get at(): number {
    return Math.min(this.#at, Math.max(0, this.frames.length - 1));
  }
  /** The state on show. */
  get frame(): F | undefined {
    return this.frames[this.at];
  }
  /** The newest state. */
  get last(): F | undefined {
    return this.frames.at(-1);
  }
  /** The newest state is on show, and newer ones will be. */
  get following(): boolean {
    return this.at >= this.frames.length - 1;
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
    if (!this.following) return void (this.at < this.frames.length - 1 && this.seek(this.at + 1));
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
    this.seek(nearStep(this.frames, step));
  }
  /** Shows all kept states from the first on, `rate` a second. */
  replay(rate = 12): void {
    this.#endReplay();
    if (this.frames.length < 2) return;
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
    this.work.stop();
  }
  /** Gives the run up: back to the state before the first step. */
  cancel(): void {
    this.#endReplay();
    this.work.reset();
    this.#resumed = [];
    this.#times = [];
    this.begin(this.#settings);
    this.#at = 0;
  }
  /** For the end of the page or the component. */
  dispose(): void {
    this.pause();
  }

  /**
   * A step has come.
   * @param ms of its forward passes
   * @param keep puts its state to the others
   */
  protected took(ms: number, keep: () => void): void {
    const newest = this.following && !this.#replaying;
    const on = this.frame?.step ?? 0;
    keep();
    // Thinning moves what is kept: the state on show stays on show.
    this.#at = newest ? this.frames.length - 1 : nearStep(this.frames, on);
    this.#times = [...this.#times.slice(1 - TIMED), ms];
  }
  /** The run goes on on another device. */
  protected readonly onAgain = (): void => {
    this.#resumed = [...this.#resumed, this.made];
  };

  async #run(until: number | undefined): Promise<boolean> {
    if (this.busy) return false;
    this.#endReplay();
    const settings = this.#settings;
    if (!settings) return false;
    if (this.phase === 'done') return true;
    return this.work.take(async (signal, to) => {
      if (this.live.phase !== 'ready') to('loading');
      await this.make(settings, until ?? settings.steps, signal, () => to('running'));
      return this.made >= settings.steps;
    });
  }

  #show(index: number): void {
    this.#at = Math.min(Math.max(0, Math.round(index)), Math.max(0, this.frames.length - 1));
  }
  #endReplay(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#replaying = false;
  }
}
