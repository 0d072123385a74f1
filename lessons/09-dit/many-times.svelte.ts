import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { split } from '#lib/diffusion/math/convert.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { isDiffusion } from '#lib/models/model-config.ts';
import { rmsBetween } from '#lib/analysis/rms.ts';

/** One network asked at many times in one batch. */
export class ManyTimes {
  readonly live: LiveModel;
  readonly times: readonly number[];
  #asked: Asked | undefined;

  constructor(engine: Engine, name: string, times: readonly number[]) {
    this.live = new LiveModel(engine, name, { ahead: false });
    this.times = times;
  }

  get model(): DiffusionModel | undefined {
    return this.live.config && isDiffusion(this.live.config) ? this.live.config : undefined;
  }

  /** The same state at every time: what a network says when it is told another time than the true one. */
  ask(x: Float32Array | undefined, label: number | null, t: number, eps: Float32Array | undefined): void {
    const { model } = this;
    if (!model || !x || (this.#asked?.x === x && this.#asked.label === label)) return;
    this.#asked = { x, label, t, eps };
    const { classes } = model.config;
    const count = this.times.length;
    const input = new Float32Array(count * x.length);
    for (let k = 0; k < count; k++) input.set(x, k * x.length);
    this.live.batch = count;
    this.live.inputs = {
      x: input,
      t: Float32Array.from(this.times, (at) => momentOf(model.diffusion, at).fed),
      ...(classes > 0 && { y: new Float32Array(count).fill(label ?? classes) }),
    };
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
    const { process } = momentOf(model.diffusion, t);
    return this.times.map((_, k) => {
      const prediction = said.data.subarray(k * x.length, (k + 1) * x.length);
      return rmsBetween(split(model.diffusion.prediction, process, t, x, prediction).eps, eps);
    });
  }
}

interface Asked {
  readonly x: Float32Array;
  readonly label: number | null;
  readonly t: number;
  readonly eps: Float32Array | undefined;
}
