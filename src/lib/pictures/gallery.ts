import type { Text } from '#lib/base/lang.ts';

/** A picture of `static/pictures`, with what its licence asks to be said. */
export interface GalleryPicture {
  readonly id: string;
  /** File under `static/pictures/`, a square WebP. */
  readonly file: string;
  /** A small square of the same, under `static/pictures/`. */
  readonly thumb: string;
  readonly title: Text;
  /** Id of the model's label it shows, if it shows one. */
  readonly class?: string | null;
  readonly author: string;
  readonly licence: string;
  readonly licenceUrl: string;
  readonly source: string;
}

let pictures: readonly GalleryPicture[] = [];

/**
 * Reads `static/pictures/pictures.json`; called by the root layout's `load`, so that the list is there before any
 * component is made, also while pages are prerendered. A gallery that cannot be read is empty.
 */
export async function loadGallery(fetch: typeof globalThis.fetch, address: string): Promise<void> {
  if (pictures.length) return;
  try {
    const response = await fetch(address);
    if (response.ok) pictures = (await response.json()) as GalleryPicture[];
  } catch {
    // Offline at the first visit: a picture of one's own still works.
  }
}

/** Every picture of the gallery, in its order. */
export function gallery(): readonly GalleryPicture[] {
  return pictures;
}

export function galleryPicture(id: string): GalleryPicture | undefined {
  return pictures.find((p) => p.id === id);
}

/** The id that stands for the reader's own picture. */
export const OWN = 'own';
