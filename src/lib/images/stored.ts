import type { Rgba } from './rgba.ts';
import type { ImageType } from './sniff.ts';

/**
 * What a file says beside its pixels that decoders treat differently: Chromium leaves a WebP lying that its EXIF turns,
 * libvips leaves a PNG as it is whose gAMA says otherwise. Both decoders here do these two by the same code.
 */
export interface Stored {
  /** The file without it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** EXIF's orientation, 1 to 8; 1: upright. */
  readonly orientation: number;
  /** Light of a sample is sample ^ (1 / gamma), where a PNG says so and is not near sRGB; undefined: sRGB. */
  readonly gamma?: number;
}

/** Takes a PNG or WebP apart. Any other bytes, and broken ones, are given back as they are. */
export function takeApart(bytes: Uint8Array<ArrayBuffer>, type: ImageType): Stored {
  const plain = { bytes, orientation: 1 };
  try {
    return type === 'png' ? png(bytes) : type === 'webp' ? webp(bytes) : plain;
  } catch (error) {
    if (error instanceof RangeError) return plain;
    throw error;
  }
}

const nameAt = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** PNG's chunks (ISO 15948, section 5): the orientation and the gamma are taken out. */
function png(bytes: Uint8Array<ArrayBuffer>): Stored {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  const seen = new Set<string>();
  let orientation = 1;
  let gamma = 0;
  let primaries: Uint8Array | undefined;
  let at = 8;
  while (at + 12 <= bytes.length) {
    const [length, name] = [view.getUint32(at), nameAt(bytes, at + 4)];
    const end = at + 12 + length;
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'eXIf') orientation = orientationOf(data)?.value ?? 1;
    else if (name === 'gAMA') gamma = view.getUint32(at + 8) / 100_000;
    else if (name === 'cHRM') primaries = bytes.subarray(at, end);
    else kept.push(bytes.subarray(at, end));
    seen.add(name);
    at = end;
  }
  // A profile says more than a gamma does. Chromium heeds primaries beside a gamma, libvips never: both read sRGB's.
  const managed = ['sRGB', 'iCCP', 'cICP'].some((name) => seen.has(name));
  const heeded = gamma > 0 && !managed;
  const bends = heeded && Math.abs(gamma * 2.2 - 1) > 0.05;
  if (!seen.has('eXIf') && !(heeded && (bends || primaries))) return { bytes, orientation };
  const size = kept.reduce((n, part) => n + part.length, 0);
  const left = new Uint8Array(size);
  let to = 0;
  for (const part of kept) {
    left.set(part, to);
    to += part.length;
  }
  return { bytes: left, orientation, ...(bends && { gamma }) };
}

/** WebP's chunks (RFC 9649, section 2.3): the orientation is set to upright, the rest stays. */
function webp(bytes: Uint8Array<ArrayBuffer>): Stored {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    if (nameAt(bytes, at) === 'EXIF') {
      const found = orientationOf(bytes.subarray(at + 8, at + 8 + length));
      if (!found || found.value === 1) return { bytes, orientation: 1 };
      const upright = bytes.slice();
      new DataView(upright.buffer).setUint16(at + 8 + found.at, 1, found.little);
      return { bytes: upright, orientation: found.value };
    }
    at += 8 + length + (length & 1);
  }
  return { bytes, orientation: 1 };
}

/** EXIF's tag 274 in the first directory of its TIFF structure: its value, and where it stands. */
function orientationOf(exif: Uint8Array): { value: number; at: number; little: boolean } | undefined {
  const start = nameAt(exif, 0) === 'Exif' ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) !== 274) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? { value, at: start + entry + 8, little } : undefined;
  }
  return undefined;
}

/** A picture turned and mirrored as EXIF's orientation says (Exif 2.32, tag 274). 1 gives the picture itself. */
export function turned({ width, height, data }: Rgba, orientation: number): Rgba {
  if (orientation === 1) return { width, height, data };
  const [across, down] = orientation > 4 ? [height, width] : [width, height];
  const from = new Uint32Array(data.slice().buffer);
  const to = new Uint32Array(width * height);
  const mirrored = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const flipped = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const [u, v] = orientation > 4 ? [y, x] : [x, y];
      const sx = mirrored ? width - 1 - u : u;
      const sy = flipped ? height - 1 - v : v;
      to[y * across + x] = from[sy * width + sx]!;
    }
  return { width: across, height: down, data: new Uint8ClampedArray(to.buffer) };
}

/** Samples of a PNG's gamma as those of sRGB, in place: light = sample ^ (1 / gamma), then sRGB's curve. */
export function bend(data: Uint8ClampedArray, gamma: number | undefined): void {
  if (gamma === undefined) return;
  const table = Uint8ClampedArray.from({ length: 256 }, (_, i) => {
    const light = (i / 255) ** (1 / gamma);
    return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
  });
  for (let i = 0; i < data.length; i++) if (i % 4 !== 3) data[i] = table[data[i]!]!;
}
