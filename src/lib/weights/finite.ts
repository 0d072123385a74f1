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

/** The tensors of a source that hold NaN or infinity, in its order. Every value is looked at, nothing is copied. */
export function notFinite(source: WeightSource, names: readonly string[] = source.names()): NotFinite[] {
  return names.flatMap((tensor) => {
    const entry = source.get(tensor);
    const found = entry && countIn(bytesOf(source, entry), entry);
    return found && found.nan + found.infinite > 0 ? [{ tensor, ...found }] : [];
  });
}

function countIn(bytes: Uint8Array, { dtype }: WeightEntry) {
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
