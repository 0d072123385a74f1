import { drawnCodes, gumbels, logProbabilities, type Drawing } from '#lib/analysis/choosing.ts';
import { guide } from '#lib/diffusion/math/guidance.ts';

/** What the network says of one place: logits `[K]` told the words, and told nothing where it was asked that, too. */
export interface PlaceLogits {
  readonly told: Float32Array;
  readonly none?: Float32Array | undefined;
}

/** One code on its way from logits to probability. */
export interface Candidate {
  readonly code: number;
  readonly told: number;
  /** NaN where it was not asked. */
  readonly none: number;
  readonly guided: number;
  /** The guided logit over the temperature; at temperature 0 the logit itself. */
  readonly cooled: number;
  /** How likely it is drawn, 0 … 1; 0 where top-k has left it out. */
  readonly p: number;
}

/** How a code of one place is chosen. */
export interface Choice extends Drawing {
  readonly guidance: number;
}

/** Logits `[K]` of both, guided; of one alone as they are. */
const guidedOf = ({ told, none }: PlaceLogits, weight: number): Float32Array =>
  none ? guide(told, none, weight) : told;

/** ln p `[K]` of every code under a choice. At temperature 0 all but the largest are left out. */
export function logsOf(logits: PlaceLogits, { guidance, temperature = 1, ...rest }: Choice): Float32Array {
  const guided = guidedOf(logits, guidance);
  if (temperature > 0) return logProbabilities(guided, guided.length, { ...rest, temperature });
  const best = guided.reduce((top, v, k) => (v > (guided[top] ?? -Infinity) ? k : top), 0);
  return guided.map((_, k) => (k === best ? 0 : -Infinity));
}

/** All codes, the likeliest first; of equally likely ones that with the larger guided logit. */
export function candidates(logits: PlaceLogits, choice: Choice): readonly Candidate[] {
  const guided = guidedOf(logits, choice.guidance);
  const logs = logsOf(logits, choice);
  const temperature = choice.temperature ?? 1;
  return Array.from(guided, (value, code) => ({
    code,
    told: logits.told[code] ?? NaN,
    none: logits.none?.[code] ?? NaN,
    guided: value,
    cooled: temperature > 0 ? value / temperature : value,
    p: Math.exp(logs[code] ?? -Infinity),
  })).sort((a, b) => b.p - a.p || b.guided - a.guided);
}

/** Entropy of ln p `[K]` in bits, from 0 (one code) to log₂ K (all alike). */
export function entropyBits(logs: Float32Array): number {
  return -logs.reduce((sum, log) => sum + (log > -Infinity ? (Math.exp(log) * log) / Math.LN2 : 0), 0);
}

/** The code that the seed's noise of pass `pass` takes from ln p `[K]`. */
export const drawnAt = (logs: Float32Array, seed: number, pass: number): number =>
  drawnCodes(logs, logs.length, gumbels(seed, 2 * pass, logs.length))[0] ?? 0;

/** How often each code comes in `many` draws, by seeds from `seed` on. */
export function tally(
  logs: Float32Array,
  seed: number,
  pass: number,
  many: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (let i = 0; i < many; i++) {
    const code = drawnAt(logs, seed + i, pass);
    found.set(code, (found.get(code) ?? 0) + 1);
  }
  return found;
}
