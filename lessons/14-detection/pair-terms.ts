import {
  areaOf,
  boxAt,
  cornersOf,
  overlapOf,
  type CentreBox,
  type Overlap,
} from '#lib/analysis/detection/boxes.ts';
import type { Target } from '#lib/analysis/detection/matching-cost.ts';

/** Everything a pair's cost and loss are computed from. */
export interface PairTerms {
  /** Probability that the query gives the object's class. */
  readonly p: number;
  readonly said: CentreBox;
  readonly there: CentreBox;
  /** |Δcx|, |Δcy|, |Δw|, |Δh|. */
  readonly apart: readonly number[];
  readonly overlap: Overlap;
  /** Areas of both boxes. */
  readonly areas: readonly [said: number, there: number];
}

/**
 * A query and an object, number by number.
 * @param probs `[Q, width]`, flat; `boxes` `[Q, 4]`, flat
 * @throws RangeError where there is no such query
 */
export function pairTerms(
  probs: ArrayLike<number>,
  boxes: ArrayLike<number>,
  query: number,
  { label, box: there }: Target,
): PairTerms {
  const said = boxAt(boxes, query);
  const width = probs.length / (boxes.length / 4);
  const [a, b] = [cornersOf(said), cornersOf(there)];
  return {
    p: probs[query * width + label] ?? 0,
    said,
    there,
    apart: (['cx', 'cy', 'w', 'h'] as const).map((side) => Math.abs(said[side] - there[side])),
    overlap: overlapOf(a, b),
    areas: [areaOf(a), areaOf(b)],
  };
}
