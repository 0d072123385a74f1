import { pngFile, drawingOf, svgFile, type Caption } from './figure-file.ts';
import { inlineStill } from './inline.ts';

/** Pixels of a PNG file for one of the page: three print sharply at the size of half a page. */
const DENSITY = 3;

export type FigureKind = 'png' | 'svg';

/**
 * Makes a file of what an element shows now.
 * @throws Error when the browser can't read or draw a part of it
 */
export async function figureFile(card: HTMLElement, caption: Caption, kind: FigureKind): Promise<Blob> {
  const still = inlineStill(card);
  return kind === 'svg'
    ? svgFile(still, caption)
    : pngFile(await drawingOf(still, caption), caption, DENSITY);
}
