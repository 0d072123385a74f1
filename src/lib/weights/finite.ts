import { DistantBytes } from './distant.ts';
import { bytesOf, type WeightEntry, type WeightSource } from './source.ts';

/** Values of one tensor that are no numbers to compute with. */
export interface NotFinite {
  readonly tensor: string;
  readonly nan: number;
  readonly infinite: number;
  /** Values of the tensor in all. */
  readonly of: number;
}

/** Sign off, exponent all ones: infinity, or NaN with anything below. By element type, in its own words. */
const FORMS = {
  F32: { wide: true, infinity: 0x7f800000, magnitude: 0x7fffffff },
  F16: { wide: false, infinity: 0x7c00, magnitude: 0x7fff },
  BF16: { wide: false, infinity: 0x7f80, magnitude: 0x7fff },
} as const;

type Counts = Omit<NotFinite, 'tensor'>;

/** What was counted in ranges of files that are read anew each time: a file is looked through once. */
const counted = new WeakMap<Uint8Array, Map<string, Counts>>();

/** The tensors of a source that hold NaN or infinity, in its order. Every value is looked at, nothing is copied. */
export function notFinite(source: WeightSource, names: readonly string[] = source.names()): NotFinite[] {
  return names.flatMap((tensor) => {
    const entry = source.get(tensor);
    const found = entry && countsOf(source, entry);
    return found && found.nan + found.infinite > 0 ? [{ tensor, ...found }] : [];
  });
}

function countsOf(source: WeightSource, entry: WeightEntry): Counts {
  const buffer = source.buffers.get(entry.file);
  if (!(buffer instanceof DistantBytes)) return countIn(bytesOf(source, entry), entry);
  const before = counted.get(buffer) ?? new Map<string, Counts>();
  counted.set(buffer, before);
  const range = `${entry.dtype} ${entry.offset} ${entry.length}`;
  const counts = before.get(range) ?? countIn(bytesOf(source, entry), entry);
  before.set(range, counts);
  return counts;
}

function countIn(bytes: Uint8Array, { dtype }: WeightEntry): Counts {
  const { wide, infinity, magnitude } = FORMS[dtype];
  const width = wide ? 4 : 2;
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const count = Math.floor(byteLength / width);
  const values = wide
    ? new Uint32Array(buffer, byteOffset, count)
    : new Uint16Array(buffer, byteOffset, count);
  let nan = 0;
  let infinite = 0;
  for (let i = 0; i < values.length; i++) {
    const size = values[i]! & magnitude;
    if (size < infinity) continue;
    if (size === infinity) infinite++;
    else nan++;
  }
  return { nan, infinite, of: values.length };
}
