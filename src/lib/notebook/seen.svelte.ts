import { fitPicture, patchGeometry, preprocess, type PreprocessSpec } from '#lib/images/index.ts';
import { FollowedPicture, type Telling } from '#lib/pictures/followed.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { SIDE } from './classifier-sizes.ts';

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

/**
 * The picture of a lesson as its model sees it: the square, the input, its patches and the chosen one. Follows the
 * lesson's state; an id that is no picture is replaced by the first of the gallery, and the link note says so.
 * Make it while the lesson's view model is made (it opens effects).
 */
export class SeenPicture extends FollowedPicture {
  readonly #state: PictureState;
  readonly #live: LiveModel;

  constructor(page: Telling, state: PictureState, live: LiveModel) {
    super(page, state);
    this.#state = state;
    this.#live = live;
  }

  readonly geometry = $derived.by(() => patchGeometry(SIDE, this.#state.p));
  readonly spec = $derived.by(() => this.#live.config?.preprocessing ?? DEFAULT_SPEC);
  /** The square the model sees, 0 … 255. */
  readonly square = $derived.by(
    () => this.picture.rgba && fitPicture(this.picture.rgba, SIDE, this.spec.fit),
  );
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
}
