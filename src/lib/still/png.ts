/** What a PNG file can say of itself in words: the keyword (Latin letters, at most 79) and the text. */
export type PngText = readonly (readonly [keyword: string, text: string])[];

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as PNG uses it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Bytes of the signature and of the header chunk, which comes first in every PNG file. */
const AFTER_HEADER = 8 + 25;

/**
 * A PNG file with words in it (chunks iTXt, in UTF-8), behind its header.
 * @throws RangeError if these bytes are no PNG file
 */
export function withText(png: Uint8Array, text: PngText): Uint8Array<ArrayBuffer> {
  if (png.length < AFTER_HEADER || png[1] !== 0x50 || png[2] !== 0x4e || png[3] !== 0x47)
    throw new RangeError('no PNG file');
  const encoder = new TextEncoder();
  const chunks = text.map(([keyword, said]) =>
    // Behind the keyword: not compressed, no language, no translated keyword.
    chunk('iTXt', Uint8Array.from([...encoder.encode(keyword), 0, 0, 0, 0, 0, ...encoder.encode(said)])),
  );
  const bytes = new Uint8Array(png.length + chunks.reduce((sum, c) => sum + c.length, 0));
  bytes.set(png.subarray(0, AFTER_HEADER));
  let at = AFTER_HEADER;
  for (const c of chunks) {
    bytes.set(c, at);
    at += c.length;
  }
  bytes.set(png.subarray(AFTER_HEADER), at);
  return bytes;
}
