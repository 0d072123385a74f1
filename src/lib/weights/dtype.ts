import type { WeightEntry } from '#lib/graph/types.ts';

/** Element types that can be bound: safetensors' names for IEEE single, IEEE half and bfloat16. */
export type WeightDType = WeightEntry['dtype'];

/**
 * Conversion between the stored element types and float32. Bytes are little-endian, as safetensors has them and as
 * every machine a browser runs on is.
 */
export const DTYPE_BYTES: Readonly<Record<WeightDType, number>> = { F32: 4, F16: 2, BF16: 2 };

let halfTable: Float32Array | undefined;

/** All 65,536 half values as float32, made once (256 KB): a look-up is several times faster than bit work. */
function halves(): Float32Array {
  if (halfTable) return halfTable;
  const table = new Float32Array(65536);
  const bits = new Uint32Array(table.buffer);
  for (let h = 0; h < 65536; h++) {
    const sign = (h & 0x8000) << 16;
    const exponent = (h >> 10) & 0x1f;
    const fraction = h & 0x3ff;
    if (exponent === 0x1f) bits[h] = sign | 0x7f800000 | (fraction << 13);
    else if (exponent > 0) bits[h] = sign | ((exponent + 112) << 23) | (fraction << 13);
    else table[h] = (sign ? -1 : 1) * fraction * 2 ** -24; // zero and subnormal halves
  }
  halfTable = table;
  return table;
}

/** `bytes` as 16-bit numbers; a view where the address allows it. */
function words(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}

/** Values as float32: F32 at a multiple of four bytes is a view, all else a copy. */
export function toFloat32(bytes: Uint8Array, dtype: WeightDType): Float32Array {
  if (dtype === 'F32') {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
  }
  const from = words(bytes);
  const out = new Float32Array(from.length);
  if (dtype === 'F16') {
    const table = halves();
    for (let i = 0; i < from.length; i++) out[i] = table[from[i]!]!;
  } else {
    const bits = new Uint32Array(out.buffer);
    for (let i = 0; i < from.length; i++) bits[i] = from[i]! << 16;
  }
  return out;
}

const one = new Float32Array(1);
const oneBits = new Uint32Array(one.buffer);

/** The nearest half (ties to even; overflow to infinity) of a number, as its 16 bits. */
export function halfBits(value: number): number {
  one[0] = value;
  const bits = oneBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or more
  if (magnitude < 0x38800000) {
    // Below the smallest normal half: counted in units of 2⁻²⁴, in float64, where the product is exact.
    return sign | roundEven(Math.abs(one[0]) * 2 ** 24);
  }
  const rounded = magnitude + 0xfff + ((magnitude >> 13) & 1);
  return sign | ((rounded - 0x38000000) >> 13);
}

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** Float32 values as the bytes of `dtype`, each rounded to nearest, ties to even. */
export function fromFloat32(values: Float32Array, dtype: WeightDType): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const out = new Uint16Array(values.length);
  if (dtype === 'F16') {
    for (let i = 0; i < values.length; i++) out[i] = halfBits(values[i]!);
  } else {
    for (let i = 0; i < values.length; i++) {
      one[0] = values[i]!;
      const bits = oneBits[0]!;
      out[i] = Number.isNaN(one[0]) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    }
  }
  return new Uint8Array(out.buffer);
}
