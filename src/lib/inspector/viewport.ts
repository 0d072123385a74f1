import { zoomIdentity, type ZoomTransform } from 'd3-zoom';
import type { Box, Drawing } from './layout.ts';

/** The pane a drawing is seen through, pixels. */
export interface Pane {
  readonly width: number;
  readonly height: number;
}

/** The part of a pane beside a small map at its right; all of it where too little would be left. */
export function beside(pane: Pane, map: number): Pane {
  const width = pane.width - map;
  return width < 300 ? pane : { ...pane, width };
}

/** How far the drawing may be made smaller and larger. */
export const ZOOM: readonly [least: number, most: number] = [0.05, 3];

/** The whole drawing in the middle of the pane, never larger than itself, with a margin of 20 pixels. */
export function fitting(drawing: Pick<Drawing, 'width' | 'height'>, { width, height }: Pane): ZoomTransform {
  const k = Math.min(1, (width - 40) / drawing.width, (height - 40) / drawing.height);
  const x = (width - drawing.width * k) / 2;
  const y = (height - drawing.height * k) / 2;
  return zoomIdentity.translate(x, y).scale(k);
}

/** A box in the middle of the pane at scale `k`; of one that is higher than the pane, its beginning. */
export function around(box: Pick<Box, 'x' | 'y' | 'width' | 'height'>, k: number, pane: Pane): ZoomTransform {
  const x = box.x + box.width / 2;
  const y = box.y + Math.min(box.height, pane.height / k) / 2;
  return centred(x, y, k, pane);
}

/** A point of the drawing in the middle of the pane. */
export function centred(x: number, y: number, k: number, { width, height }: Pane): ZoomTransform {
  return zoomIdentity.translate(width / 2 - x * k, height / 2 - y * k).scale(k);
}

/** Closer or farther by `factor`, about the middle of the pane. */
export function zoomed(view: ZoomTransform, factor: number, { width, height }: Pane): ZoomTransform {
  const k = Math.min(ZOOM[1], Math.max(ZOOM[0], view.k * factor));
  const by = k / view.k;
  const [cx, cy] = [width / 2, height / 2];
  return zoomIdentity.translate(cx - (cx - view.x) * by, cy - (cy - view.y) * by).scale(k);
}

/** The way from one view to another, `part` of it gone, 0 … 1. */
export function between(from: ZoomTransform, to: ZoomTransform, part: number): ZoomTransform {
  const mix = (a: number, b: number) => a + (b - a) * part;
  return zoomIdentity.translate(mix(from.x, to.x), mix(from.y, to.y)).scale(mix(from.k, to.k));
}

/** Whether a box is seen from its left to its right end, and the first `most` pixels of its height. */
export function isSeen(
  box: Pick<Box, 'x' | 'y' | 'width' | 'height'>,
  view: ZoomTransform,
  { width, height }: Pane,
  most = 60,
): boolean {
  const [x, y] = [box.x * view.k + view.x, box.y * view.k + view.y];
  const [right, bottom] = [x + box.width * view.k, y + Math.min(box.height, most) * view.k];
  return x >= 0 && y >= 0 && right <= width && bottom <= height;
}
