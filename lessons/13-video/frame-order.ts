/** Which of a film's frames a clip has, and in what order: `3.2.1.0`; empty: evenly spread, as filmed. */

/** `count` of `all` frames, evenly spread. */
export function evenly(all: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => Math.min(all - 1, Math.floor(((i + 0.5) * all) / count)));
}

/** The order a link or the reader says; undefined where it says none that fits. */
export function readOrder(said: string, all: number, count: number): readonly number[] | undefined {
  const parts = said.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : -1));
  return parts.length === count && parts.every((n) => n >= 0 && n < all) ? parts : undefined;
}

export const printOrder = (order: readonly number[]): string => order.join('.');

/** The order with two neighbours exchanged; the same where there is no such neighbour. */
export function exchanged(order: readonly number[], at: number, by: -1 | 1): readonly number[] {
  const [one, other] = [order[at], order[at + by]];
  if (one === undefined || other === undefined) return order;
  return order.map((n, i) => (i === at ? other : i === at + by ? one : n));
}
