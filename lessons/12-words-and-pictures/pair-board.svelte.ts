import { similarityMatrix, type Matrix } from '#lib/analysis/contrast.ts';
import type { Lang } from '#lib/base/lang.ts';
import { joined } from './embedding-rows.ts';
import { lossByHand } from './loss-by-hand.ts';
import { CONFIG } from './model.ts';
import { joinIds, joinWords, pairPictures, pairTexts, splitWords, type PairPicture } from './pairs.ts';
import { scaled } from './similarity-views.ts';
import type { WordsViewModel } from './view-model.svelte.ts';

/** Pictures and the words beside them, as the reader has set them, with what both towers say. Everything is reactive. */
export class PairBoard {
  readonly #vm: WordsViewModel;
  readonly #lang: () => Lang;
  /** The loss before words were swapped, and the words that it led to. */
  #before = $state.raw<{ readonly loss: number; readonly words: string }>();
  /** The place whose picture is being changed; one past the last adds one. */
  picking = $state<number>();

  constructor(vm: WordsViewModel, lang: () => Lang) {
    this.#vm = vm;
    this.#lang = lang;
  }
  get table() {
    return this.#vm.index.table;
  }
  readonly pictures: readonly PairPicture[] = $derived.by(() =>
    this.table ? pairPictures(this.#vm.state.pairs, this.table) : [],
  );
  readonly names = $derived.by(() => this.pictures.map(({ name }) => name[this.#lang()]));
  /** What stands beside each picture: what was typed, or the picture's name. */
  readonly words = $derived.by(() => pairTexts(this.#vm.state.words, this.pictures, this.#lang()));
  /** What was typed alone. */
  readonly typed = $derived.by(() => splitWords(this.#vm.state.words, this.pictures.length));

  /** Of each text, `[E]`; undefined until all are there. */
  readonly textRows = $derived.by(() => (this.words.length > 0 ? this.#vm.texts.all(this.words) : undefined));
  /** Of each picture, `[E]`, from the index. */
  readonly pictureRows = $derived.by(() => {
    const { table } = this;
    return (
      table &&
      this.pictures.map(({ sign, photo }) => {
        const at = (sign ?? photo ?? 0) * CONFIG.embed;
        return (sign === undefined ? table.photoRows : table.signs).subarray(at, at + CONFIG.embed);
      })
    );
  });
  readonly cosines: Matrix | undefined = $derived.by(() =>
    this.textRows && this.pictureRows
      ? similarityMatrix(joined(this.textRows), joined(this.pictureRows), CONFIG.embed)
      : undefined,
  );
  /** The chosen scale, or the learned one; undefined until that is known. */
  get scale(): number | undefined {
    return this.#vm.state.scale || this.#vm.scale;
  }
  readonly loss = $derived.by(() =>
    this.cosines && this.scale !== undefined ? lossByHand(scaled(this.cosines, this.scale)) : undefined,
  );
  /** The loss before the swap that the words on show came of. */
  get before(): number | undefined {
    return this.#before?.words === this.#vm.state.words ? this.#before.loss : undefined;
  }

  write(row: number, word: string): void {
    this.#set(this.typed.map((old, i) => (i === row ? word : old)));
  }
  /** Beside each picture stands its name again. */
  clear(): void {
    this.#set([]);
  }
  /** The first two words change places. */
  swap(): void {
    const loss = this.loss?.loss;
    const [first = '', second = '', ...others] = this.words;
    this.#set([second, first, ...others]);
    if (loss !== undefined) this.#before = { loss, words: this.#vm.state.words };
  }
  /** Puts a picture in the place that is being changed. What was written beside the old one was meant for that. */
  pick(picture: PairPicture): void {
    const place = this.picking ?? 0;
    const words = this.typed.map((word, i) => (i === place ? '' : word));
    this.#vm.state.pairs = joinIds([
      ...this.pictures.slice(0, place),
      picture,
      ...this.pictures.slice(place + 1),
    ]);
    this.#set(words);
    this.picking = undefined;
  }
  drop(): void {
    const words = this.typed.slice(0, -1);
    this.#vm.state.pairs = joinIds(this.pictures.slice(0, -1));
    this.#set(words);
    this.picking = undefined;
  }
  #set(words: readonly string[]): void {
    this.#vm.state.words = joinWords(words);
  }
}
