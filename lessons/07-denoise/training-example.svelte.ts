import { errorsOfV, exampleOf, squaredError, weightAt, type Example } from '#lib/diffusion/math/objective.ts';
import type { Process } from '#lib/diffusion/math/process.ts';
import type { Call, LiveDenoiser } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import { RECIPE, STORED } from './model.ts';

/** What the stage shows of a training example; everything but `example` waits for the network's answer to it. */
export interface ShownExample {
  readonly example: Example<Float32Array>;
  /** The class the network was told, or null. */
  readonly label: number | null;
  readonly said?: {
    /** v̂, the network's answer. */
    readonly prediction: Float32Array;
    /** (v̂ − v)², cell by cell. */
    readonly cells: Float32Array;
    /** The mean of all cells. */
    readonly mean: number;
    /** The same error as one of ε and one of x0. */
    readonly as: { readonly eps: number; readonly x0: number };
    /** What this network's training multiplied the mean by. */
    readonly weight: number;
  };
}

interface Wish {
  readonly x0: Float32Array | undefined;
  readonly eps: Float32Array;
  readonly t: number;
  readonly label: number | null;
}

/** An example as one training of the network would have it, and what the network answers. Everything is reactive. */
export class TrainingExample {
  readonly #denoiser: LiveDenoiser;
  readonly #wish: () => Wish | undefined;
  readonly #examples = new WeakMap<Float32Array, Example<Float32Array>>();

  /** @param wish the example that is asked for; undefined while none is */
  constructor(denoiser: LiveDenoiser, wish: () => Wish | undefined) {
    this.#denoiser = denoiser;
    this.#wish = wish;
  }

  /** The example that is asked for. */
  readonly #asked = $derived.by(() => {
    const { process } = this.#denoiser;
    const wish = this.#wish();
    if (!wish?.x0 || !process) return undefined;
    const example = exampleOf(STORED.diffusion.prediction, process, wish.t, wish.x0, wish.eps);
    this.#examples.set(example.x, example);
    return { example, label: wish.label };
  });
  /** It as a call of the network. */
  readonly call: Call | undefined = $derived.by(() => {
    const asked = this.#asked;
    return asked && { x: asked.example.x, t: asked.example.t, label: asked.label };
  });
  /** The newest answered example with its answer; until there is one, the example asked for. */
  readonly shown: ShownExample | undefined = $derived.by(() => {
    const { said, process } = this.#denoiser;
    const example = said && this.#examples.get(said.call.x);
    if (!said || !example || !process) return this.#asked;
    const { cells, mean } = squaredError(said.prediction, example.target);
    const measured = { cells, mean, ...partsOf(process, example.t, mean) };
    return { example, label: said.call.label, said: { prediction: said.prediction, ...measured } };
  });
}

const partsOf = (process: Process, t: number, mean: number) => ({
  as: errorsOfV(process, t, mean),
  weight: weightAt(RECIPE.weighting, STORED.diffusion.prediction, process, t, RECIPE.gamma),
});
