import type { Text } from '#lib/base/lang.ts';
import type { OrderName } from './names.ts';

/** What the orders are called. */
export const ORDER_TITLES: Readonly<Record<OrderName, Text>> = {
  raster: { en: 'one by one', zh: '逐个' },
  masked: { en: 'in rounds', zh: '分轮' },
  scales: { en: 'scale by scale', zh: '逐尺度' },
};
