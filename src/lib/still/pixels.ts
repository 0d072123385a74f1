/** What stands for a canvas in a still: its pixels at the moment of the copy; undefined where there are none. */
export type PixelsOf = (canvas: HTMLCanvasElement) => HTMLImageElement | HTMLCanvasElement | undefined;

/** A copy of the pixels of a canvas, which nobody changes any more; undefined for one that has none. */
export function pixelsNow(canvas: HTMLCanvasElement): HTMLCanvasElement | undefined {
  if (canvas.width === 0 || canvas.height === 0) return undefined;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  return copy;
}
