/** A picture format, recognised by a file's first bytes. */
export type ImageType = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'bmp' | 'ico' | 'tiff';

export interface Sniffed {
  readonly type: ImageType;
  /** Stored size in pixels, before any rotation, where the beginning of the file tells it. */
  readonly width?: number;
  readonly height?: number;
  /** More than one frame, as far as the beginning of the file tells. */
  readonly animated: boolean;
  /** A JPEG in printing inks, cyan, magenta, yellow and black. */
  readonly inks?: boolean;
}

/**
 * What kind of picture a file is, by its bytes and never by its name.
 * @param head the file's beginning; 256 KB find the size in nearly every JPEG
 * @returns undefined when it is no picture
 */
export function sniffImage(head: Uint8Array): Sniffed | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = (at: number, length: number): string => String.fromCharCode(...head.subarray(at, at + length));
  const sized = (type: ImageType, width: number, height: number, animated = false): Sniffed => ({
    type,
    width,
    height,
    animated,
  });

  if (text(0, 8) === '\x89PNG\r\n\x1a\n' && head.length >= 24) {
    return sized('png', view.getUint32(16), view.getUint32(20), find(head, 'acTL', 'IDAT'));
  }
  if (/^GIF8[79]a/.test(text(0, 6)) && head.length >= 10) {
    return sized(
      'gif',
      view.getUint16(6, true),
      view.getUint16(8, true),
      find(head, 'NETSCAPE2.0') || gifFrames(head) > 1,
    );
  }
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    const size = jpegSize(view);
    if (!size) return { type: 'jpeg', animated: false };
    const [width, height, components] = size;
    return { ...sized('jpeg', width, height), ...(components === 4 && { inks: true }) };
  }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return webp(view, text(12, 4));
  if (text(4, 4) === 'ftyp') {
    const brand = text(8, 4);
    if (brand === 'avif' || brand === 'avis') return { type: 'avif', animated: brand === 'avis' };
    if (/^(hei[cxms]|mif1|hevc)$/.test(brand)) return { type: 'heic', animated: false };
  }
  if (text(0, 2) === 'BM' && head.length >= 26 && view.getUint32(14, true) >= 40) {
    return sized('bmp', view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
  }
  if (text(0, 4) === '\0\0\x01\0') return { type: 'ico', animated: false };
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return { type: 'tiff', animated: false };
  return undefined;
}

/** Walks a JPEG's segments to the frame header: width, height and components (ITU T.81, section B.2.2). */
function jpegSize(view: DataView): [number, number, number] | undefined {
  let at = 2;
  while (at + 10 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5), view.getUint8(at + 9)];
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** Frames of a GIF as far as its beginning goes, at most 2 (GIF89a, sections 17–26). */
function gifFrames(head: Uint8Array): number {
  const colours = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const byte = (i: number): number => head[i] ?? 0;
  let at = 13 + colours(byte(10));
  let frames = 0;
  while (at < head.length && frames < 2) {
    const block = byte(at);
    if (block === 0x2c) {
      frames++;
      at += 11 + colours(byte(at + 9)); // descriptor, colours, code size
    } else if (block === 0x21) {
      at += 2; // introducer, label
    } else {
      break;
    }
    while (byte(at) !== 0) at += 1 + byte(at);
    at++;
  }
  return frames;
}

/** WebP's three kinds of first chunk (RFC 9649, sections 2.5–2.7). */
function webp(view: DataView, chunk: string): Sniffed {
  const plain: Sniffed = { type: 'webp', animated: false };
  if (view.byteLength < 30) return plain;
  const u24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65536;
  if (chunk === 'VP8X') {
    const animated = (view.getUint8(20) & 2) !== 0;
    return { type: 'webp', width: u24(24) + 1, height: u24(27) + 1, animated };
  }
  if (chunk === 'VP8 ') {
    return { ...plain, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { ...plain, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return plain;
}

/** Whether `word` occurs, before `stop` if that is given. */
function find(head: Uint8Array, word: string, stop?: string): boolean {
  const ascii = new TextDecoder('latin1').decode(head);
  const at = ascii.indexOf(word);
  const end = stop === undefined ? -1 : ascii.indexOf(stop);
  return at >= 0 && (end < 0 || at < end);
}
