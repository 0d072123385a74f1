import sharp from 'sharp';
import { Fault } from '#lib/base/errors.ts';
import { layOnWhite, MAX_SOURCE_PIXELS, withinPixels, type DecodedImage, type ImageNote } from './rgba.ts';
import { sniffImage } from './sniff.ts';
import { bend, takeApart, turned } from './stored.ts';

/**
 * A picture file as an upright, opaque sRGB picture, by the rules of `decode.browser.ts`.
 * @param bytes the file
 * @param file its name, for errors
 * @throws Fault `image-not-image`, `image-too-large`, `image-too-small`, `image-unreadable`
 */
export async function decodeImage(bytes: Uint8Array, file: string): Promise<DecodedImage> {
  const kind = sniffImage(bytes.subarray(0, 256 * 1024));
  if (!kind) throw new Fault('image-not-image', { file });
  const { width: claimedWidth = 1, height: claimedHeight = 1 } = kind;
  if (claimedWidth * claimedHeight === 0) throw new Fault('image-too-small', { file });
  if (claimedWidth * claimedHeight > MAX_SOURCE_PIXELS) {
    throw new Fault('image-too-large', { file, width: claimedWidth, height: claimedHeight });
  }
  const type = kind.type.toUpperCase();
  if (kind.type === 'heic') throw new Fault('image-not-image', { file, type });
  try {
    const stored = takeApart(Uint8Array.from(bytes), kind.type);
    const picture = sharp(stored.bytes, { pages: 1, limitInputPixels: MAX_SOURCE_PIXELS, failOn: 'error' });
    const meta = await picture.metadata();
    const upright = meta.autoOrient ?? { width: meta.width, height: meta.height };
    const { width, height } = withinPixels(upright.width, upright.height);
    const scaled = width !== upright.width || height !== upright.height;
    let pipeline = picture.autoOrient().toColourspace('srgb').ensureAlpha();
    if (scaled) pipeline = pipeline.resize(width, height, { fit: 'fill' });
    const { data: raw, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const data = new Uint8ClampedArray(raw.buffer, raw.byteOffset, raw.byteLength);
    bend(data, stored.gamma);
    const notes: ImageNote[] = [];
    if (kind.inks) notes.push('inks');
    if (kind.animated) notes.push('first-frame');
    if (scaled) notes.push('scaled-down');
    if (layOnWhite(data)) notes.push('on-white');
    const original = stored.orientation > 4 ? { width: upright.height, height: upright.width } : upright;
    const { width: across, height: down } = info;
    return { ...turned({ width: across, height: down, data }, stored.orientation), notes, original };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/pixel limit/i.test(reason)) throw new Fault('image-too-large', { file, bytes: bytes.length }, cause);
    if (/unsupported image format/i.test(reason)) throw new Fault('image-not-image', { file, type }, cause);
    throw new Fault('image-unreadable', { file }, cause);
  }
}
