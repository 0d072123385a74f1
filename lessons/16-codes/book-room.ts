import { getContext, setContext } from 'svelte';
import type { BookSheet } from './book-sheet.svelte.ts';

/** Where the stage keeps the sheet of all codes once a panel has asked for it. */
export interface BookRoom {
  sheet?: BookSheet;
}

const KEY = Symbol('book sheet');
/** Lets the panels below share one sheet. */
export const provideBook = (): BookRoom => setContext(KEY, {});
/** The stage's room; one of its own where there is none. */
export const bookRoom = (): BookRoom => getContext<BookRoom | undefined>(KEY) ?? {};
