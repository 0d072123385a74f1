import { areaOf, overlapOf, type CornerBox, type Overlap } from '#lib/analysis/detection/boxes.ts';
import type { Mistake } from '#lib/notebook/mistakes.ts';

/** Two boxes on squared paper. */
interface OverlapCase {
  readonly a: CornerBox;
  readonly b: CornerBox;
}

export const OVERLAP_CASES: readonly OverlapCase[] = [
  { a: { x0: 0, y0: 0, x1: 4, y1: 4 }, b: { x0: 2, y0: 0, x1: 6, y1: 4 } },
  { a: { x0: 0, y0: 0, x1: 2, y1: 2 }, b: { x0: 4, y0: 0, x1: 6, y1: 2 } },
  { a: { x0: 0, y0: 0, x1: 3, y1: 3 }, b: { x0: 1, y0: 1, x1: 5, y1: 5 } },
];
/** An answer counts this close. */
export const CLOSE = 0.011;

/** IoU and GIoU, and the usual ways to miss them. */
export function overlapTask({ a, b }: OverlapCase): {
  readonly answer: readonly number[];
  readonly overlap: Overlap;
  readonly mistakes: readonly Mistake[];
} {
  const overlap = overlapOf(a, b);
  const { intersection, union, hull, iou, giou } = overlap;
  const near = (given: number | undefined, n: number) => given !== undefined && Math.abs(given - n) <= CLOSE;
  const sum = areaOf(a) + areaOf(b);
  const apart = intersection === 0;
  return {
    answer: [iou, giou],
    overlap,
    mistakes: [
      ...(apart
        ? []
        : [
            {
              when: ([given]: readonly number[]) => near(given, intersection / sum),
              say: {
                en: 'You have added both areas, so that what they share counts twice. Take it off once.',
                zh: '你把两个面积直接相加，公共部分算了两次，应当减去一次。',
              },
            },
            {
              when: ([given]: readonly number[]) => near(given, intersection / hull),
              say: {
                en: 'You have divided by the hull. The IoU is divided by what the boxes cover.',
                zh: '你除以了最小外接矩形。交并比要除以两个框合起来覆盖的面积。',
              },
            },
          ]),
      {
        when: ([, second]) => apart && near(second, 0),
        say: {
          en: 'The IoU is 0, but the hull has an empty part between the boxes. GIoU counts it.',
          zh: '交并比是 0，但外接矩形中两个框之间有空着的部分，GIoU 要把它算进去。',
        },
      },
      {
        when: ([first, second]) => near(first, iou) && near(second, iou) && !near(second, giou),
        say: {
          en: 'The IoU is right. Subtract from it the share of the hull that neither box covers.',
          zh: '交并比是对的。还要减去最小外接矩形中两个框都没有覆盖的部分所占的比例。',
        },
      },
      {
        when: ([, second]) =>
          near(second, (hull - union) / hull) || near(second, iou + (hull - union) / hull),
        say: {
          en: 'The empty share of the hull is subtracted from the IoU, not added to it.',
          zh: '外接矩形中空出的比例要从交并比里减去，而不是加上。',
        },
      },
    ],
  };
}
