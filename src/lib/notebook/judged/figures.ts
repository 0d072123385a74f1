import type { Lang } from '#lib/base/lang.ts';
import type { StyleName } from '../painting/styles.ts';

/** Pairs that are judged: of the concept only other styles were seen, or this very picture was. */
export const JUDGED = ['held', 'seen'] as const;
export type JudgedName = (typeof JUDGED)[number];

/** Shares of paintings, 0 … 1: the name asked for is first among 100, among the five first; the style is the one asked for. */
export interface Shares {
  readonly first: number;
  readonly top5: number;
  readonly style: number;
}
/** What `training/measure/words.py` says of paintings asked for in one language. */
export interface Spoken extends Shares {
  /** The same of the real pictures of these pairs. */
  readonly real: Shares;
  readonly byStyle: Readonly<Partial<Record<StyleName, Shares & { readonly pairs: number }>>>;
  /** Shares of paintings whose nearest training picture is the very one asked for, shows its sign, has its style. */
  readonly same: number;
  readonly sameSign: number;
  readonly sameStyle: number;
}
type OfPairs = Readonly<Record<Lang, Spoken>> & { readonly pairs: number };
/** The whole of what is judged of a network that paints from words, `words` of its metrics.json. */
export type Judged = Readonly<Record<JudgedName, OfPairs>> & {
  readonly command: string;
  readonly among: number;
};
