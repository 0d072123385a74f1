import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** EXIF that says nothing but an orientation, in the byte order of Motorola. */
const exif = (orientation: number) =>
  Uint8Array.of(
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  );

function chunk(name: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
const numbers = (...values: readonly number[]) => {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((v, i) => out.writeUInt32BE(v, 4 * i));
  return out;
};

/** White point and primaries, wider than sRGB's. */
const WIDE = numbers(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000);

/** What the four corners of each file are, by both decoders; without `corners` they may differ and it is said. */
export interface StoredCase {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly notes: readonly string[];
  /** Red of the corners: top left, top right, bottom left, bottom right. */
  readonly reds?: readonly number[];
}

/**
 * Small files of our own making that decoders are known to read differently. Their grey corners are 64, 128 above and
 * 192, 255 below before anything is turned or bent.
 */
export async function storedCases(): Promise<readonly StoredCase[]> {
  const [width, height] = [16, 8];
  const grey = (x: number, y: number) => (y < 4 ? (x < 8 ? 64 : 128) : x < 8 ? 192 : 255);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return grey(pixel % width, Math.floor(pixel / width));
  });
  const made = () => sharp(data, { raw: { width, height, channels: 3 } });
  const png = await made().png().toBuffer();
  const withChunks = (...chunks: readonly Buffer[]) =>
    Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
  const lying = { width: 8, height: 16, notes: [] };
  const flat = { width, height, notes: [] };
  const webp = (orientation: number) =>
    made().withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
  const plain = [64, 128, 192, 255];
  return [
    { name: 'turned6.webp', bytes: await webp(6), ...lying, reds: [192, 64, 255, 128] },
    { name: 'turned8.webp', bytes: await webp(8), ...lying, reds: [128, 255, 64, 192] },
    { name: 'turned3.webp', bytes: await webp(3), ...flat, reds: [255, 192, 128, 64] },
    { name: 'mirrored2.webp', bytes: await webp(2), ...flat, reds: [128, 64, 255, 192] },
    { name: 'turned6.png', bytes: withChunks(chunk('eXIf', exif(6))), ...lying, reds: [192, 64, 255, 128] },
    // Light 0.251 as it is: sRGB writes it as 137.
    {
      name: 'linear.png',
      bytes: withChunks(chunk('gAMA', numbers(100_000))),
      ...flat,
      reds: [137, 188, 225, 255],
    },
    { name: 'usual.png', bytes: withChunks(chunk('gAMA', numbers(45_455))), ...flat, reds: plain },
    {
      name: 'wide.png',
      bytes: withChunks(chunk('gAMA', numbers(45_455)), chunk('cHRM', WIDE)),
      ...flat,
      reds: plain,
    },
    {
      name: 'srgb.png',
      bytes: withChunks(chunk('sRGB', Uint8Array.of(0)), chunk('gAMA', numbers(100_000))),
      ...flat,
      reds: plain,
    },
    {
      name: 'inks.jpg',
      bytes: await made().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
      ...flat,
      notes: ['inks'],
    },
  ];
}

/** The beginning of a HEIC file, which neither a browser without the licence nor the command line reads. */
export const HEIC = Uint8Array.from(
  Buffer.concat([numbers(24), Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'), Buffer.alloc(200)]),
);
