import type { Sample, Sheet } from '#lib/notebook/judged/samples.ts';
import type { Breaks } from './measured-breaks.ts';

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
