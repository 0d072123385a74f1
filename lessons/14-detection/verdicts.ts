import { cornersOf, overlapOf } from '#lib/analysis/detection/boxes.ts';
import type { Detection } from '#lib/analysis/detection/detections.ts';
import type { Standing } from './scene-drawing.ts';

/** IoU from which a detection of the right class counts, as AP@50 has it. */
export const FOUND_FROM = 0.5;

/** A detection beside what there is. */
export interface Verdict {
  readonly detection: Detection;
  /** Place of the object it has found, in the order of the scene; undefined: it is of no object, or of one found already. */
  readonly object: number | undefined;
  /** IoU with the object of its class that it overlaps most and that no surer one has; 0 where there is none. */
  readonly iou: number;
}

/**
 * Which objects detections have found: in order of their scores, each takes of the objects of its class not yet taken the one
 * it overlaps most, if by an IoU of 0.5 at least.
 */
export function verdictsOf(detections: readonly Detection[], standing: readonly Standing[]): Verdict[] {
  const taken = new Set<number>();
  const surest = [...detections].sort((a, b) => b.score - a.score);
  return surest.map((detection) => {
    const box = cornersOf(detection.box);
    let [best, iou] = [-1, 0];
    standing.forEach((object, i) => {
      if (!object.box || object.label !== detection.label || taken.has(i)) return;
      const overlap = overlapOf(box, object.box).iou;
      if (overlap > iou) [best, iou] = [i, overlap];
    });
    const found = best >= 0 && iou >= FOUND_FROM;
    if (found) taken.add(best);
    return { detection, object: found ? best : undefined, iou };
  });
}
