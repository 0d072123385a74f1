import type { StyleName } from '../painting/styles.ts';

/** A sign in a style. */
export interface SampleSign {
  readonly en: string;
  readonly zh: string;
  readonly style: StyleName;
}
/** A painting on the sheet, what it is taken for, and the training picture that lies nearest to it. */
export interface Sample extends SampleSign {
  /** `pair`: this very picture was kept from training. `train`: it was seen. */
  readonly split: 'pair' | 'train';
  /** Rank of its name among 100, 1 the nearest; and the style that it is taken for. */
  readonly rank: number;
  readonly taken: StyleName;
  /** Distance as root mean square over pixels of 0 … 255. */
  readonly near: SampleSign & { readonly distance: number };
}
/** The sheet under `static/emoji/`: three squares for each sample, row by row. */
export interface Sheet {
  readonly file: string;
  /** Side of a square in pixels. */
  readonly tile: number;
  readonly columns: number;
}
/** Which of a sample's squares: the painting, the nearest training picture, the sign itself as its makers drew it. */
export const SQUARES = ['painted', 'near', 'real'] as const;
export type Square = (typeof SQUARES)[number];

/** Where a square lies on the sheet, in pixels. */
export function squareOf({ tile, columns }: Sheet, sample: number, square: Square) {
  const index = 3 * sample + SQUARES.indexOf(square);
  return { x: (index % columns) * tile, y: Math.floor(index / columns) * tile, side: tile };
}
