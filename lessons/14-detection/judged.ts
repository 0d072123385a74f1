import { centreOf, cornersOf, overlapOf } from '#lib/analysis/detection/boxes.ts';
import type { Detection } from '#lib/analysis/detection/detections.ts';
import type { Target } from '#lib/analysis/detection/matching-cost.ts';
import type { Standing } from './scene-drawing.ts';
import { FOUND_FROM, verdictsOf } from './verdicts.ts';

/** From this probability on a query's answer counts where things are counted. */
export const SURE = 0.5;

/** Detections that count, of everything that the queries say. */
export const sureOf = (all: readonly Detection[]): Detection[] => all.filter(({ score }) => score >= SURE);

/**
 * `found`: the surest to cover an object of its class. `again`: it covers one that a surer detection has. `wrong`: it covers
 * no object of its class.
 */
export type Worth = 'found' | 'again' | 'wrong';

/** A detection, and what it is worth. */
export interface Judged {
  readonly detection: Detection;
  readonly worth: Worth;
}

type Seen = Pick<Standing, 'label' | 'box'>;

/** Judges detections by what there is, as `measure.py` of the lesson's tests does; the surest first. */
export function judge(detections: readonly Detection[], standing: readonly Standing[]): Judged[] {
  return verdictsOf(detections, standing).map(({ detection, object }): Judged => {
    if (object !== undefined) return { detection, worth: 'found' };
    return { detection, worth: standing.some((one) => covers(detection, one)) ? 'again' : 'wrong' };
  });
}

const covers = ({ label, box }: Detection, there: Seen): boolean =>
  there.box !== undefined && there.label === label && overlapOf(cornersOf(box), there.box).iou >= FOUND_FROM;

/** How many of each. */
export function countOf(judged: readonly Judged[]): Readonly<Record<Worth, number>> {
  const of = (which: Worth) => judged.filter(({ worth }) => worth === which).length;
  return { found: of('found'), again: of('again'), wrong: of('wrong') };
}

/** The objects of a scene as the loss knows them: those that show somewhere inside the picture. */
export const targetsOf = (standing: readonly Seen[]): Target[] =>
  standing.flatMap(({ label, box }) => (box ? [{ label, box: centreOf(box) }] : []));
