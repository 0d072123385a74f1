import { keep, recall } from '#lib/base/storage.ts';
import { galleryPicture, OWN } from './gallery.ts';
import { recallOwn } from './own.ts';

/** Remembers which picture the reader chose, for the next page: an id of the gallery, or `own`. */
export function keepChoice(id: string): void {
  keep('picture', id);
}

/**
 * The picture the reader chose last, in whatever lesson; undefined when none was chosen, or when it is no longer
 * there (the gallery has changed, the browser has dropped the reader's own picture).
 */
export async function chosenPicture(): Promise<string | undefined> {
  const id = recall('picture');
  if (id === OWN) return (await recallOwn()) ? OWN : undefined;
  return id !== undefined && galleryPicture(id) ? id : undefined;
}
