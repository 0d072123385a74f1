import { boxAt, cornersOf, overlapOf, type CentreBox } from './boxes.ts';

/** What one query of a detector says, if it says anything. */
export interface Detection {
  /** Which query, from 0. */
  readonly query: number;
  /** Index of the class. */
  readonly label: number;
  /** Probability of that class, 0 … 1. */
  readonly score: number;
  readonly box: CentreBox;
}

/**
 * What a detector has found: of every query the likeliest class other than “no object”, if its probability is at least
 * `atLeast`, the surest first.
 * @param probs `[Q, K + 1]`, flat, row-major; the last column is “no object”
 * @param boxes `[Q, 4]`, flat: cx, cy, w, h as shares of the picture
 * @param classes K, without “no object”
 * @throws RangeError when the two tables are not of equally many queries
 */
export function detectionsOf(
  probs: ArrayLike<number>,
  boxes: ArrayLike<number>,
  classes: number,
  atLeast = 0.5,
): Detection[] {
  const queries = boxes.length / 4;
  if (probs.length !== queries * (classes + 1))
    throw new RangeError(
      `${probs.length} probabilities are not those of ${queries} boxes and ${classes} classes`,
    );
  const all = Array.from({ length: queries }, (_, query): Detection => {
    const [label, score] = likeliest(probs, query * (classes + 1), classes);
    return { query, label, score, box: boxAt(boxes, query) };
  });
  return all.filter(({ score }) => score >= atLeast).sort((a, b) => b.score - a.score);
}

function likeliest(
  probs: ArrayLike<number>,
  from: number,
  classes: number,
): readonly [label: number, score: number] {
  let [label, score] = [0, -Infinity];
  for (let k = 0; k < classes; k++) {
    const p = probs[from + k] ?? 0;
    if (p > score) [label, score] = [k, p];
  }
  return [label, score];
}

/** A detection of what a surer one has found already. */
export interface Duplicate {
  readonly detection: Detection;
  /** The surest detection of the same class that it overlaps. */
  readonly of: Detection;
  readonly iou: number;
}

/**
 * Which detections say again what a surer one of the same class says: their boxes overlap by an IoU above `above`. Where
 * queries see each other hardly one does; a detector without that needs non-maximum suppression, which drops these.
 */
export function duplicatesOf(detections: readonly Detection[], above = 0.5): Duplicate[] {
  const sorted = [...detections].sort((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  const found: Duplicate[] = [];
  for (const detection of sorted) {
    const box = cornersOf(detection.box);
    const same = kept
      .filter(({ label }) => label === detection.label)
      .map((of) => ({ detection, of, iou: overlapOf(box, cornersOf(of.box)).iou }))
      .find(({ iou }) => iou > above);
    if (same) found.push(same);
    else kept.push(detection);
  }
  return found;
}
