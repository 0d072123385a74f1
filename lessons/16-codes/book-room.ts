import { getContext, setContext } from 'svelte';
import type { FaultRecord } from '#lib/base/errors.ts';

/** The codebook as pictures, fetched once. */
export interface BookPictures {
  load(): Promise<void>;
  /** Why it has not come; `retry` tries again. */
  readonly fault: FaultRecord | undefined;
  retry(): void;
  readonly bitmap: ImageBitmap | undefined;
  /** Every code decoded alone, `[tile · tile · 3]` in 0 … 1; undefined until it is here. */
  readonly tiles: readonly Float32Array[] | undefined;
}

/** Where the stage keeps them once a panel has asked: the page begins without what fetches them. */
export interface BookRoom {
  pictures?: BookPictures;
}

const KEY = Symbol('book room');
/** Lets the panels below share them. */
export const provideBook = (): BookRoom => setContext(KEY, {});
/** The stage's room; one of its own where there is none. */
export const bookRoom = (): BookRoom => getContext<BookRoom | undefined>(KEY) ?? {};
