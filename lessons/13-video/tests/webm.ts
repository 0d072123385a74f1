import type { Page } from 'playwright-core';

/** Small films for tests: a WebM file of VP8 key frames, which a browser's own canvas has drawn and packed. */

/** An EBML element: its id, the length in eight bytes, its content. */
function element(id: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}
function unsigned(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return element(id, bytes);
}
function float(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return element(id, bytes);
}
const word = (id: string, text: string) => element(id, Buffer.from(text));

/** The bitstream in a lossy WebP picture, which is a key frame of VP8. */
function keyFrameOf(webp: Buffer): Buffer {
  const at = webp.indexOf('VP8 ');
  if (at < 0) throw new Error('no VP8 in this picture');
  return webp.subarray(at + 8, at + 8 + webp.readUInt32LE(at + 4));
}

/**
 * A film of these pictures, evenly spread over its length.
 * @param pictures lossy WebP, all of one size
 */
export function webmOf(
  pictures: readonly Buffer[],
  { side, seconds }: { side: number; seconds: number },
): Buffer {
  const header = element(
    '1a45dfa3',
    unsigned('4286', 1),
    unsigned('42f7', 1),
    unsigned('42f2', 4),
    unsigned('42f3', 8),
    word('4282', 'webm'),
    unsigned('4287', 2),
    unsigned('4285', 2),
  );
  const info = element(
    '1549a966',
    unsigned('2ad7b1', 1_000_000),
    float('4489', 1000 * seconds),
    word('4d80', 'test'),
    word('5741', 'test'),
  );
  const video = element('e0', unsigned('b0', side), unsigned('ba', side));
  const track = element(
    'ae',
    unsigned('d7', 1),
    unsigned('73c5', 1),
    unsigned('83', 1),
    word('86', 'V_VP8'),
    video,
  );
  const tracks = element('1654ae6b', track);
  const times = pictures.map((_, i) => Math.round((1000 * seconds * i) / pictures.length));
  const clusters = pictures.map((picture, i) =>
    element(
      '1f43b675',
      unsigned('e7', times[i] ?? 0),
      element('a3', Buffer.from([0x81, 0, 0, 0x80]), keyFrameOf(picture)),
    ),
  );
  let at = info.length + tracks.length;
  const points = clusters.map((cluster, i) => {
    const place = element('b7', unsigned('f7', 1), unsigned('f1', at));
    at += cluster.length;
    return element('bb', unsigned('b3', times[i] ?? 0), place);
  });
  return Buffer.concat([
    header,
    element('18538067', info, tracks, ...clusters, element('1c53bb6b', ...points)),
  ]);
}

/** Pictures of a dark square that goes to the right, a step a picture, packed by the page's browser. */
export async function movingSquare(page: Page, count: number, side = 64): Promise<readonly Buffer[]> {
  const packed = await page.evaluate(
    async ([count, side]) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = side!;
      const context = canvas.getContext('2d')!;
      const all: string[] = [];
      for (let i = 0; i < count!; i++) {
        context.fillStyle = '#cfd6cc';
        context.fillRect(0, 0, side!, side!);
        context.fillStyle = '#7a1f2b';
        context.fillRect((side! / count!) * i * 0.8, side! / 3, side! / 4, side! / 4);
        all.push(canvas.toDataURL('image/webp', 0.8).split(',')[1]!);
      }
      return all;
    },
    [count, side],
  );
  return packed.map((text) => Buffer.from(text, 'base64'));
}
