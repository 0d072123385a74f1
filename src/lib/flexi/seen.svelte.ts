import type { Text } from '../i18n/index.ts';
import { fitSquare, patchGeometry, preprocess, type PreprocessSpec } from '../images/index.ts';
import type { LessonRun } from '../lesson/run.svelte.ts';
import { galleryPicture, OWN } from '../pictures/gallery.ts';
import { firstPicture, ShownPicture } from '../pictures/shown.svelte.ts';
import type { LiveModel } from '../runtime/live.svelte.ts';
import { SIDE } from './shapes.ts';

/** What a lesson's state says about its picture. */
export interface PictureState {
  /** Pixels a side of a patch. */
  p: number;
  /** Id of a picture of the gallery, or `own`. */
  pic: string;
  /** A pixel (row, column): the patch that holds it is the chosen one, at every patch size. */
  at: readonly [number, number];
}

const DEFAULT_SPEC: PreprocessSpec = {
  size: SIDE,
  fit: 'crop',
  interpolation: 'bilinear',
  antialias: true,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};
const NOT_YOURS: Text = {
  en: 'The link was made with a picture of the sender’s own, which has never left their browser. Here is one of the gallery instead.',
  zh: '这个链接用的是发送者自己的图片，它从未离开过对方的浏览器。这里先换成图库里的一张。',
};

/**
 * The picture of a lesson as its model sees it: the square, the input, its patches and the chosen one. Follows the
 * lesson's state; an id that is no picture is replaced by the first of the gallery, and the link note says so.
 * Make it while the lesson's room is made (it opens effects).
 */
export class SeenPicture {
  readonly picture = new ShownPicture();
  readonly #run: LessonRun;
  readonly #state: PictureState;
  readonly #live: LiveModel;

  constructor(run: LessonRun, state: PictureState, live: LiveModel) {
    this.#run = run;
    this.#state = state;
    this.#live = live;
    $effect(() => void this.#show(state.pic));
  }

  readonly geometry = $derived.by(() => patchGeometry(SIDE, this.#state.p));
  readonly spec = $derived.by(() => this.#live.config?.preprocessing ?? DEFAULT_SPEC);
  /** The square the model sees, 0 … 255. */
  readonly square = $derived.by(() => this.picture.rgba && fitSquare(this.picture.rgba, SIDE, this.spec.fit));
  /** The model's input `[3, S, S]`. */
  readonly input = $derived.by(() => this.picture.rgba && preprocess(this.picture.rgba, this.spec));

  /** Place of the chosen patch: the one that holds the state's pixel, or the last before what is left over. */
  readonly chosen = $derived.by(() => {
    const { rows, cols } = this.geometry;
    const [y, x] = this.#state.at;
    const row = Math.min(rows - 1, Math.floor(y / this.#state.p));
    const col = Math.min(cols - 1, Math.floor(x / this.#state.p));
    return { row, col, index: row * cols + col };
  });
  choose(row: number, col: number): void {
    if (row < 0 || col < 0) return;
    const { p } = this.#state;
    const middle = Math.floor(p / 2);
    this.#state.at = [row * p + middle, col * p + middle];
  }

  /** Takes a file of the reader's. */
  async take(file: Blob, name: string): Promise<void> {
    if (await this.picture.take(file, name)) this.#state.pic = OWN;
  }

  async #show(id: string): Promise<void> {
    if (id !== OWN && !galleryPicture(id)) {
      const problem = { kind: 'value', field: 'pic', raw: id, shown: firstPicture() } as const;
      this.#run.problems = [...this.#run.problems, problem];
      this.#state.pic = firstPicture();
      return;
    }
    if (await this.picture.show(id)) return;
    this.#run.problems = [...this.#run.problems, { kind: 'lesson', text: NOT_YOURS }];
    this.#state.pic = firstPicture();
  }
}
