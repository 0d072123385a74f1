import { Inflate } from 'fflate';
import type { Fail } from './safetensors.ts';

/*
 * ZIP archives as PyTorch and NumPy write them: the list of entries at the end, entries stored or deflated, ZIP64 for
 * large ones. Format: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. Nothing is written anywhere: names are keys.
 */

export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  /** Bytes in the archive, and unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly at: number;
}

/** All entries unpacked may have so many bytes, and as many times those of the archive more. */
const MOST_SMALL = 64 * 2 ** 20;
const MOST_TIMES = 8;
const MOST_ENTRIES = 100_000;

/**
 * The entries of an archive by name.
 * @param fail throws the error of a broken rule; the second argument names the entry
 * @throws what `fail` throws: no list, one that lies outside the file, names twice or with a path out of the archive,
 *   sizes beyond the file or of a bomb, encryption, methods other than 0 and 8
 */
export function zipEntries(bytes: Uint8Array, fail: Fail): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list = listOf(view, fail);
  if (list.count > MOST_ENTRIES)
    fail(`the archive's list has ${list.count} entries; at most ${MOST_ENTRIES} can be`);
  const entries = new Map<string, ZipEntry>();
  let at = list.at;
  let unpacked = 0;
  for (let i = 0; i < list.count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      fail(`entry ${i} of the archive's list is not where it should be, at byte ${at}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) =>
      view.getUint16(at + o, true),
    ) as [number, number, number];
    const end = at + 46 + nameLength + extraLength + commentLength;
    if (end > bytes.length) fail(`entry ${i} of the archive's list ends after the file`);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry = entryAt(view, at, nameLength, extraLength, name, fail);
    if (entries.has(name)) fail('the archive has two entries of this name', name);
    entries.set(name, entry);
    unpacked += entry.size;
    at = end;
  }
  if (unpacked > MOST_SMALL + MOST_TIMES * bytes.length)
    fail(
      `unpacked it would have ${unpacked} bytes, ${Math.round(unpacked / bytes.length)} times those of the file`,
    );
  return entries;
}

/** Where the list begins and how many entries it has. */
function listOf(view: DataView, fail: Fail): { at: number; count: number } {
  let end = view.byteLength - 22;
  for (const least = Math.max(0, end - 65_535); end >= least; end--) {
    if (view.getUint32(end, true) === 0x06054b50) break;
  }
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50)
    return fail('the archive’s list of entries is missing at its end: the file is cut short');
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if ((count === 0xffff || at === 0xffffffff) && end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) {
    const large = safe(view, end - 12, 'the place of the archive’s list', fail);
    if (large + 56 > view.byteLength || view.getUint32(large, true) !== 0x06064b50)
      return fail(`the archive's list should be described at byte ${large}, where it is not`);
    count = safe(view, large + 32, 'the number of entries', fail);
    at = safe(view, large + 48, 'the place of the archive’s list', fail);
  }
  if (at > view.byteLength)
    fail(`the archive's list should begin at byte ${at}, the file has ${view.byteLength}`);
  return { at, count };
}

/** A size of 64 bits that a file can have. */
function safe(view: DataView, at: number, what: string, fail: Fail): number {
  const value = at + 8 <= view.byteLength ? view.getBigUint64(at, true) : -1n;
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER))
    fail(`${what} is ${value}, more than any file has`);
  return Number(value);
}

function entryAt(
  view: DataView,
  at: number,
  nameLength: number,
  extraLength: number,
  name: string,
  fail: Fail,
): ZipEntry {
  if (name === '' || /^[/\\]|(^|[/\\])\.\.([/\\]|$)|^[a-z]:|\0/i.test(name))
    fail(`the name ${JSON.stringify(name)} leads out of the archive`, name);
  const flags = view.getUint16(at + 8, true);
  if (flags & 0x41) fail('the entry is encrypted', name);
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8)
    fail(`the entry is packed by method ${method}; 0 and 8 can be read`, name);
  // Packed size, size and place are 32 bits wide, or in the extra field 1, those of them that are all ones.
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let local = view.getUint32(at + 42, true);
  const begin = at + 46 + nameLength;
  for (let x = begin; x + 4 <= begin + extraLength; x += 4 + view.getUint16(x + 2, true)) {
    if (view.getUint16(x, true) !== 1) continue;
    let field = x + 4;
    const next = (what: string) => safe(view, (field += 8) - 8, what, fail);
    if (size === 0xffffffff) size = next(`the size of "${name}"`);
    if (packed === 0xffffffff) packed = next(`the packed size of "${name}"`);
    if (local === 0xffffffff) local = next(`the place of "${name}"`);
    break;
  }
  const file = view.byteLength;
  if (local + 30 + packed > file)
    fail(
      `the entry's ${packed} bytes at ${local} end after the file, which has ${file}: it is cut short`,
      name,
    );
  if (method === 0 && size !== packed)
    fail(`the entry is not packed, but has ${packed} bytes for ${size}`, name);
  if (method === 8 && size > 1032 * packed + 64) fail(`${packed} packed bytes cannot hold ${size}`, name);
  return { name, method, packed, size, at: local };
}

/** An entry's bytes: a view where it is stored, else unpacked, never more than the list says. */
export function entryBytes(bytes: Uint8Array, entry: ZipEntry, fail: Fail): Uint8Array {
  const { name, at, packed, size, method } = entry;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at, true) !== 0x04034b50)
    fail(`the entry is not where the list says, at byte ${at}`, name);
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (begin + packed > bytes.length)
    fail(`the entry ends after the file, which has ${bytes.length} bytes`, name);
  const stored = bytes.subarray(begin, begin + packed);
  return method === 0 ? stored : inflated(stored, size, name, fail);
}

/** Packed bytes go in by pieces, so that no more than a piece too many is ever unpacked. */
const PIECE = 2048;

function inflated(stored: Uint8Array, size: number, name: string, fail: Fail): Uint8Array {
  const out = new Uint8Array(size);
  let done = 0;
  const stream = new Inflate((chunk) => {
    if (done + chunk.length > size) fail(`more than the ${size} bytes come out that the list says`, name);
    out.set(chunk, done);
    done += chunk.length;
  });
  try {
    for (let at = 0; at < stored.length; at += PIECE)
      stream.push(stored.subarray(at, at + PIECE), at + PIECE >= stored.length);
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'WeightsError') throw cause;
    fail('its packed bytes are damaged', name, cause);
  }
  if (done !== size) fail(`${done} bytes come out of it, the list says ${size}`, name);
  return out;
}
