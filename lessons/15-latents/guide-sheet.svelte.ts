import { onDestroy, untrack } from 'svelte';
import { cosinesWith } from '#lib/analysis/ranking.ts';
import { guide } from '#lib/diffusion/math/guidance.ts';
import type { PaintingSession } from '#lib/diffusion/session/painting-session.svelte.ts';
import { Sheet } from '#lib/diffusion/session/sheet.svelte.ts';
import { PICTURE, TOKENS } from '#lib/models/clip/graph.ts';
import type { WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { decodeLatents } from '#lib/live/decode-latents.ts';
import { PIXELS } from './model.ts';
import { NewestAnswer } from '#lib/live/newest-answer.svelte.ts';
import { paintRun } from './painting.svelte.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** Guidance weights side by side. */
export const SCALES = [1, 2, 4, 8] as const;

/** The estimates x̂0 at one state, `[C, s, s]` each: told nothing, told the words, and both mixed with the weight w. */
export interface Estimates {
  readonly none: Float32Array;
  readonly told: Float32Array;
  readonly guided: Float32Array;
  /** The estimate told the words minus the one told nothing. */
  readonly difference: Float32Array;
}

/** What guidance does: the two predictions at the state on show, and one noise painted under four weights. */
export class GuideSheet {
  readonly #vm: LatentsViewModel;
  readonly sheet: Sheet<WordsToPicture, PaintingSession>;
  readonly #decoded: NewestAnswer<Estimates, readonly Float32Array[]>;
  readonly #answered: NewestAnswer<{ readonly x: Float32Array; readonly ids: Float32Array }, Float64Array>;

  constructor(vm: LatentsViewModel) {
    this.#vm = vm;
    this.sheet = new Sheet(() => paintRun(vm.engine, vm.parts(), { brief: true }));
    $effect(() => {
      const spec = vm.specOf(vm.state.word);
      const first = vm.run.phase === 'done';
      // What setting and playing read is no reason to do it again. The painting on the stage goes first.
      untrack(() => {
        if (spec)
          this.sheet.entries = SCALES.map((w) => ({
            id: String(w),
            settings: { ...spec, guidance: w, decode: ['x0'] },
          }));
        if (first) void this.sheet.play();
      });
    });
    onDestroy(() => this.sheet.cancel());
    this.#decoded = new NewestAnswer(
      () => this.estimates,
      ({ none, told, guided }, signal) => {
        const scale = vm.scalingFactor ?? 1;
        const unscaled = [none, told, guided].map((z) => z.map((v) => v / scale));
        return decodeLatents(vm.decoder, unscaled, signal);
      },
    );
    this.#answered = new NewestAnswer(
      () => this.#finished,
      async ({ x, ids }, signal) => {
        const seen = { inputs: { [PICTURE]: x }, outputs: ['visual.embedding'], batch: SCALES.length };
        const read = { inputs: { [TOKENS]: ids }, outputs: ['text.embedding'] };
        const [pictures] = (await vm.text.pass(seen, { signal })).tensors;
        const [text] = (await vm.text.pass(read, { signal })).tensors;
        return pictures && text ? cosinesWith(text.data, pictures.data) : new Float64Array();
      },
    );
  }

  /** Needs `prediction` of the denoiser to be wanted; undefined before it has come for the state on show. */
  readonly estimates: Estimates | undefined = $derived.by(() => {
    const vm = this.#vm;
    const { said } = vm.denoiser;
    if (!said?.uncond || said.call !== vm.call || vm.scalingFactor === undefined) return undefined;
    const { cond, uncond } = said;
    return {
      none: uncond.x0,
      told: cond.x0,
      guided: guide(cond.x0, uncond.x0, vm.state.w),
      difference: cond.x0.map((v, i) => v - (uncond.x0[i] ?? 0)),
    };
  });
  /** They as pictures, `[3, S, S]`: told nothing, told the words, guided; undefined while they are decoded. */
  get decoded(): readonly Float32Array[] | undefined {
    return this.#decoded.to(this.estimates);
  }

  /** What one weight has painted so far, `[3, S, S]`. */
  picture(id: string): Float32Array | undefined {
    return this.sheet.run(id)?.last?.by?.pictures.x0;
  }
  readonly #finished = $derived.by(() => {
    const { ids } = this.#vm;
    if (!this.sheet.done || !ids) return undefined;
    const x = new Float32Array(SCALES.length * PIXELS);
    SCALES.forEach((w, i) => x.set(this.picture(String(w)) ?? [], i * PIXELS));
    return { x: x.map((v) => Math.min(1, Math.max(-1, v))), ids };
  });
  /** Cosine of each finished picture with the words, by CLIP; undefined before all are finished. */
  get cosines(): Float64Array | undefined {
    return this.#answered.to(this.#finished);
  }
}
