import { normals, type NoiseSource } from './noise.ts';

/** Standard normals for n pictures side by side, `[n, each]`: picture k is stream `first` + k of the seed. */
export function startNoise(seed: number, count: number, each: number, first = 0): Float32Array {
  const out = new Float32Array(count * each);
  for (let k = 0; k < count; k++) out.set(normals(seed, 0, each, first + k), k * each);
  return out;
}

/**
 * The noise that samplers add on the way. Each picture has a stream of its own, so that it comes out the same
 * whatever others are made beside it; `drawn` counts what each has taken.
 */
export class PictureNoise implements NoiseSource {
  readonly #seed: number;
  readonly #count: number;
  readonly #first: number;
  drawn: number;

  /** @param first stream of the first picture */
  constructor(seed: number, count: number, { drawn = 0, first = 0 } = {}) {
    this.#seed = seed;
    this.#count = count;
    this.#first = first;
    this.drawn = drawn;
  }

  /** The next normals, `[n, length / n]`. */
  normal(length: number): Float64Array {
    const each = length / this.#count;
    const out = new Float64Array(length);
    for (let k = 0; k < this.#count; k++) {
      out.set(normals(this.#seed, this.drawn, each, this.#first + k), k * each);
    }
    this.drawn += each;
    return out;
  }
}
