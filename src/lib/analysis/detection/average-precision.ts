import { overlapOf, type CornerBox } from './boxes.ts';

/** An object that is in a picture. */
export interface Truth {
  /** Which picture: any numbers that tell pictures apart. */
  readonly picture: number;
  readonly label: number;
  readonly box: CornerBox;
}

/** One that a detector says is there. */
export interface Found extends Truth {
  readonly score: number;
}

/** IoU from which a detection counts, 0.5 to 0.95, as COCO averages over them. */
export const COCO_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) => 0.5 + (0.45 / 9) * i);
/** Recalls at which precision is read: 0, 0.01 … 1. */
const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));
/** Detections of a picture and a class that count, the surest. */
const MOST_A_PICTURE = 100;

/** Precision over recall of one class at one threshold. */
export interface PrecisionCurve {
  /** After each detection, the surest first. */
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  /** At each of the 101 recalls: the best precision at that recall or a higher one, 0 where it is never reached. */
  readonly sampled: readonly number[];
  /** Mean of those, the average precision, 0 … 1. */
  readonly ap: number;
}

/** Detections of each picture by score, no more than COCO counts. */
function ranked(found: readonly Found[]): Found[] {
  const counts = new Map<number, number>();
  // A stable sort, so that equal scores stay in the order they were given in, as in COCO's evaluator.
  return [...found]
    .sort((a, b) => b.score - a.score)
    .filter(({ picture }) => {
      const n = (counts.get(picture) ?? 0) + 1;
      counts.set(picture, n);
      return n <= MOST_A_PICTURE;
    });
}

/**
 * Whether each detection hits an object: in order of their scores each takes, of the objects of its picture not yet taken,
 * the one it overlaps most, if by the threshold at least. Detections and objects are of one class.
 */
function hits(found: readonly Found[], truths: readonly Truth[], threshold: number): boolean[] {
  const taken = new Set<Truth>();
  return found.map(({ picture, box }) => {
    let best: Truth | undefined;
    let least = Math.min(threshold, 1 - 1e-10);
    for (const truth of truths) {
      if (truth.picture !== picture || taken.has(truth)) continue;
      const { iou } = overlapOf(box, truth.box);
      if (iou < least) continue;
      [least, best] = [iou, truth];
    }
    if (best) taken.add(best);
    return best !== undefined;
  });
}

/**
 * Precision over recall of one class.
 * @param threshold IoU from which a detection counts
 * @returns undefined where the class has no object
 */
export function precisionCurve(
  found: readonly Found[],
  truths: readonly Truth[],
  threshold: number,
): PrecisionCurve | undefined {
  if (truths.length === 0) return undefined;
  let right = 0;
  const counts = hits(ranked(found), truths, threshold).map((hit) => (right += Number(hit)));
  const recall = counts.map((n) => n / truths.length);
  const precision = counts.map((n, i) => n / (i + 1));
  const envelope = [...precision];
  for (let i = envelope.length - 1; i > 0; i--)
    envelope[i - 1] = Math.max(envelope[i - 1] ?? 0, envelope[i] ?? 0);
  let at = 0;
  const sampled = RECALLS.map((wanted) => {
    while (at < recall.length && (recall[at] ?? 0) < wanted) at++;
    return envelope[at] ?? 0;
  });
  return { recall, precision, sampled, ap: mean(sampled) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/**
 * Average precision as COCO's evaluator defines it, over all sizes of objects: the mean over the classes that occur, and
 * over the thresholds, of the precision at 101 recalls. Source: Lin et al. 2014, cocodataset.org, “Detection evaluation”.
 * @param thresholds `[0.5]` for AP@50, `COCO_THRESHOLDS` for AP@[.5:.95]
 * @returns 0 … 1; NaN where there is no object at all
 */
export function averagePrecision(
  found: readonly Found[],
  truths: readonly Truth[],
  thresholds: readonly number[] = COCO_THRESHOLDS,
): number {
  const labels = [...new Set(truths.map(({ label }) => label))];
  const curves = labels.flatMap((label) => {
    const of = <T extends Truth>(list: readonly T[]) => list.filter((one) => one.label === label);
    const [mine, there] = [of(found), of(truths)];
    return thresholds.flatMap((threshold) => precisionCurve(mine, there, threshold) ?? []);
  });
  return mean(curves.map(({ ap }) => ap));
}
