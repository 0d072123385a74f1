import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { split } from '#lib/diffusion/math/convert.ts';
import { momentOf, processOf } from '#lib/diffusion/math/spec.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { denoiserConfig } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import { rmsBetween } from '#lib/analysis/rms.ts';

/** One network asked at many times in one batch. */
export class ManyTimes {
  readonly live: LiveModel;
  readonly #grid: readonly number[];
  readonly #alsoTrue: boolean;
  #asked: Asked | undefined;
  #times: readonly number[] = $state.raw([]);

  /**
   * @param grid times in [0, 1], falling
   * @param alsoTrue the true time is asked too, so that no other can seem better only because it was left out
   */
  constructor(engine: Engine, name: string, grid: readonly number[], alsoTrue = false) {
    this.live = new LiveModel(engine, name, { ahead: false });
    this.#grid = this.#times = grid;
    this.#alsoTrue = alsoTrue;
  }

  /** The times of the newest question, falling. */
  get times(): readonly number[] {
    return this.#times;
  }

  get model(): DiffusionModel | undefined {
    return denoiserConfig(this.live);
  }

  /** The same state at every time: what a network says when it is told another time than the true one. */
  ask(x: Float32Array | undefined, label: number | null, t: number, eps: Float32Array | undefined): void {
    const { model } = this;
    if (!model || !x || (this.#asked?.x === x && this.#asked.label === label)) return;
    this.#asked = { x, label, t, eps };
    if (this.#alsoTrue) this.#times = withTime(this.#grid, t);
    const { times } = this;
    const { classes } = model.config;
    const count = times.length;
    const input = new Float32Array(count * x.length);
    for (let k = 0; k < count; k++) input.set(x, k * x.length);
    this.live.batch = count;
    this.live.inputs = {
      x: input,
      t: Float32Array.from(times, (at) => momentOf(model.diffusion, at).fed),
      ...(classes > 0 && { y: new Float32Array(count).fill(label ?? classes) }),
    };
  }

  /** The newest answer with the state it is of; undefined while a newer state is asked about. */
  answer(): Answer | undefined {
    const errors = this.errors();
    if (!errors || !this.#asked) return undefined;
    const { x, label, t } = this.#asked;
    return { x, label, t, times: this.times, errors };
  }

  /**
   * Root mean square error of ε̂ for each told time, the prediction read with the true time's rates, as a sampler does.
   * Undefined until `prediction` (which must be wanted) has come for the newest state.
   */
  errors(): readonly number[] | undefined {
    const { model } = this;
    const asked = this.#asked;
    const said = this.live.tensors.get('prediction');
    if (!model || !asked?.eps || !said || this.live.pending) return undefined;
    const { x, t, eps } = asked;
    if (said.data.length !== this.times.length * x.length) return undefined;
    const process = processOf(model.diffusion);
    return this.times.map((_, k) => {
      const prediction = said.data.subarray(k * x.length, (k + 1) * x.length);
      return rmsBetween(split(model.diffusion.prediction, process, t, x, prediction).eps, eps);
    });
  }
}

/** What a network said of one state. */
export interface Answer {
  /** The state asked about, the class it was asked with, and its true time. */
  readonly x: Float32Array;
  readonly label: number | null;
  readonly t: number;
  /** The times it was told, falling, and the error at each. */
  readonly times: readonly number[];
  readonly errors: readonly number[];
}

/** Falling times with one more among them, unless it is there already. */
function withTime(times: readonly number[], t: number): readonly number[] {
  if (times.some((at) => Math.abs(at - t) < 1e-6)) return times;
  return [...times, t].sort((a, b) => b - a);
}

interface Asked {
  readonly x: Float32Array;
  readonly label: number | null;
  readonly t: number;
  readonly eps: Float32Array | undefined;
}
