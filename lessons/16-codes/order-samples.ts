import type { Sample, Sheet } from '#lib/notebook/judged/samples.ts';
import type { OrderName } from './names.ts';

/** measured-samples.json, as `tests/measure.py` writes it: samples of each order, for the weights of measured-orders.json. */
export interface OrderSamples {
  readonly sheet: Sheet;
  readonly samples: readonly (Sample & { readonly order: OrderName })[];
}

const found = import.meta.glob<OrderSamples>('./measured-samples.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site that was not measured. The page begins without them: see orders-measured.ts. */
export const ORDER_SAMPLES: OrderSamples | undefined = Object.values(found)[0];
/** What `data-from` says of them. */
export const SAMPLES_FROM = 'cite:lessons/16-codes/measured-samples.json';
