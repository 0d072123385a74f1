import { cosinesWith } from '#lib/analysis/ranking.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { SignIndex } from '#lib/pictures/sign-index.svelte.ts';
import { SignSheet } from '#lib/pictures/sign-sheet.svelte.ts';
import { placeOf } from './sign-places.ts';

/** A step of whatever paints: 1 … N. */
export interface PaintingStep {
  readonly step: number;
}

/** What two towers, one for pictures and one for texts, are asked about a painting. Everything is read reactively. */
export interface Judging {
  /** The network with both towers; the page feeds it `picture` and `words`. */
  readonly live: LiveModel;
  /** Its inputs for a picture and for token ids, its embeddings of both, and the width of these. */
  readonly names: Readonly<Record<'picture' | 'tokens' | 'seen' | 'read', string>>;
  readonly width: number;
  /** The painting on show as the picture tower takes it; undefined before there is one. */
  readonly picture: Float32Array | undefined;
  /** The token ids that the text tower is fed. */
  readonly ids: Float32Array | undefined;
  readonly words: string;
  readonly step: PaintingStep | undefined;
  /** Whether a step is one of the run on show. */
  shows(step: PaintingStep): boolean;
}

/** What is said of one state of a painting. */
export interface Judged {
  readonly step: PaintingStep;
  readonly word: string;
  /** The painting's cosine with each sign, by how they look, `[S]`. */
  readonly signs: Float64Array;
  /** Cosine of the painting with the reader's words. */
  readonly words: number;
  /** Its place, from 1, among all signs as answers to the words: how many of them lie nearer to the words, and one. */
  readonly place: number;
}

/**
 * What the painting on show became, as the two towers see it: signs that look like it, and how well it answers the words.
 * Make it while a panel is made. Everything is reactive.
 */
export class Became {
  readonly #of: Judging;
  readonly index: SignIndex;
  readonly sheet = new SignSheet();
  /** Which step, and which words, a picture that was fed is of. */
  readonly #fed = new WeakMap<Float32Array, { readonly step: PaintingStep; readonly word: string }>();

  constructor(of: Judging) {
    this.#of = of;
    this.index = new SignIndex(of.live.name, of.width);
    $effect(() => {
      const { picture, step } = of;
      if (!picture || !step) return;
      this.#fed.set(picture, { step, word: of.words });
      // Signs are asked for once there is something to compare them with.
      void this.index.load();
      return of.live.tensors.want(of.names.seen);
    });
    $effect(() => (of.picture ? of.live.tensors.want(of.names.read) : undefined));
    $effect(() => {
      const { table } = this.index;
      if (table) void this.sheet.load(table.atlas);
    });
  }

  /** Of the newest state that was judged and belongs to the run on show; undefined before there is one. */
  readonly current: Judged | undefined = $derived.by(() => {
    const { live, names, ids } = this.#of;
    const inputs = live.shown?.inputs;
    const shown = inputs?.[names.picture];
    const fed = shown && this.#fed.get(shown);
    const picture = live.tensors.get(names.seen)?.data;
    const text = live.tensors.get(names.read)?.data;
    const { table } = this.index;
    if (!fed || !picture || !text || !table || inputs?.[names.tokens] !== ids) return undefined;
    if (!this.#of.shows(fed.step)) return undefined;
    const signs = cosinesWith(picture, table.signs);
    const words = cosinesWith(picture, text)[0] ?? 0;
    return { ...fed, signs, words, place: placeOf(words, cosinesWith(text, table.signs)) };
  });
}
