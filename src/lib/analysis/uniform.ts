import { philox } from '#lib/diffusion/math/noise.ts';

/**
 * Uniform numbers in (0, 1) that depend on seed and stream alone: u = (word + ½) / 2³² of the words of Philox4x32-10 with
 * key [seed, 0] and counters [0, 0, stream, 0], [1, 0, stream, 0] …
 * @param seed, stream whole, 0 … 2³² − 1
 */
export class Uniform {
  readonly #seed: number;
  readonly #stream: number;
  #taken = 0;
  #words: Uint32Array = new Uint32Array();

  constructor(seed: number, stream: number) {
    this.#seed = seed;
    this.#stream = stream;
  }
  next(): number {
    if (this.#taken % 4 === 0) this.#words = philox([this.#taken / 4, 0, this.#stream, 0], [this.#seed, 0]);
    return (this.#words[this.#taken++ % 4]! + 0.5) / 2 ** 32;
  }
  /** Uniform between two numbers. */
  within(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
}
