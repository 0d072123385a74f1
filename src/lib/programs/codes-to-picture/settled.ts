import { gumbels, leastSure, stillMasked } from '#lib/analysis/choosing.ts';
import type { CodePlan } from './spec.ts';

/** Puts what was drawn where it belongs; of `masked` only the surest. */
export function settled(
  plan: CodePlan,
  pass: number,
  before: Int32Array,
  asked: readonly number[],
  logs: Float32Array,
  drawn: readonly number[],
) {
  const { chooser, spec, places, passes, order } = plan;
  const codes = before.slice();
  if (chooser.order !== 'masked') {
    asked.forEach((place, i) => {
      if (codes[place] === -1) codes[place] = drawn[i] ?? 0;
    });
    return { codes };
  }
  const { choose = 'confidence', choiceTemperature = 4.5, seed } = spec;
  const unknown = asked.filter((place) => codes[place] === -1);
  // Places that were given from the beginning do not count among those that the rounds fill.
  const counted = plan.first === 0 ? plan.codes.filter((code) => code === -1).length : places;
  const chance = gumbels(seed, 2 * pass + 1, places);
  const left = 1 - (pass + 1) / passes;
  const turn = new Map(order.map((place, n) => [place, n]));
  const confidence = Float32Array.from(asked, (place, i) => {
    if (codes[place] !== -1) return NaN;
    if (spec.order) return -(turn.get(place) ?? 0);
    const noise = chance[place] ?? 0;
    const log = logs[i * chooser.count + (drawn[i] ?? 0)] ?? NaN;
    return choose === 'chance' ? noise : log + choiceTemperature * left * noise;
  });
  for (const place of unknown) codes[place] = drawn[place] ?? 0;
  const stay = stillMasked(counted, pass, passes, unknown.length);
  for (const place of leastSure(confidence, stay)) codes[place] = -1;
  return { codes, confidence };
}
