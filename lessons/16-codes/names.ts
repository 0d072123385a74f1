/** What the stage shows. */
export const VIEWS = [
  'write',
  'nearest',
  'book',
  'replace',
  'through',
  'rate',
  'pyramid',
  'next',
  'cache',
  'edit',
  'rounds',
  'byscale',
  'compare',
  'rest',
  'break',
  'table',
] as const;
export type ViewName = (typeof VIEWS)[number];

/** The networks whose tensors strip and drawer show. */
export const NETS = ['vq', 'var', 'text', 'raster', 'masked', 'scales', 'hart'] as const;
export type NetName = (typeof NETS)[number];

/** In which order codes are chosen, and so which network chooses them. */
export const ORDERS = ['raster', 'masked', 'scales'] as const;
export type OrderName = (typeof ORDERS)[number];

/** What the view `break` takes from the system. */
export const CUTS = ['no-mask', 'shuffled', 'scale-out', 'half-book'] as const;
export type CutName = (typeof CUTS)[number];

/** Orders of the places other than the one the raster network was trained in. */
export const FILLS = ['shuffled', 'columns', 'backwards'] as const;
export type FillName = (typeof FILLS)[number];
