/**
 * Seeded Gaussian noise, the same stream here and in training/diffusion/noise.py.
 *
 * Generator: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *   key     = [seed low 32 bits, seed high bits]
 *   counter = [block low 32 bits, block high bits, stream, 0]
 * Each block gives four words w0 … w3, and these four normals in this order (Box & Muller 1958):
 *   u(w) = (w + 0.5) / 2^32, which is never 0 or 1
 *   z0 = √(−2 ln u(w0)) cos(2π u(w1)),  z1 = √(−2 ln u(w0)) sin(2π u(w1))
 *   z2 = √(−2 ln u(w2)) cos(2π u(w3)),  z3 = √(−2 ln u(w2)) sin(2π u(w3))
 * Normal number k of a stream is number k mod 4 of block ⌊k/4⌋, so any stretch can be read alone.
 * The largest magnitude it can give is √(−2 ln 2^−33) = 6.76.
 */

/** Where a sampler takes its noise from. */
export interface NoiseSource {
  /** The next n standard normals. */
  normal(n: number): Float32Array | Float64Array;
}

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/** High 32 bits of the 64-bit product of two 32-bit words. */
function mulHigh(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle - (middle & 0xffff)) / 0x10000 + (cross - (cross & 0xffff)) / 0x10000) >>> 0;
}

/**
 * One block of Philox4x32-10.
 * @param counter four 32-bit words.
 * @param key two 32-bit words.
 * @returns four 32-bit words.
 */
export function philox(counter: readonly number[], key: readonly number[]): Uint32Array {
  const c = Uint32Array.from({ length: 4 }, (_, i) => counter[i] ?? 0);
  const k = Uint32Array.from({ length: 2 }, (_, i) => key[i] ?? 0);
  for (let round = 0; round < 10; round++) {
    const [c0, c1, c2, c3] = [c[0]!, c[1]!, c[2]!, c[3]!];
    c[0] = mulHigh(MULTIPLIERS[1], c2) ^ c1 ^ k[0]!;
    c[1] = Math.imul(MULTIPLIERS[1], c2);
    c[2] = mulHigh(MULTIPLIERS[0], c0) ^ c3 ^ k[1]!;
    c[3] = Math.imul(MULTIPLIERS[0], c0);
    k[0] = k[0]! + WEYL[0];
    k[1] = k[1]! + WEYL[1];
  }
  return c;
}

/**
 * Standard normals number `from` … `from + count − 1` of a stream, float64 [count].
 * @param seed whole, 0 … 2^53 − 1.
 * @param stream whole, 0 … 2^32 − 1; streams of one seed are independent.
 * @throws RangeError for a seed, stream, from or count outside its range.
 */
export function normals(seed: number, from: number, count: number, stream = 0): Float64Array {
  checkWhole('seed', seed, Number.MAX_SAFE_INTEGER);
  checkWhole('stream', stream, 0xffffffff);
  checkWhole('position', from, Number.MAX_SAFE_INTEGER);
  checkWhole('count', count, 2 ** 31);
  const out = new Float64Array(count);
  const first = Math.floor(from / 4);
  for (let block = first; block * 4 < from + count; block++) {
    const words = philox([...halves(block), stream, 0], halves(seed));
    for (let pair = 0; pair < 2; pair++) {
      const radius = Math.sqrt(-2 * Math.log(unit(words[2 * pair]!)));
      const angle = 2 * Math.PI * unit(words[2 * pair + 1]!);
      const at = block * 4 + 2 * pair - from;
      if (at >= 0 && at < count) out[at] = radius * Math.cos(angle);
      if (at + 1 >= 0 && at + 1 < count) out[at + 1] = radius * Math.sin(angle);
    }
  }
  return out;
}

/** A stream read from front to back; `position` counts the normals taken. */
export class SeededNoise implements NoiseSource {
  readonly seed: number;
  readonly stream: number;
  position: number;

  /** @param seed 0 … 2^53 − 1. @param stream 0 … 2^32 − 1. @param position the first normal to give. */
  constructor(seed: number, stream = 0, position = 0) {
    this.seed = seed;
    this.stream = stream;
    this.position = position;
  }

  /** The next n standard normals, float64. @throws RangeError for a seed or stream out of range. */
  normal(n: number): Float64Array {
    const out = normals(this.seed, this.position, n, this.stream);
    this.position += n;
    return out;
  }
}

function unit(word: number): number {
  return (word + 0.5) / 0x100000000;
}

function halves(n: number): [number, number] {
  return [n >>> 0, Math.floor(n / 0x100000000)];
}

function checkWhole(what: string, n: number, most: number): void {
  if (!Number.isInteger(n) || n < 0 || n > most)
    throw new RangeError(`The ${what} is ${n}; it must be a whole number from 0 to ${most}.`);
}
