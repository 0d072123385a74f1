import { Fault } from '#lib/base/errors.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { readyModel } from '#lib/live/session-work.svelte.ts';
import {
  WORDS_TO_PICTURE,
  type PaintedStep,
  type WordsToPicture,
} from '#lib/programs/words-to-picture/call.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { startNoise } from '../math/picture-noise.ts';
import { planOf } from '../sampler/spec.ts';
import { contextShape } from '../sampler/text-context.ts';
import { denoiserConfig } from './live-denoiser.svelte.ts';
import { PlayedRun } from './played-run.svelte.ts';

/** The networks that words become a picture through; several sessions may share them. */
export interface Painters {
  /** The text tower. */
  readonly text: LiveModel;
  readonly denoiser: LiveModel;
  readonly decoder: LiveModel;
}

/** One state of a painting: the noise (0), the one after step k, the finished one (N). */
export interface PaintedFrame {
  /** Steps made so far, 0 … N. */
  readonly step: number;
  /** Its time, 1 (noise) … 0 (clean). */
  readonly t: number;
  /** The latents x_t, `[n, C, s, s]` flat. */
  readonly x: Float32Array;
  /** The step that arrived here, with what was decoded of it; undefined before the first. */
  readonly by: PaintedStep | undefined;
}

export interface PaintingOptions {
  /** Keep only the noise and the newest state: for many paintings side by side. */
  readonly brief?: boolean;
  /** Hears every step as it comes, with the tensors of the spec's `outputs`. */
  readonly onstep?: (step: PaintedStep) => void;
}

/** The noise that a painting begins with and its time. @throws RangeError for a spec that cannot be */
function beginning(model: DiffusionModel, of: WordsToPicture): PaintedFrame {
  const { tokens, dim } = contextShape(model) ?? { tokens: 0, dim: 0 };
  const one = tokens * dim;
  // What the texts say changes neither the times nor the noise.
  const unread = { told: new Float32Array(of.labels.length * one), empty: new Float32Array(one) };
  const { times, count, each } = planOf(model, { ...of, context: unread });
  return { step: 0, t: times[0]!, x: of.x ?? startNoise(of.seed, count, each, of.first), by: undefined };
}

/** A painting from words as the page sees it: every step with the picture it stands for. */
export class PaintingSession extends PlayedRun<WordsToPicture, PaintedFrame> {
  readonly painters: Painters;
  readonly #options: PaintingOptions;
  #list = $state.raw<readonly PaintedFrame[]>([]);

  constructor(engine: Engine, painters: Painters, options: PaintingOptions = {}) {
    super(engine);
    this.painters = painters;
    this.#options = options;
  }

  /** Of its networks the one that is coming or has failed, else the denoiser. */
  get live(): LiveModel {
    const all = Object.values(this.painters) as readonly LiveModel[];
    return (
      all.find(({ phase }) => phase === 'failed') ??
      all.find(({ phase }) => phase === 'loading') ??
      this.painters.denoiser
    );
  }
  get frames(): readonly PaintedFrame[] {
    return this.#list;
  }
  /** The steps made, in order. */
  readonly steps: readonly PaintedStep[] = $derived.by(() => this.#list.flatMap(({ by }) => by ?? []));
  override pause(): void {
    super.pause();
    for (const part of Object.values(this.painters) as readonly LiveModel[])
      if (part.phase === 'loading') part.cancel();
  }

  protected begin(of: WordsToPicture | undefined): void {
    this.#list = [];
    if (!of) return;
    if (denoiserConfig(this.painters.denoiser)) this.#first(of);
    else if (typeof window !== 'undefined')
      void this.painters.denoiser.describe().then(
        () => this.settings === of && this.#list.length === 0 && this.#first(of),
        () => {}, // the fault is shown
      );
  }

  protected async make(
    of: WordsToPicture,
    until: number,
    signal: AbortSignal,
    running: () => void,
  ): Promise<void> {
    const { text, denoiser, decoder } = this.painters;
    const [first, second, third] = await Promise.all([text, denoiser, decoder].map(readyModel));
    if (signal.aborted || !first || !second || !third) return;
    if (this.#list.length === 0) this.#first(of);
    const { fault } = this.work;
    if (fault) throw new Fault(fault.code, { ...fault.details });
    running();
    const resume = this.last?.by && WORDS_TO_PICTURE.resume(this.last.by);
    await this.engine.program(
      WORDS_TO_PICTURE,
      {
        models: { text: first, denoiser: second, decoder: third },
        spec: of,
        until,
        ...(resume !== undefined && { resume }),
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

  /** The state before the first step, once the configuration is there. */
  #first(of: WordsToPicture): void {
    const model = denoiserConfig(this.painters.denoiser);
    if (!model) return;
    try {
      this.#list = [beginning(model, of)];
    } catch (error) {
      this.work.fail(error);
    }
  }

  #take(by: PaintedStep): void {
    const { step, t, x, ms, decodeMs } = by;
    this.took(ms + decodeMs, () => {
      const kept = this.#options.brief ? this.#list.slice(0, 1) : this.#list;
      this.#list = [...kept, { step, t, x, by }];
    });
    this.#options.onstep?.(by);
  }
}
