/** How far pictures go from the unbroken ones (root mean square, −1 … 1; the median), and CLIP's shares of right names and styles. */
export interface Broken {
  readonly apart: number;
  readonly first: number;
  readonly style: number;
}
/** Masked pictures in so many rounds: shares of right names and styles. */
export interface RoundsRow {
  readonly rounds: number;
  readonly choose: 'confidence' | 'chance';
  readonly first: number;
  readonly style: number;
}
/** Latents or pictures with something missing: root mean square of what is, and PSNR in dB against the picture. */
export interface Missing {
  readonly latents: number;
  readonly psnr: number;
}
/** What codes leave over of pictures, and what the residual network gives back in so many steps. */
export interface RestMeasured {
  readonly pictures: number;
  /** Root mean square of the encoder's latents, and of what the codes leave over. */
  readonly spread: number;
  readonly rest: number;
  readonly without: Missing;
  readonly all: Missing;
  readonly painted: Readonly<Record<string, Missing>>;
}
type OfRaster = 'whole' | 'shuffled' | 'no-mask' | 'half-used' | 'half-unused';

/** measured-orders.json, as `tests/measure.py` writes it; null of a generator that was not there. */
export interface OrdersMeasured {
  readonly weights: Readonly<Record<string, string>>;
  readonly recipe: {
    readonly temperature: number;
    readonly topK: number;
    readonly guidance: number;
    readonly rounds: number;
    readonly seed: number;
  };
  /** Pictures that breaks are measured on, and those of each number of rounds. */
  readonly pictures: number;
  readonly judged: number;
  readonly scales: Readonly<Record<string, Broken>> | null;
  readonly raster: Readonly<Record<OfRaster, Broken>> | null;
  readonly rounds: readonly RoundsRow[] | null;
  readonly rest: RestMeasured | null;
}

const found = import.meta.glob<OrdersMeasured>('./measured-orders.json', { eager: true, import: 'default' });

/** What was measured of the weights; undefined in a copy of the site that was not measured. */
export const ORDERS_MEASURED: OrdersMeasured | undefined = Object.values(found)[0];
export const ORDERS_FROM = 'cite:lessons/16-codes/measured-orders.json';

/** A break by its name: of one chooser `no-mask` and its like, of scales `without-2`; undefined where it was not measured. */
export function brokenOf(of: string): Broken | undefined {
  const { scales, raster } = ORDERS_MEASURED ?? {};
  const named: Readonly<Record<string, Broken>> = { ...scales, ...(raster && { ...raster }) };
  return of === 'scales' ? (scales?.whole ?? undefined) : named[of];
}
