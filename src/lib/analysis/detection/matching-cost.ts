import { boxAt, cornersOf, l1Of, overlapOf, type CentreBox } from './boxes.ts';

/** What there is to be found in a picture. */
export interface Target {
  /** Index of the class. */
  readonly label: number;
  /** Shares of the picture. */
  readonly box: CentreBox;
}

/** How much each term counts. */
export interface CostWeights {
  readonly class: number;
  readonly l1: number;
  readonly giou: number;
}

/** Those of the paper (Carion et al. 2020, appendix A.4) and its published code, of matching and of the loss. */
export const COST_WEIGHTS: CostWeights = { class: 1, l1: 5, giou: 2 };

/** What it costs that one query stands for one target, term by term; `total` is their weighted sum. */
export interface PairCost {
  /** −p of the target's class: a probability, so that it is of the size of the other terms. */
  readonly class: number;
  /** L1 distance of the boxes. */
  readonly l1: number;
  /** −GIoU of the boxes. */
  readonly giou: number;
  readonly total: number;
}

/**
 * The costs by which queries and targets are matched. Source: Carion et al. 2020, section 3.1 (equation 2) and appendix A.2.
 * @param probs `[Q, K + 1]`, flat, row-major
 * @param boxes `[Q, 4]`, flat: cx, cy, w, h
 * @returns a row for each query, a column for each target
 * @throws RangeError when the tables are not of equally many queries, or a target has a class that there is not
 */
export function matchingCost(
  probs: ArrayLike<number>,
  boxes: ArrayLike<number>,
  targets: readonly Target[],
  weights: CostWeights = COST_WEIGHTS,
): PairCost[][] {
  const queries = boxes.length / 4;
  const width = probs.length / queries;
  if (!Number.isInteger(queries) || !Number.isInteger(width))
    throw new RangeError(
      `${probs.length} probabilities and ${boxes.length / 4} boxes are not of equally many queries`,
    );
  for (const { label } of targets) {
    if (!(Number.isInteger(label) && label >= 0 && label < width - 1))
      throw new RangeError(`class ${label} is none of the ${width - 1}`);
  }
  return Array.from({ length: queries }, (_, q) => {
    const box = boxAt(boxes, q);
    return targets.map((target): PairCost => {
      const p = probs[q * width + target.label] ?? 0;
      const l1 = l1Of(box, target.box);
      const giou = -overlapOf(cornersOf(box), cornersOf(target.box)).giou;
      return { class: -p, l1, giou, total: -weights.class * p + weights.l1 * l1 + weights.giou * giou };
    });
  });
}
