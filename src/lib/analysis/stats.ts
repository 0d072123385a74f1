/** What a set of values looks like. Every figure but the counts is of the finite values alone. */
export interface Stats {
  readonly count: number;
  /** NaN where there is no finite value. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation of the population (divided by n, as `torch.std(correction=0)`). */
  readonly std: number;
  readonly nan: number;
  readonly infinite: number;
}

/**
 * Gathers statistics a stretch at a time, so that a large tensor never holds the page up. Mean and variance
 * by merging stretches (Chan, Golub, LeVeque 1979), in double precision.
 */
export class StatsGatherer {
  #finite = 0;
  #min = Infinity;
  #max = -Infinity;
  #mean = 0;
  #squares = 0;
  #nan = 0;
  #infinite = 0;

  /** Adds `data[from … to)`. */
  add(data: ArrayLike<number>, from = 0, to = data.length): void {
    let n = 0;
    let sum = 0;
    let min = this.#min;
    let max = this.#max;
    for (let i = from; i < to; i++) {
      const v = data[i]!;
      if (v - v !== 0) {
        if (Number.isNaN(v)) this.#nan++;
        else this.#infinite++;
        continue;
      }
      n++;
      sum += v;
      if (v < min) min = v;
      if (v > max) max = v;
    }
    this.#min = min;
    this.#max = max;
    if (n === 0) return;
    const mean = sum / n;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const v = data[i]!;
      if (v - v === 0) squares += (v - mean) ** 2;
    }
    const total = this.#finite + n;
    const step = mean - this.#mean;
    this.#squares += squares + (step * step * this.#finite * n) / total;
    this.#mean += (step * n) / total;
    this.#finite = total;
  }

  get stats(): Stats {
    const some = this.#finite > 0;
    return {
      count: this.#finite + this.#nan + this.#infinite,
      min: some ? this.#min : NaN,
      max: some ? this.#max : NaN,
      mean: some ? this.#mean : NaN,
      std: some ? Math.sqrt(this.#squares / this.#finite) : NaN,
      nan: this.#nan,
      infinite: this.#infinite,
    };
  }
}

/** The statistics of a whole array at once. */
export function statsOf(data: ArrayLike<number>): Stats {
  const gatherer = new StatsGatherer();
  gatherer.add(data);
  return gatherer.stats;
}

/** Counts of values in `bins` equal parts of [low, high]; what lies outside, and NaN, is left out. Adds to `out` if given. */
export function histogram(
  data: ArrayLike<number>,
  low: number,
  high: number,
  bins: number,
  out: Uint32Array = new Uint32Array(bins),
  from = 0,
  to = data.length,
): Uint32Array {
  const scale = high > low ? bins / (high - low) : 0;
  for (let i = from; i < to; i++) {
    const v = data[i]!;
    if (v >= low && v <= high) out[Math.min(bins - 1, ((v - low) * scale) | 0)]!++;
  }
  return out;
}
