import { resample, type Rgba } from '#lib/images/index.ts';
import { ShownPicture } from '#lib/pictures/shown.svelte.ts';
import { othersThan, PICTURES, type BatchPicture } from './view-set.ts';

/** The pictures beside the reader's, unless one of them is the reader's own choice. */
const OTHERS = ['golden-retriever', 'balloon', 'church', 'goldfish'] as const;
/** Views are cut from a picture of at most so many pixels a side, as those of the trainings are. */
const MOST = 256;

/** The batch that views are drawn of: the picture at hand and three of the gallery. Reactive; opens an effect. */
export class ViewBatch {
  readonly #own: () => Pick<ShownPicture, 'rgba' | 'shown'>;
  readonly #others = Array.from({ length: PICTURES - 1 }, () => new ShownPicture());

  /** @param own the reader's picture */
  constructor(own: () => Pick<ShownPicture, 'rgba' | 'shown'>) {
    this.#own = own;
    $effect(() => {
      const { shown } = own();
      if (shown === undefined) return;
      othersThan(shown, OTHERS).forEach((id, i) => void this.#others[i]?.show(id));
    });
  }

  readonly #first = $derived.by(() => pictureOf(this.#own()));
  readonly #rest = $derived.by(() => this.#others.map(pictureOf));
  /** All of them, the reader's first; undefined until the last one is there. */
  readonly pictures: readonly BatchPicture[] | undefined = $derived.by(() => {
    const wanted = this.#first && othersThan(this.#first.id, OTHERS);
    const found = [this.#first, ...this.#rest].filter((picture) => picture !== undefined);
    const right = wanted?.every((id, i) => this.#rest[i]?.id === id);
    return right && found.length === PICTURES ? found : undefined;
  });
}

function pictureOf({ rgba, shown }: Pick<ShownPicture, 'rgba' | 'shown'>): BatchPicture | undefined {
  return rgba && shown !== undefined ? { id: shown, rgba: within(rgba) } : undefined;
}

function within(picture: Rgba): Rgba {
  const scale = MOST / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return resample(picture, side(picture.width), side(picture.height));
}
