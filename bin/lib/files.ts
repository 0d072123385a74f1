import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** One call reads or writes at most this many bytes; the system's own limit is just above. */
const STRETCH = 2 ** 30;

/** A whole file, also above the 2 GB that one call can read. */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(fstatSync(file).size);
    let at = 0;
    while (at < bytes.length) {
      const read = readSync(file, bytes, at, Math.min(STRETCH, bytes.length - at), at);
      if (read === 0) break;
      at += read;
    }
    return bytes;
  } catch (error) {
    throw Object.assign(error as Error, { path }); // read errors don't name it
  } finally {
    closeSync(file);
  }
}

/** Writes all of `bytes` at a place of an open file. */
export function writeAt(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(file, bytes, done, Math.min(STRETCH, bytes.length - done), position + done);
  }
}

/** Writes a whole file, also above 2 GB. */
export function writeBytes(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeAt(file, bytes, 0);
  } finally {
    closeSync(file);
  }
}
