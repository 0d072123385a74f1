import { untrack } from 'svelte';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import { SamplingSession } from '#lib/diffusion/session/sampling-session.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { keeper } from './lookup.ts';

/** States kept: all of a run that a lesson links to. */
const KEPT = 256;

/** The run that is asked for, and of which model. */
interface Asked {
  /** A folder under `models/`, or a model of the reader's. */
  readonly model: string | ModelConfig;
  readonly settings: RunSettings;
}

/** The sampling run whose states a denoiser is fed. It is made once, to its end, and then gone through. */
export class Sampled {
  readonly #engine: Engine;
  readonly #asked: () => Asked | undefined;
  readonly #kept = keeper<SamplingSession>();

  /** Make it while the component is made. @param asked reactive */
  constructor(engine: Engine, asked: () => Asked | undefined) {
    this.#engine = engine;
    this.#asked = asked;
    $effect(() => {
      const { run, settings } = this;
      if (!run || !settings) return;
      // Playing reads how far the run has come, which must not begin it once more.
      untrack(() => {
        run.settings = settings;
        void run.play();
      });
      return () => run.pause();
    });
  }

  readonly #model = $derived.by(() => this.#asked()?.model);
  readonly settings: RunSettings | undefined = $derived.by(() => this.#asked()?.settings);
  /** Undefined while none is asked for. */
  readonly run: SamplingSession | undefined = $derived.by(() => {
    const model = this.#model;
    if (model === undefined) return undefined;
    const make = () =>
      new SamplingSession(this.#engine, new LiveModel(this.#engine, model, { ahead: false }), { keep: KEPT });
    // The same file may be taken for something else.
    return this.#kept(typeof model === 'string' ? model : JSON.stringify(model), make);
  });

  /** The state after `step` steps; undefined until the run has come so far. The finished picture is fed to no network. */
  frame(step: number): Frame | undefined {
    const { run } = this;
    return run?.frames.find((f) => f.step === Math.min(step, run.total - 1));
  }
  /** The state nearest to a time. */
  near(t: number): Frame | undefined {
    const frames = this.run?.frames.filter((f) => f.step < this.run!.total) ?? [];
    return frames.reduce<Frame | undefined>(
      (best, f) => (best && Math.abs(best.t - t) <= Math.abs(f.t - t) ? best : f),
      undefined,
    );
  }
}
