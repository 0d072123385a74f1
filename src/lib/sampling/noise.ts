import { normals, type NoiseSource } from '../diffusion/noise.ts';

/** Standard normals for n pictures side by side, `[n, each]`: picture k is stream k of the seed. */
export function startNoise(seed: number, count: number, each: number): Float32Array {
  const out = new Float32Array(count * each);
  for (let k = 0; k < count; k++) out.set(normals(seed, 0, each, k), k * each);
  return out;
}

/**
 * The noise that samplers add on the way. Each picture has a stream of its own, so that it comes out the same
 * whatever others are made beside it; `drawn` counts what each has taken.
 */
export class PictureNoise implements NoiseSource {
  readonly #seed: number;
  readonly #count: number;
  drawn: number;

  constructor(seed: number, count: number, drawn = 0) {
    this.#seed = seed;
    this.#count = count;
    this.drawn = drawn;
  }

  /** The next normals, `[n, length / n]`. */
  normal(length: number): Float64Array {
    const each = length / this.#count;
    const out = new Float64Array(length);
    for (let k = 0; k < this.#count; k++) out.set(normals(this.#seed, this.drawn, each, k), k * each);
    this.drawn += each;
    return out;
  }
}
