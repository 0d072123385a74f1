import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import sharp from 'sharp';

export const PHOTO = { width: 5200, height: 3900 } as const;

let made: Promise<Buffer> | undefined;

/** A photo of more than 40 MB, made once for all tests: noise, which hardly compresses, of 20 million pixels. */
export function photoOf40MB(): Promise<Buffer> {
  made ??= (async () => {
    const { width, height } = PHOTO;
    const photo = await sharp(randomFillSync(Buffer.alloc(width * height * 3)), {
      raw: { width, height, channels: 3 },
    })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    assert.ok(photo.length > 40e6, `${photo.length} bytes`);
    return photo;
  })();
  return made;
}
