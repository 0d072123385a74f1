import type { Judged } from '#lib/notebook/judged/figures.ts';
import { ORDERS, type OrderName } from './names.ts';
import { judgedOf } from './orders-judged.ts';

/** Networks whose pictures are judged: the three orders, and scales with the rest painted. */
export const JUDGED_NETS: readonly (OrderName | 'hart')[] = [...ORDERS, 'hart'];

const stored = import.meta.glob<Judged | undefined>('/models/hart-words/metrics.json', {
  eager: true,
  query: '?part',
  import: 'words',
});

/** What was judged of a network; undefined where it was not. The page begins without that of the rest. */
export const judgedNet = (net: OrderName | 'hart'): Judged | undefined =>
  net === 'hart' ? Object.values(stored)[0] : judgedOf(net);
