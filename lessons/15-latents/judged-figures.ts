import type { Judged } from '#lib/notebook/judged/figures.ts';
import { MODELS } from './model.ts';

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
