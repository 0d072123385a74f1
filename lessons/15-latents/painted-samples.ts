import type { Breaks } from './measured-breaks.ts';
import type { StyleName } from './names.ts';

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

/** measured.json, as `tests/measure.py` writes it. */
export interface Measured {
  readonly weights: Readonly<Record<string, string>>;
  readonly recipe: {
    readonly sampler: string;
    readonly steps: number;
    readonly guidance: number;
    readonly seed: number;
  };
  readonly sheet: Sheet;
  readonly samples: readonly Sample[];
  readonly breaks: Breaks;
  readonly twin:
    (Pick<Breaks, 'whole' | 'cut-inner' | 'cut-outer' | 'cut-all'> & { readonly weights: string }) | null;
}

const found = import.meta.glob<Measured>('./measured.json', { eager: true, import: 'default' });

/** What was measured of the weights; undefined where nothing was. */
export const MEASURED: Measured | undefined = found['./measured.json'];

/** Where a square lies on the sheet, in pixels. */
export function squareOf({ tile, columns }: Sheet, sample: number, square: Square) {
  const index = 3 * sample + SQUARES.indexOf(square);
  return { x: (index % columns) * tile, y: Math.floor(index / columns) * tile, side: tile };
}
