import type { PreprocessSpec, Rgba } from '#lib/images/index.ts';
import { drawView, makeView, type ViewDraw, type ViewRecipe } from './random-views.ts';

/** Pictures of a batch, and views of each. */
export const PICTURES = 4;
export const VIEWS_EACH = 2;

/** A picture of the batch, by its id. */
export interface BatchPicture {
  readonly id: string;
  readonly rgba: Rgba;
}

/** Views of a batch: rows 2k and 2k + 1 are those of picture k. */
export interface ViewSet {
  /** Id of the picture of each view `[2N]`. */
  readonly ids: readonly string[];
  readonly draws: readonly ViewDraw[];
  /** Each view as the model takes it, `[3, S, S]`. */
  readonly views: readonly Float32Array[];
  /** All of them after one another, `[2N, 3, S, S]`. */
  readonly x: Float32Array;
}

/** Draws two views of each picture and brings them to the range that the model takes. */
export function viewSet(
  pictures: readonly BatchPicture[],
  recipe: ViewRecipe,
  { size, mean, std }: Pick<PreprocessSpec, 'mean' | 'std'> & { readonly size: number },
): ViewSet {
  const each = 3 * size * size;
  const x = new Float32Array(VIEWS_EACH * pictures.length * each);
  const rows = pictures.flatMap((picture) => Array.from({ length: VIEWS_EACH }, () => picture));
  const draws = rows.map(({ rgba }, place) => drawView(recipe, place, rgba.width / rgba.height));
  const views = rows.map(({ rgba }, place) => {
    const pixels = makeView(rgba, draws[place]!, size);
    const out = x.subarray(place * each, (place + 1) * each);
    pixels.forEach((value, i) => {
      const c = Math.floor(i / (size * size));
      out[i] = (value / 255 - mean[c]!) / std[c]!;
    });
    return out;
  });
  return { ids: rows.map(({ id }) => id), draws, views, x };
}

/** Ids of the other pictures of the batch: the first of these that are not the reader's. */
export function othersThan(id: string, ids: readonly string[]): readonly string[] {
  return ids.filter((other) => other !== id).slice(0, PICTURES - 1);
}
