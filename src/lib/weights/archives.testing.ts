/** What a test wants to be otherwise in an archive's list than it is. */
export interface Entry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly size?: number;
  readonly packed?: number;
  readonly flags?: number;
  readonly extra?: Uint8Array;
}

export const ascii = (s: string): Uint8Array => Uint8Array.from(s, (c) => c.charCodeAt(0));
export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const u16 = (n: number) => [n & 255, (n >> 8) & 255];
const u32 = (n: number) => [...u16(n % 65_536), ...u16(Math.floor(n / 65_536))];
export const u64 = (n: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n));

/** A ZIP archive, as the format's document has it, with whatever is told otherwise in its list. */
export function zipOf(entries: readonly Entry[]): Uint8Array {
  let local = new Uint8Array();
  let list = new Uint8Array();
  for (const { name, data, method = 0, flags = 0, extra = new Uint8Array(), ...told } of entries) {
    const [packed, size] = [told.packed ?? data.length, told.size ?? data.length];
    const title = ascii(name);
    const sizes = [...u32(0), ...u32(0), ...u32(packed), ...u32(size), ...u16(title.length)];
    const head = [...u16(20), ...u16(flags), ...u16(method), ...sizes];
    const place = [...u16(extra.length), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(local.length)];
    list = joined(list, ascii('PK\x01\x02'), u16(20), head, place, title, extra);
    local = joined(local, ascii('PK\x03\x04'), head, u16(0), title, data);
  }
  const count = u16(entries.length);
  const end = [...u32(0), ...count, ...count, ...u32(list.length), ...u32(local.length), 0, 0];
  return joined(local, list, ascii('PK\x05\x06'), end);
}

/** A PyTorch file of this pickle. */
export const torchOf = (
  pickle: Uint8Array | readonly number[],
  storages: Readonly<Record<string, Uint8Array>> = {},
) =>
  zipOf([
    { name: 'm/data.pkl', data: Uint8Array.from(pickle) },
    ...Object.entries(storages).map(([key, data]) => ({ name: `m/data/${key}`, data })),
  ]);
