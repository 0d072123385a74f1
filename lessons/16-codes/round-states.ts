import { stillMasked } from '#lib/analysis/choosing.ts';
import type { CodeStep } from '#lib/programs/codes-to-picture/call.ts';

/** What is read of a round. */
export type Drawn = Pick<CodeStep, 'codes' | 'places' | 'drawn' | 'logs'>;

/** A place after a round. `none`: no round has been made. */
export interface RoundPlace {
  readonly state: 'known' | 'kept' | 'open' | 'none';
  readonly code?: number;
  /** ln p of the code that was drawn here; undefined where the place was known before. */
  readonly log?: number;
}

/**
 * What a round of masked writing did at each place.
 * @param places N @param count K
 */
export function surenessOf(step: Drawn | undefined, places: number, count: number): readonly RoundPlace[] {
  if (!step) return Array.from({ length: places }, () => ({ state: 'none' }));
  const kept = new Set(step.places);
  return Array.from({ length: places }, (_, i) => {
    const known = step.codes[i] ?? -1;
    const drawn = step.drawn[i] ?? 0;
    const log = step.logs[i * count + drawn] ?? NaN;
    if (kept.has(i)) return { state: 'kept', code: known, log };
    return known === -1 ? { state: 'open', code: drawn, log } : { state: 'known', code: known };
  });
}

/** Least and largest ln p of what was drawn in several rounds; undefined where nothing was. */
export function rangeOf(
  rounds: readonly (Drawn | undefined)[],
  places: number,
  count: number,
): readonly [low: number, high: number] | undefined {
  const found = rounds
    .flatMap((step) => surenessOf(step, places, count))
    .flatMap(({ log }) => (log !== undefined && Number.isFinite(log) ? [log] : []));
  return found.length > 0 ? [Math.min(...found), Math.max(...found)] : undefined;
}

/** Codes still masked after each round, from the beginning on, by the cosine schedule (Chang et al. 2022, section 3.3). */
export function maskedAfter(places: number, rounds: number): readonly number[] {
  const left = [places];
  for (let round = 0; round < rounds; round++)
    left.push(stillMasked(places, round, rounds, left[round] ?? places));
  return left;
}
