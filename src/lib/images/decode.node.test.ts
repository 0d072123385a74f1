import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import { decodeImage } from './decode.node.ts';
import { enlargement, layOnWhite, withinPixels } from './rgba.ts';
import { sniffImage } from './sniff.ts';
import { takeApart, turned } from './stored.ts';
import { HEIC, storedCases } from './stored.testing.ts';

/** 3 × 2 pixels: red, green, blue; black, white, grey. */
const six = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 128, 128, 128);
const small = (): Sharp => sharp(six, { raw: { width: 3, height: 2, channels: 3 } });
const pixels = (data: Uint8ClampedArray): number[][] =>
  Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(i * 4, i * 4 + 4)]);

async function codeOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeImage(bytes, 'f.jpg').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Fault);
  expect((error as Fault).details.file).toBe('f.jpg');
  return (error as Fault).code;
}

describe('decodeImage', () => {
  it('reads every pixel of a PNG', async () => {
    const image = await decodeImage(await small().png().toBuffer(), 'a.png');
    expect(image).toMatchObject({ width: 3, height: 2, notes: [], original: { width: 3, height: 2 } });
    expect(pixels(image.data)).toEqual([
      [255, 0, 0, 255],
      [0, 255, 0, 255],
      [0, 0, 255, 255],
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [128, 128, 128, 255],
    ]);
  });

  it('turns a picture upright that its EXIF calls rotated', async () => {
    const turned = await small().withMetadata({ orientation: 6 }).png().toBuffer();
    const image = await decodeImage(turned, 'a.png');
    expect([image.width, image.height]).toEqual([2, 3]);
    expect(pixels(image.data).slice(0, 2)).toEqual([
      [0, 0, 0, 255],
      [255, 0, 0, 255],
    ]);
  });

  it('lays transparency on white, and says so', async () => {
    const data = Uint8Array.of(200, 0, 0, 0, 200, 0, 0, 128, 200, 0, 0, 255);
    const png = await sharp(data, { raw: { width: 3, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    const image = await decodeImage(png, 'a.png');
    expect(image.notes).toEqual(['on-white']);
    expect(pixels(image.data)).toEqual([
      [255, 255, 255, 255],
      [227, 127, 127, 255],
      [200, 0, 0, 255],
    ]);
  });

  it('shows the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 4, height: 4, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    for (const format of ['gif', 'webp'] as const) {
      const file = await sharp(frames, { join: { animated: true } })
        .toFormat(format, { lossless: true })
        .toBuffer();
      const image = await decodeImage(file, `a.${format}`);
      expect(image.notes).toContain('first-frame');
      expect([image.width, image.height]).toEqual([4, 4]);
      expect(pixels(image.data)[0]).toEqual([255, 0, 0, 255]);
    }
  });

  it('reads grey, palette and 16-bit pictures as sRGB', async () => {
    const grey = await decodeImage(await small().greyscale().png().toBuffer(), 'g.png');
    expect(pixels(grey.data)[5]).toEqual([128, 128, 128, 255]);
    const deep = await decodeImage(await small().toColourspace('rgb16').png().toBuffer(), 'd.png');
    expect(pixels(deep.data)[0]).toEqual([255, 0, 0, 255]);
    const palette = await decodeImage(await small().png({ palette: true }).toBuffer(), 'p.png');
    expect(pixels(palette.data)[1]).toEqual([0, 255, 0, 255]);
  });

  it('reads what is stored beside the pixels as the page does: orientation, gamma, inks', async () => {
    for (const { name, bytes, reds, ...said } of await storedCases()) {
      const { width, height, notes, data } = await decodeImage(bytes, name);
      expect({ width, height, notes }, name).toEqual(said);
      const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((at) => data[4 * at]);
      if (reds) expect(corners, name).toEqual(reds);
    }
  });

  it('calls a HEIC file by its name', async () => {
    const error = await decodeImage(HEIC, 'a.heic').catch((e: unknown) => e as Fault);
    expect(error).toMatchObject({ code: 'image-not-image', details: { file: 'a.heic', type: 'HEIC' } });
  });

  it('turns by every orientation as libvips does', async () => {
    const source = await small().ensureAlpha().raw().toBuffer();
    const picture = { width: 3, height: 2, data: Uint8ClampedArray.from(source) };
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await small().withMetadata({ orientation }).tiff({ compression: 'none' }).toBuffer();
      const { data, info } = await sharp(file)
        .autoOrient()
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const own = turned(picture, orientation);
      expect([own.width, own.height], `${orientation}`).toEqual([info.width, info.height]);
      expect([...own.data], `${orientation}`).toEqual([...data]);
    }
  });

  it('takes nothing from a file that breaks off', async () => {
    for (const { bytes } of await storedCases())
      for (const type of ['png', 'webp'] as const)
        for (let end = 0; end < bytes.length; end += 7)
          expect(() => takeApart(Uint8Array.from(bytes.subarray(0, end)), type)).not.toThrow();
  });

  it('accepts a picture of one pixel', async () => {
    const image = await decodeImage(await small().resize(1, 1).png().toBuffer(), 'a.png');
    expect([image.width, image.height]).toEqual([1, 1]);
    expect(enlargement(image, 224)).toBe(224);
  });

  it('names the fault of what cannot be read', async () => {
    expect(await codeOf(new TextEncoder().encode('This is a text, whatever its name says.'))).toBe(
      'image-not-image',
    );
    expect(await codeOf(new Uint8Array(0))).toBe('image-not-image');
    expect(await codeOf(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(
      'image-not-image',
    );
    const jpeg = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#123' } })
      .jpeg()
      .toBuffer();
    expect(await codeOf(jpeg.subarray(0, 300))).toBe('image-unreadable');
    const huge = Uint8Array.from(await small().png().toBuffer());
    new DataView(huge.buffer).setUint32(16, 100_000);
    new DataView(huge.buffer).setUint32(20, 100_000);
    expect(await codeOf(huge)).toBe('image-too-large');
    new DataView(huge.buffer).setUint32(16, 0);
    expect(await codeOf(huge)).toBe('image-too-small');
  });
});

describe('sniffImage', () => {
  it.each(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const)('recognises %s', async (format) => {
    const file = await small().resize(30, 20).toFormat(format).toBuffer();
    const found = sniffImage(file)!;
    expect(found.type).toBe(format);
    expect(found.animated).toBe(false);
    if (format !== 'avif' && format !== 'tiff') expect([found.width, found.height]).toEqual([30, 20]);
  });

  it('finds the size of a lossless and of an extended WebP, and of a JPEG with a profile', async () => {
    const lossless = sniffImage(await small().resize(31, 17).webp({ lossless: true }).toBuffer())!;
    expect([lossless.width, lossless.height]).toEqual([31, 17]);
    const extended = sniffImage(await small().resize(31, 17).withIccProfile('srgb').webp().toBuffer())!;
    expect([extended.width, extended.height]).toEqual([31, 17]);
    const jpeg = sniffImage(
      await small().resize(31, 17).withIccProfile('p3').jpeg({ progressive: true }).toBuffer(),
    )!;
    expect([jpeg.width, jpeg.height]).toEqual([31, 17]);
  });

  it('survives any beginning of a file', async () => {
    for (const format of ['jpeg', 'png', 'gif', 'webp'] as const) {
      const file = await small().toFormat(format).toBuffer();
      for (let end = 0; end < file.length; end++)
        expect(() => sniffImage(file.subarray(0, end))).not.toThrow();
    }
  });
});

describe('withinPixels and layOnWhite', () => {
  it('scales down only what is too large', () => {
    expect(withinPixels(4000, 3000)).toEqual({ width: 4000, height: 3000 });
    const { width, height } = withinPixels(12_000, 9_000);
    expect(width * height).toBeLessThanOrEqual(2 ** 24);
    expect(width / height).toBeCloseTo(4 / 3, 3);
    expect(withinPixels(2 ** 26, 1)).toEqual({ width: 2 ** 25, height: 1 });
  });
  it('says whether anything was transparent', () => {
    expect(layOnWhite(Uint8ClampedArray.of(1, 2, 3, 255))).toBe(false);
    expect(layOnWhite(Uint8ClampedArray.of(1, 2, 3, 254))).toBe(true);
  });
});
