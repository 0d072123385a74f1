import { cornersOf, l1Of, overlapOf, type CentreBox } from './boxes.ts';
import { COST_WEIGHTS, type CostWeights, type Target } from './matching-cost.ts';

/** How much a query counts that has no target: there are many of them. Source: Carion et al. 2020, appendix A.4. */
export const NO_OBJECT_WEIGHT = 0.1;

/** How much the parts of the loss count. */
export interface LossWeights {
  readonly weights?: CostWeights;
  /** That of a query without target. */
  readonly empty?: number;
}

/** What a query that was matched with a target loses, term by term. */
export interface PairLoss {
  /** −log p of the target's class. */
  readonly class: number;
  readonly l1: number;
  /** 1 − GIoU, from 0. */
  readonly giou: number;
  /** Their weighted sum. */
  readonly total: number;
}

/**
 * The loss of one matched pair. Source: Carion et al. 2020, equations 2 and 9 (appendix A.2).
 * @param p probability that the query gives the target's class
 */
export function pairLoss(
  p: number,
  box: CentreBox,
  target: CentreBox,
  weights: CostWeights = COST_WEIGHTS,
): PairLoss {
  const terms = {
    class: -Math.log(p),
    l1: l1Of(box, target),
    giou: 1 - overlapOf(cornersOf(box), cornersOf(target)).giou,
  };
  return { ...terms, total: weights.class * terms.class + weights.l1 * terms.l1 + weights.giou * terms.giou };
}

/** The loss of a whole picture. */
export interface SetLoss {
  /** Mean of −log p of what each query should say, “no object” counting less, over the sum of these weights. */
  readonly class: number;
  /** Sums over the pairs, divided by the number of targets (1 where there is none). */
  readonly l1: number;
  readonly giou: number;
  readonly total: number;
}

/**
 * DETR's loss of one decoder layer for one picture. Source: Carion et al. 2020, equation 2, appendix A.4; means as in the
 * published code.
 * @param probs `[Q, K + 1]`, flat, row-major; the last column is “no object”
 * @param boxes one for each query
 * @param pairs of each target, in order, the query matched with it
 */
export function setLoss(
  probs: ArrayLike<number>,
  boxes: readonly CentreBox[],
  targets: readonly Target[],
  pairs: readonly number[],
  { weights = COST_WEIGHTS, empty = NO_OBJECT_WEIGHT }: LossWeights = {},
): SetLoss {
  const width = probs.length / boxes.length;
  const targetOf = new Map(pairs.map((query, t) => [query, targets[t]] as const));
  let [summed, counted, l1, giou] = [0, 0, 0, 0];
  boxes.forEach((box, q) => {
    const target = targetOf.get(q);
    const weight = target ? 1 : empty;
    summed -= weight * Math.log(probs[q * width + (target?.label ?? width - 1)] ?? 0);
    counted += weight;
    if (!target) return;
    const pair = pairLoss(1, box, target.box);
    l1 += pair.l1;
    giou += pair.giou;
  });
  const count = Math.max(1, targets.length);
  const terms = { class: summed / counted, l1: l1 / count, giou: giou / count };
  return { ...terms, total: weights.class * terms.class + weights.l1 * terms.l1 + weights.giou * terms.giou };
}
