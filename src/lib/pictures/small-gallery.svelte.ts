import { preprocess } from '#lib/images/index.ts';
import { fileHref } from '#lib/base/paths.ts';
import { gallery, type GalleryPicture } from './gallery.ts';
import { pixelSpec } from './small.svelte.ts';

/** A picture of the gallery as a pixel-space diffusion model sees it. */
export interface SmallGalleryPicture {
  readonly picture: GalleryPicture;
  /** `[3, S, S]` in [−1, 1]. */
  readonly x0: Float32Array;
}

/**
 * Several pictures of the gallery at once, small: a set of data to compute with. Made of the thumbnails; one that cannot
 * be had is left out.
 */
export class SmallGallery {
  readonly side: number;
  #list = $state.raw<readonly SmallGalleryPicture[]>([]);
  #asked = false;

  constructor(side: number) {
    this.side = side;
  }

  /** In the order of the gallery; empty until all have come. */
  get list(): readonly SmallGalleryPicture[] {
    return this.#list;
  }

  /** Fetches the first `count` pictures, once. */
  async load(count: number): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    const { decodeImage } = await import('#lib/images/decode.browser.ts');
    const made = await Promise.all(
      gallery()
        .slice(0, count)
        .map(async (picture) => {
          try {
            const response = await fetch(fileHref(`pictures/${picture.thumb}`));
            if (!response.ok) return undefined;
            const rgba = await decodeImage(await response.blob());
            return { picture, x0: preprocess(rgba, pixelSpec(this.side)) };
          } catch {
            return undefined;
          }
        }),
    );
    this.#list = made.filter((one) => one !== undefined);
    if (this.#list.length === 0) this.#asked = false;
  }
}
