import type { Lang } from '#lib/base/lang.ts';
import { MODELS } from './model.ts';
import type { StyleName } from './names.ts';
import type { JudgedName } from './twin-fields.ts';

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
/** The whole of what is judged of a denoiser. */
export type Judged = Readonly<Record<JudgedName, OfPairs>> & {
  readonly command: string;
  readonly among: number;
};

const stored = import.meta.glob<Judged | undefined>('/models/{uvit,unet}-words/metrics.json', {
  eager: true,
  query: '?part',
  import: 'words',
});
const fileOf = (net: 'denoiser' | 'twin') => `models/${MODELS[net]}/metrics.json`;

/** What was judged of a network; undefined where it was not. */
export const judgedOf = (net: 'denoiser' | 'twin'): Judged | undefined => stored[`/${fileOf(net)}`];
/** What `data-from` says of it. */
export const judgedFrom = (net: 'denoiser' | 'twin'): string => `cite:${fileOf(net)}`;

/** What the network was meant to reach on held-out pairs. */
export const AIM = { first: 0.6, style: 0.9 } as const;
