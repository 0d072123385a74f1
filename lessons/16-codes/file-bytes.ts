/** Bytes of a picture's file: all of them, and those that hold the picture itself, without headers and tables. */
export interface FileBytes {
  readonly all: number;
  readonly picture: number;
}

const word = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/**
 * Of a JPEG (ITU-T T.81, annex B): the coded scans are the picture; quantisation and Huffman tables are not.
 * @throws RangeError for what is no JPEG
 */
export function jpegBytes(bytes: Uint8Array): FileBytes {
  if (word(bytes, 0) !== 0xffd8) throw new RangeError('This is no JPEG: it does not begin with FF D8.');
  let [at, picture] = [2, 0];
  while (at + 4 <= bytes.length) {
    const marker = word(bytes, at);
    if (marker === 0xffd9) break;
    at += 2 + word(bytes, at + 2);
    if (marker !== 0xffda) continue;
    const begin = at;
    while (at < bytes.length && !isMarker(bytes, at)) at++;
    picture += at - begin;
  }
  return { all: bytes.length, picture };
}

/** A marker that ends a scan: neither a stuffed zero nor a restart. */
function isMarker(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1] ?? 0;
  return bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7);
}

/**
 * Of a PNG (ISO/IEC 15948): the IDAT chunks are the picture.
 * @throws RangeError for what is no PNG
 */
export function pngBytes(bytes: Uint8Array): FileBytes {
  if (word(bytes, 0) !== 0x8950) throw new RangeError('This is no PNG: it does not begin with 89 50.');
  let [at, picture] = [8, 0];
  while (at + 12 <= bytes.length) {
    const length = word(bytes, at) * 65536 + word(bytes, at + 2);
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'IDAT') picture += length;
    at += 12 + length;
  }
  return { all: bytes.length, picture };
}
