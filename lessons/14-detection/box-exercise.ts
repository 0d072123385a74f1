import { inPixels, type CentreBox } from '#lib/analysis/detection/boxes.ts';
import { are, otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** A box as a query gives it, and the picture it is of. */
interface BoxCase {
  readonly box: CentreBox;
  readonly width: number;
  readonly height: number;
}

/** Boxes whose edges are whole pixels. */
export const BOX_CASES: readonly BoxCase[] = [
  { box: { cx: 0.5, cy: 0.25, w: 0.5, h: 0.5 }, width: 64, height: 64 },
  { box: { cx: 0.3, cy: 0.6, w: 0.2, h: 0.4 }, width: 200, height: 100 },
  { box: { cx: 0.75, cy: 0.5, w: 0.25, h: 0.75 }, width: 640, height: 480 },
];

/** Left, upper, right and lower edge in pixels, and the usual ways to miss them. */
export function boxTask({ box, width, height }: BoxCase): {
  readonly answer: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const edges = ({ x0, y0, x1, y1 }: ReturnType<typeof inPixels>) => [x0, y0, x1, y1].map(Math.round);
  const { cx, cy, w, h } = box;
  const answer = edges(inPixels(box, width, height));
  return {
    answer,
    mistakes: [
      {
        when: (given) => are(given, [cx * width, cy * height, (cx + w) * width, (cy + h) * height], 0.5),
        say: {
          en: 'You have taken the first two numbers for the upper left corner. They are the middle: half of the width lies left of it.',
          zh: '你把前两个数当成了左上角。它们是中心：宽的一半在它的左边。',
        },
      },
      {
        when: (given) =>
          are(given, [(cx - w) * width, (cy - h) * height, (cx + w) * width, (cy + h) * height], 0.5),
        say: {
          en: 'The whole width lies on both sides together, half of it on each.',
          zh: '整个宽分在中心的两边，每边只有一半。',
        },
      },
      {
        when: (given) => are(given, [cx * width, cy * height, w * width, h * height], 0.5),
        say: {
          en: 'These are the middle and the sides in pixels. The question asks for the four edges.',
          zh: '这是以像素为单位的中心和边长。要求的是四条边的位置。',
        },
      },
      ...(width === height
        ? []
        : [
            {
              when: (given: readonly number[]) =>
                are(given, edges(inPixels(box, width, width)), 0.5) ||
                are(given, edges(inPixels(box, height, height)), 0.5),
              say: {
                en: 'The picture is not square: shares across are of its width, shares down of its height.',
                zh: '图片不是正方形：横向的比例乘以宽，纵向的比例乘以高。',
              },
            },
          ]),
      otherOrder(answer),
    ],
  };
}
