import { cosinesWith } from '#lib/analysis/ranking.ts';
import { PICTURE, TOKENS } from '#lib/models/clip/graph.ts';
import { SignIndex } from '#lib/pictures/sign-index.svelte.ts';
import { SignSheet } from '#lib/pictures/sign-sheet.svelte.ts';
import type { PaintedStep } from '#lib/programs/words-to-picture/program.ts';
import { MODELS, TEXT_CONFIG } from './model.ts';
import { placeOf } from './sign-places.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** What CLIP says of one state of a painting. */
export interface Judged {
  readonly step: PaintedStep;
  readonly word: string;
  /** The painting's cosine with each sign, by how they look, `[S]`. */
  readonly signs: Float64Array;
  /** Cosine of the painting with the reader's words. */
  readonly words: number;
  /** Its place, from 1, among all signs as answers to the words: how many of them lie nearer to the words, and one. */
  readonly place: number;
}

/**
 * What the painting on show became, as the two towers of CLIP see it: signs that look like it, and how well it answers
 * the words. Make it while a panel is made. Everything is reactive.
 */
export class Became {
  readonly #vm: LatentsViewModel;
  readonly index = new SignIndex(MODELS.text, TEXT_CONFIG.embed);
  readonly sheet = new SignSheet();
  /** Which step, and which words, a picture that was fed is of. */
  readonly #of = new WeakMap<Float32Array, { readonly step: PaintedStep; readonly word: string }>();

  constructor(vm: LatentsViewModel) {
    this.#vm = vm;
    $effect(() => {
      const { painted, step } = vm;
      if (!painted || !step) return;
      this.#of.set(painted, { step, word: vm.state.word });
      // Signs are asked for once there is something to compare them with.
      void this.index.load();
      return vm.text.tensors.want('visual.embedding');
    });
    $effect(() => (vm.painted ? vm.text.tensors.want('text.embedding') : undefined));
    $effect(() => {
      const { table } = this.index;
      if (table) void this.sheet.load(table.atlas);
    });
  }

  /** Of the newest state that was judged and belongs to the run on show; undefined before there is one. */
  readonly current: Judged | undefined = $derived.by(() => {
    const vm = this.#vm;
    const inputs = vm.text.shown?.inputs;
    const of = inputs?.[PICTURE] && this.#of.get(inputs[PICTURE]);
    const picture = vm.text.tensors.get('visual.embedding')?.data;
    const text = vm.text.tensors.get('text.embedding')?.data;
    const { table } = this.index;
    if (!of || !picture || !text || !table || inputs?.[TOKENS] !== vm.ids) return undefined;
    if (!vm.run.steps.includes(of.step)) return undefined;
    const signs = cosinesWith(picture, table.signs);
    const words = cosinesWith(picture, text)[0] ?? 0;
    return { ...of, signs, words, place: placeOf(words, cosinesWith(text, table.signs)) };
  });
}
