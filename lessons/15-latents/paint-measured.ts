/** What `tests/measure_paint.py` writes: rms differences of finished pictures, black −1 and white 1. */
export interface PaintMeasured {
  /** Digests of the weights it was measured with, by folder. */
  readonly weights: Readonly<Record<string, string>>;
  /** Seeds of which the mean was taken. */
  readonly paintings: number;
  /** Without each word of a text. */
  readonly without: Readonly<Record<string, number>>;
  /** With other words after so many steps. */
  readonly swapped: Readonly<Record<string, number>>;
}

const found = import.meta.glob<PaintMeasured>('./measured-paint.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site that was not measured. */
export const PAINT_MEASURED: PaintMeasured | undefined = Object.values(found)[0];
export const PAINT_MEASURED_FROM = 'cite:lessons/15-latents/measured-paint.json';
