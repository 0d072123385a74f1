import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import type { WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { LATENTS, PIXELS } from './model.ts';
import { followSpec, followStep } from '#lib/diffusion/session/follow-run.svelte.ts';
import type { PaintRun } from './painting.svelte.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/**
 * Two paintings from one noise in one batch: one is told the first words throughout, the other is told other words from
 * a step on. Make it while a panel is made.
 */
export class SwapPair {
  readonly #vm: LatentsViewModel;
  readonly run: PaintRun;

  constructor(vm: LatentsViewModel) {
    this.#vm = vm;
    this.run = vm.newRun();
    followSpec(this.run, () => this.spec);
    followStep(this.run, vm.state);
    $effect(() => {
      vm.own = this.run;
      return () => (vm.own = undefined);
    });
  }

  /** Steps that both paintings are told the first words for: fewer than there are. */
  get after(): number {
    return Math.min(this.#vm.state.after, this.#vm.state.n - 1);
  }
  /** Undefined before the tokenizer is here. DDIM draws no noise on its way, so that words alone tell the two apart. */
  readonly spec: WordsToPicture | undefined = $derived.by(() => {
    const { word, other, seed } = this.#vm.state;
    const both = this.#vm.specOf(word, other);
    const [first, second] = both?.words[0]?.texts ?? [];
    if (!both || !first || !second) return undefined;
    const noise = startNoise(seed, 1, LATENTS);
    const x = new Float32Array(2 * LATENTS);
    x.set(noise);
    x.set(noise, LATENTS);
    const told = { after: this.after, texts: [first, second] };
    const words = this.after > 0 ? [{ after: 0, texts: [first, first] }, told] : [told];
    return { ...both, sampler: 'ddim', decode: ['x0'], words, x };
  });

  /** The pictures of the step on show, `[3, S, S]` each; undefined before the first step. */
  readonly pictures: readonly [Float32Array, Float32Array] | undefined = $derived.by(() => {
    const both = this.run.frame?.by?.pictures.x0;
    return both && [both.subarray(0, PIXELS), both.subarray(PIXELS)];
  });
}
