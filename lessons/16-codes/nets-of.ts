import { ORDERS, type CutName, type NetName, type OrderName, type ViewName } from './names.ts';

/** The networks that write a picture in an order. */
const writers = (order: OrderName): readonly NetName[] => ['text', order, order === 'scales' ? 'var' : 'vq'];

const OF_ORDER: Readonly<Partial<Record<ViewName | CutName, OrderName>>> = {
  next: 'raster',
  cache: 'raster',
  'no-mask': 'raster',
  shuffled: 'raster',
  rounds: 'masked',
  byscale: 'scales',
  rest: 'scales',
  'scale-out': 'scales',
};

/** What is looked at: the view, what is broken in it, and the order that the reader has set. */
export interface Looked {
  readonly view: ViewName;
  readonly cut: CutName;
  readonly order: OrderName;
}

/** The order in which the view on show writes: some are of one order, whatever the reader has set. */
export const orderOf = ({ view, cut, order }: Looked): OrderName =>
  OF_ORDER[view === 'break' ? cut : view] ?? order;

/** The networks whose tensors belong to a view. */
export function netsOf(looked: Looked): readonly NetName[] {
  const { view, cut } = looked;
  if (view === 'pyramid') return ['var'];
  // No more than these: the names stand one above the other, and the stage is lower by so much.
  if (view === 'compare' || view === 'table') return ORDERS;
  if (view === 'rest') return ['scales', 'var', 'hart'];
  const coded: readonly ViewName[] = ['nearest', 'book', 'replace', 'through', 'rate'];
  if (coded.includes(view) || (view === 'break' && cut === 'half-book')) return ['vq'];
  return writers(orderOf(looked));
}
