import { fileHref } from '#lib/base/paths.ts';
import { fitPicture } from '#lib/images/preprocess.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import { gallery, galleryPicture } from '#lib/pictures/gallery.ts';

/** Side of the squares that cells are given, in pixels, where the page has no picture of its own. */
const SIDE = 224;

/** Ids of the gallery's pictures. */
export const pictureIds = (): readonly string[] => gallery().map(({ id }) => id);

/**
 * A picture of the gallery as a square of `side` pixels; undefined where there is none of that id.
 * @throws Error where it cannot be fetched; Fault where it cannot be read
 */
export async function squareOf(id: string, side = SIDE): Promise<Rgba | undefined> {
  const picture = galleryPicture(id);
  if (!picture) return undefined;
  const { decodeImage } = await import('#lib/images/decode.browser.ts');
  const response = await fetch(fileHref(`pictures/${picture.file}`));
  if (!response.ok) throw new Error(`The picture “${id}” could not be fetched.`);
  return fitPicture(await decodeImage(await response.blob()), side, 'crop');
}
