import { Fault } from '#lib/base/errors.ts';
import { psnr } from '#lib/analysis/picture-error.ts';
import { jpegBytes, pngBytes, type FileBytes } from './file-bytes.ts';

/** A picture as the browser writes it into a file, and read again. */
export interface PictureFile extends FileBytes {
  /** `[3, S, S]` in −1 … 1, as it comes back, and its PSNR in dB; Infinity where nothing is lost. */
  readonly picture3: Float32Array;
  readonly psnr: number;
}

function painted(x: ArrayLike<number>, side: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  if (!context) throw new Fault('run-failed', { reason: 'the browser gives no canvas' });
  const pixels = side * side;
  const data = new Uint8ClampedArray(4 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = Math.round(((x[c * pixels + i] ?? 0) + 1) * 127.5);
    data[4 * i + 3] = 255;
  }
  context.putImageData(new ImageData(data, side, side), 0, 0);
  return canvas;
}

async function planesOf(blob: Blob, side: number): Promise<Float32Array> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Fault('run-failed', { reason: 'the browser gives no canvas' });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = side * side;
  return Float32Array.from(
    { length: 3 * pixels },
    (_, i) => (data[4 * (i % pixels) + Math.floor(i / pixels)] ?? 0) / 127.5 - 1,
  );
}

/**
 * Writes a picture as JPEG of a quality, or as PNG, and reads it again.
 * @param x `[3, S, S]` in −1 … 1
 * @param quality of a JPEG, 1 … 100; undefined: a PNG
 * @throws Fault where the browser cannot write such a file
 */
export async function fileOf(x: ArrayLike<number>, side: number, quality?: number): Promise<PictureFile> {
  const type = quality === undefined ? 'image/png' : 'image/jpeg';
  const canvas = painted(x, side);
  const blob = await canvas.convertToBlob({ type, ...(quality !== undefined && { quality: quality / 100 }) });
  if (blob.type !== type)
    throw new Fault('run-failed', {
      reason: `the browser writes no ${type === 'image/png' ? 'PNG' : 'JPEG'}`,
    });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const picture3 = await planesOf(blob, side);
  const sizes = quality === undefined ? pngBytes(bytes) : jpegBytes(bytes);
  return { ...sizes, picture3, psnr: psnr(picture3, x) };
}
