import { paintPixels } from '#lib/figures/pixels/paint.ts';
import type { Clip } from './clip-source.svelte.ts';
import { RANGE } from './model.ts';

/** Frame `f` of a clip as a picture, to be drawn from. Needs a document. */
export function pictureOf({ frames, side }: Clip, f: number): HTMLCanvasElement {
  const picture = document.createElement('canvas');
  picture.width = picture.height = side;
  const image = new ImageData(side, side);
  const each = 3 * side * side;
  const shape = { channels: 3, rows: side, cols: side } as const;
  paintPixels(image.data, frames.subarray(f * each, (f + 1) * each), shape, RANGE);
  picture.getContext('2d')?.putImageData(image, 0, 0);
  return picture;
}
