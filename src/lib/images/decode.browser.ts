import { Fault } from '#lib/base/errors.ts';
import {
  layOnWhite,
  MAX_FILE_BYTES,
  MAX_SOURCE_PIXELS,
  withinPixels,
  type DecodedImage,
  type ImageNote,
} from './rgba.ts';
import { sniffImage, type Sniffed } from './sniff.ts';
import { bend, takeApart, turned, type Stored } from './stored.ts';

/** Bytes read to recognise a file; a JPEG's size stands behind its thumbnail and colour profile. */
const HEAD = 256 * 1024;
type Details = Record<string, string | number>;

const CAN_BE_TRANSPARENT: ReadonlySet<string> = new Set([
  'png',
  'gif',
  'webp',
  'avif',
  'ico',
  'heic',
  'bmp',
  'tiff',
]);

/**
 * A dropped, pasted or chosen file as an upright, opaque sRGB picture: EXIF rotation applied, transparent parts on
 * white, the first frame of an animation, at most 2²⁴ pixels. What a file is, its bytes say, not its name.
 * @throws Fault `image-not-image` (no picture, or a format this browser doesn't know), `image-too-large`,
 *   `image-too-small` (no pixels), `image-unreadable` (damaged)
 */
export async function decodeImage(blob: Blob): Promise<DecodedImage> {
  const name: Details =
    'name' in blob && typeof blob.name === 'string' && blob.name ? { file: blob.name } : {};
  const at: Details = { ...name, bytes: blob.size };
  if (blob.size > MAX_FILE_BYTES)
    throw new Fault('image-too-large', { ...at, limit: `${MAX_FILE_BYTES / 1e6} MB` });
  const kind = sniffImage(new Uint8Array(await blob.slice(0, HEAD).arrayBuffer()));
  if (!kind) throw new Fault('image-not-image', name);
  const claimed = (kind.width ?? 1) * (kind.height ?? 1);
  const size: Details = kind.width && kind.height ? { width: kind.width, height: kind.height } : {};
  if (claimed === 0) throw new Fault('image-too-small', name);
  if (claimed > MAX_SOURCE_PIXELS) throw new Fault('image-too-large', { ...at, ...size });

  let bitmap: ImageBitmap;
  let stored: Stored | undefined;
  try {
    if (kind.type === 'png' || kind.type === 'webp')
      stored = takeApart(new Uint8Array(await blob.arrayBuffer()), kind.type);
    bitmap = await createImageBitmap(stored ? new Blob([stored.bytes]) : blob, {
      imageOrientation: 'from-image',
    });
  } catch (cause) {
    if (kind.type === 'heic' || kind.type === 'tiff' || kind.type === 'avif')
      throw new Fault('image-not-image', { ...name, type: kind.type.toUpperCase() }, cause);
    if (claimed > 5e7) throw new Fault('image-too-large', { ...at, ...size }, cause);
    throw new Fault('image-unreadable', name, cause);
  }
  try {
    return draw(bitmap, kind, stored);
  } catch (cause) {
    throw new Fault('image-too-large', { ...at, width: bitmap.width, height: bitmap.height }, cause);
  } finally {
    bitmap.close();
  }
}

/** Throws when the browser refuses a canvas of that size. */
function draw(bitmap: ImageBitmap, kind: Sniffed, stored: Stored | undefined): DecodedImage {
  const size = { width: bitmap.width, height: bitmap.height };
  const { width, height } = withinPixels(size.width, size.height);
  const context = canvas(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  bend(data, stored?.gamma);
  const notes: ImageNote[] = [];
  if (kind.inks) notes.push('inks');
  if (kind.animated) notes.push('first-frame');
  if (width !== size.width || height !== size.height) notes.push('scaled-down');
  if (CAN_BE_TRANSPARENT.has(kind.type) && layOnWhite(data)) notes.push('on-white');
  const orientation = stored?.orientation ?? 1;
  const original = orientation > 4 ? { width: size.height, height: size.width } : size;
  return { ...turned({ width, height, data }, orientation), notes, original };
}

function canvas(width: number, height: number): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  const settings: CanvasRenderingContext2DSettings = { willReadFrequently: true };
  if (typeof OffscreenCanvas !== 'undefined') {
    const context = new OffscreenCanvas(width, height).getContext('2d', settings);
    if (context) return context;
  }
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  const context = element.getContext('2d', settings);
  if (!context) throw new Error(`no canvas of ${width} × ${height}`);
  return context;
}
