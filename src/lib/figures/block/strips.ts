import { kindFor, paintInto, rangeFor, type Ground, type ScaleKind } from '../scales.ts';
import { statsOf } from '#lib/analysis/stats.ts';

/** A row of values as a strip of colours, and the range those colours reach. */
export interface Strip {
  readonly values: Float32Array;
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
}

/** Blue and orange about zero where the values have both signs, one scale from 0 where they have not. */
export function stripOf(values: Float32Array): Strip {
  const { min, max } = statsOf(values);
  const kind = kindFor(min, max);
  const [low, high] = kind === 'sequential' && min >= 0 && max > 0 ? [0, max] : rangeFor(kind, min, max);
  return { values, kind, low, high };
}

/** Draws a strip into a box of the canvas, CSS pixels. */
export function drawStrip(
  ctx: CanvasRenderingContext2D,
  strip: Strip,
  box: { x: number; y: number; w: number; h: number },
  ground: Ground,
): void {
  const { values, kind, low, high } = strip;
  if (values.length === 0) return;
  const line = document.createElement('canvas');
  line.width = values.length;
  line.height = 1;
  const image = new ImageData(values.length, 1);
  const words = new Uint32Array(image.data.buffer);
  paintInto(words, 0, values, 0, values.length, { kind, curve: 'linear', low, high, ground });
  line.getContext('2d')?.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = values.length > box.w;
  ctx.imageSmoothingQuality = 'high';
  ctx.drawImage(line, box.x, box.y, box.w, box.h);
}
