import { scaleName } from './eight-bit.ts';
import { parseSafetensors } from './safetensors.ts';
import type { WeightSource } from './source.ts';

interface Entry {
  readonly data_offsets: readonly [begin: number, end: number];
}

/**
 * Some tensors of a safetensors file of which only the beginning is here. Whoever writes a file puts them first, so
 * that they can be used while the rest is on its way. The digest of the whole file is not checked yet.
 * @param bytes the file's first bytes
 * @param names tensors as the file names them; the scales of those in 8 bits are taken along
 * @returns undefined while not all of their bytes are here, and where the file has no such tensors
 * @throws WeightsError as `parseSafetensors`, for these tensors
 */
export function firstTensors(
  bytes: Uint8Array,
  names: readonly string[],
  file: string,
): WeightSource | undefined {
  const header = headerOf(bytes);
  if (!header) return undefined;
  const wanted = names.flatMap((name) => [scaleName(name), name]).filter((name) => header.of[name]);
  if (!names.every((name) => header.of[name])) return undefined;
  if (wanted.some((name) => header.end + header.of[name]!.data_offsets[1] > bytes.length)) return undefined;
  // A file of these tensors alone: it is read, and checked, like any other.
  let size = 0;
  const parts = wanted.map((name) => {
    const {
      data_offsets: [begin, end],
      ...entry
    } = header.of[name]!;
    const at = size;
    size += end - begin;
    const data = bytes.subarray(header.end + begin, header.end + end);
    return { name, data, at, entry: { ...entry, data_offsets: [at, size] } };
  });
  const json = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries(parts.map(({ name, entry }) => [name, entry]))),
  );
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const whole = new Uint8Array(start + size).fill(0x20, 8, start);
  new DataView(whole.buffer).setBigUint64(0, BigInt(start - 8), true);
  whole.set(json, 8);
  for (const { data, at } of parts) whole.set(data, start + at);
  return parseSafetensors(whole, file);
}

/** The header, where all of it is here, and the first byte after it. Undefined also for what is no such header. */
function headerOf(bytes: Uint8Array): { of: Readonly<Record<string, Entry>>; end: number } | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + Number(view.getBigUint64(0, true));
  if (end > bytes.length) return undefined;
  try {
    return { of: JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))) as Record<string, Entry>, end };
  } catch {
    // The whole file will be refused, with the reason.
    return undefined;
  }
}
