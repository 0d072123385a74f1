import { deflateSync, crc32 as zlibCrc } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { crc32, withText } from './png.ts';

/** The chunks of a PNG file: type, data, and whether the checksum is that of the data. */
function chunksOf(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: { type: string; data: Uint8Array; sound: boolean }[] = [];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    chunks.push({
      type: new TextDecoder().decode(body.subarray(0, 4)),
      data: body.subarray(4),
      sound: view.getUint32(at + 8 + length) === zlibCrc(body),
    });
    at += 12 + length;
  }
  return chunks;
}

const picture = () =>
  sharp({ create: { width: 5, height: 3, channels: 3, background: '#1188dd' } })
    .png()
    .toBuffer();

describe('words in a PNG file', () => {
  it('counts CRC-32 as zlib does', () => {
    const bytes = deflateSync('words in a picture');
    expect(crc32(bytes)).toBe(zlibCrc(bytes));
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it('puts them behind the header, in UTF-8, and leaves the picture as it is', async () => {
    const before = new Uint8Array(await picture());
    const after = withText(before, [
      ['Title', '第 3 课：注意力'],
      ['Source', 'https://example.org/zh/?v=1&p=8'],
    ]);
    const chunks = chunksOf(after);
    expect(chunks.slice(0, 3).map(({ type }) => type)).toEqual(['IHDR', 'iTXt', 'iTXt']);
    expect(chunks.every(({ sound }) => sound)).toBe(true);
    const said = chunks.slice(1, 3).map(({ data }) => new TextDecoder().decode(data).split('\0'));
    expect(said.map((parts) => [parts[0], parts.at(-1)])).toEqual([
      ['Title', '第 3 课：注意力'],
      ['Source', 'https://example.org/zh/?v=1&p=8'],
    ]);
    const [a, b] = await Promise.all([before, after].map((png) => sharp(png).raw().toBuffer()));
    expect(b).toEqual(a);
  });

  it('refuses what is no PNG file', () => {
    expect(() => withText(new Uint8Array(100), [])).toThrow(RangeError);
  });
});
