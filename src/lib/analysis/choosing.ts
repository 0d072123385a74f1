import { normals } from '#lib/diffusion/math/noise.ts';

/**
 * How codes are drawn from the logits that a network gives of them. The same in training/codes/draw.py: the same seed draws
 * the same codes there and here.
 */
export interface Drawing {
  /** Divides the logits, from 0 up; 0 takes the largest. Default 1. */
  readonly temperature?: number;
  /** Only so many of the largest logits can be drawn; 0 (default): all. */
  readonly topK?: number;
  /** Codes that may be drawn, by number; default all. One of half the codebook shows what the others are good for. */
  readonly allowed?: readonly number[];
}

/** @throws RangeError with one sentence for the first thing that cannot be */
export function checkDrawing({ temperature = 1, topK = 0, allowed }: Drawing, count: number): void {
  if (!(temperature >= 0) || !Number.isFinite(temperature))
    throw new RangeError(`The temperature is ${temperature}; it must be a number from 0 up.`);
  if (!Number.isInteger(topK) || topK < 0)
    throw new RangeError(`Top-k is ${topK}; it must be a whole number from 0 (all) up.`);
  if (!allowed) return;
  const wrong = allowed.find((code) => !Number.isInteger(code) || code < 0 || code >= count);
  if (wrong !== undefined)
    throw new RangeError(`There is no code ${wrong}; codes go from 0 to ${count - 1}.`);
  if (allowed.length === 0) throw new RangeError('No code may be drawn; allow one or more.');
}

/**
 * ln p of what is drawn, of rows `[n, K]`: logits over the temperature, minus infinity for codes that are not among the `topK`
 * largest or not allowed. At temperature 0 the logits stay as they are, and the largest is taken.
 * @param count K
 */
export function logProbabilities(logits: ArrayLike<number>, count: number, drawing: Drawing): Float32Array {
  const { temperature = 1, topK = 0, allowed } = drawing;
  const may = allowed && new Set(allowed);
  const out = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += count) {
    const z = Float64Array.from({ length: count }, (_, k) => {
      const logit = logits[at + k] ?? NaN;
      if (may && !may.has(k)) return -Infinity;
      return temperature > 0 ? logit / temperature : logit;
    });
    if (topK > 0 && topK < count) {
      const least = Float64Array.from(z).sort()[count - topK] ?? -Infinity;
      z.forEach((v, k) => {
        if (v < least) z[k] = -Infinity;
      });
    }
    const most = z.reduce((a, v) => Math.max(a, v), -Infinity);
    const log = most + Math.log(z.reduce((sum, v) => sum + Math.exp(v - most), 0));
    z.forEach((v, k) => {
      out[at + k] = v - log;
    });
  }
  return out;
}

/**
 * `count` Gumbel numbers of a stream of a seed: −ln((n₀² + n₁²) / 2) of each two normals, since half the sum of two squared
 * normals is exponential, and minus the logarithm of such a number a Gumbel one.
 */
export function gumbels(seed: number, stream: number, count: number): Float64Array {
  const n = normals(seed, 0, 2 * count, stream);
  return Float64Array.from(
    { length: count },
    (_, i) => -Math.log(((n[2 * i] ?? 0) ** 2 + (n[2 * i + 1] ?? 0) ** 2) / 2),
  );
}

/**
 * A code for each row of `[n, K]`: where ln p plus Gumbel noise is largest, which is a draw from p (Maddison et al. 2014, section 2);
 * without noise, or at temperature 0, the likeliest.
 * @param noise `[n, K]`
 */
export function drawnCodes(
  logs: ArrayLike<number>,
  count: number,
  noise: ArrayLike<number> | undefined,
): number[] {
  return Array.from({ length: logs.length / count }, (_, n) => {
    let [best, most] = [0, -Infinity];
    for (let k = 0; k < count; k++) {
      const value = (logs[n * count + k] ?? -Infinity) + (noise?.[n * count + k] ?? 0);
      if (value > most) [best, most] = [k, value];
    }
    return best;
  });
}

/**
 * How many of `places` codes stay unknown after round `round` (0, 1 …) of `rounds`: ⌊N cos(π/2 · (round + 1) / rounds)⌋, at least 1 and
 * one less than before, at last none (Chang et al. 2022, section 3.3).
 * @param unknown how many were unknown before it
 */
export function stillMasked(places: number, round: number, rounds: number, unknown: number): number {
  if (round === rounds - 1) return 0;
  const wanted = Math.floor(places * Math.cos(((Math.PI / 2) * (round + 1)) / rounds));
  return Math.max(1, Math.min(unknown - 1, wanted));
}

/** The `count` places of least confidence, of equal ones the first; what is NaN is left out. */
export function leastSure(confidence: ArrayLike<number>, count: number): number[] {
  return Array.from(confidence, (value, place) => ({ value, place }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.value - b.value || a.place - b.place)
    .slice(0, count)
    .map(({ place }) => place);
}

/**
 * The weight of guidance in pass `pass` of `passes`: the same in all of them, or with `ramp` from 1 in the first to `weight`
 * in the last (the published code of VAR).
 */
export function weightOf(weight: number, ramp: boolean, pass: number, passes: number): number {
  return ramp && passes > 1 ? 1 + ((weight - 1) * pass) / (passes - 1) : weight;
}
