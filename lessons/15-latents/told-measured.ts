/** Percent of the patches' attention that goes to each part of the sequence: mean over words, blocks and heads. */
export interface AttentionShares {
  readonly words: number;
  readonly start: number;
  readonly end: number;
  readonly pad: number;
  readonly style: number;
  readonly time: number;
  /** Of the head that gives most, to the text's own tokens. */
  readonly most: number;
}

/** What `tests/measure_told.py` writes. */
export interface ToldMeasured {
  /** Digests of the weights it was measured with, by folder. */
  readonly weights: Readonly<Record<string, string>>;
  /** Texts of which the mean was taken, and pairs of texts. */
  readonly words: number;
  readonly pairs: number;
  readonly attention: Readonly<Record<string, AttentionShares>>;
  /** Percent of a walk's change that its largest jump makes, along the text and along the noise. */
  readonly walks: Readonly<Record<string, number>>;
}

const found = import.meta.glob<ToldMeasured>('./measured-told.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site that was not measured. */
export const TOLD_MEASURED: ToldMeasured | undefined = Object.values(found)[0];
export const TOLD_MEASURED_FROM = 'cite:lessons/15-latents/measured-told.json';

/** A share of the attention, `early.words`; undefined where it was not measured. */
export function measuredShare(at: string): number | undefined {
  const [when = '', what = ''] = at.split('.');
  const shares: Readonly<Record<string, number>> | undefined = TOLD_MEASURED?.attention[when] && {
    ...TOLD_MEASURED.attention[when],
  };
  return shares?.[what];
}
