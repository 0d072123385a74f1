import type { Judged } from '#lib/notebook/judged/figures.ts';
import { MODELS } from './model.ts';

/** Networks whose pictures are judged: the three orders, and scales with the rest painted. */
export const JUDGED_NETS = ['raster', 'masked', 'scales', 'hart'] as const;
export type JudgedNet = (typeof JUDGED_NETS)[number];

const stored = import.meta.glob<Judged | undefined>(
  '/models/{raster,masked,scales,hart}-words/metrics.json',
  {
    eager: true,
    query: '?part',
    import: 'words',
  },
);
const fileOf = (net: JudgedNet) => `models/${MODELS[net]}/metrics.json`;

/** What was judged of a network; undefined where it was not. */
export const judgedOf = (net: JudgedNet): Judged | undefined => stored[`/${fileOf(net)}`];
/** What `data-from` says of it. */
export const judgedFrom = (net: JudgedNet): string => `cite:${fileOf(net)}`;
