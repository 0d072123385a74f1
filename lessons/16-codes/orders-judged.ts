import type { Judged } from '#lib/notebook/judged/figures.ts';
import { MODELS } from './model.ts';
import type { OrderName } from './names.ts';

const stored = import.meta.glob<Judged | undefined>('/models/{raster,masked,scales}-words/metrics.json', {
  eager: true,
  query: '?part',
  import: 'words',
});
const fileOf = (net: OrderName | 'hart') => `models/${MODELS[net]}/metrics.json`;

/** What was judged of an order's pictures; undefined where it was not. Of those with the rest painted: rest-judged.ts. */
export const judgedOf = (order: OrderName): Judged | undefined => stored[`/${fileOf(order)}`];
/** What `data-from` says of it. */
export const judgedFrom = (net: OrderName | 'hart'): string => `cite:${fileOf(net)}`;
