import { shiftMask } from '#lib/models/shared/windows.ts';
import type { Mistake } from '#lib/notebook/mistakes.ts';

/** Grids and even windows that are asked about. */
export const MASK_CASES: readonly { readonly grid: number; readonly window: number }[] = [
  { grid: 16, window: 4 },
  { grid: 12, window: 4 },
  { grid: 12, window: 6 },
  { grid: 8, window: 2 },
  { grid: 32, window: 4 },
];

/** Windows whose mask is not 0 everywhere, and pairs in the last window that get −100; the usual ways to miss them. */
export function maskTask({ grid, window }: { readonly grid: number; readonly window: number }): {
  readonly answer: readonly [windows: number, pairs: number];
  readonly mistakes: readonly Mistake[];
} {
  const along = grid / window;
  const mask = shiftMask({ grid, window, windows: along, shift: Math.floor(window / 2) });
  const pairs = window ** 4;
  const inWindow = Array.from(
    { length: along ** 2 },
    (_, w) => mask.subarray(w * pairs, (w + 1) * pairs).filter((v) => v !== 0).length,
  );
  const answer = [inWindow.filter((n) => n > 0).length, inWindow.at(-1)!] as const;
  return {
    answer,
    mistakes: [
      {
        when: ([windows]) => windows === along ** 2,
        say: {
          en: 'Every window has a mask, but in the middle of the grid it is all 0. Which windows hold patches from opposite edges?',
          zh: '每个窗口都有掩码，但是中间的窗口掩码全是 0。哪些窗口里有来自图片两端的图像块？',
        },
      },
      {
        when: ([windows]) => windows === 2 * along,
        say: {
          en: 'You have counted the corner twice: it lies in the last row and in the last column.',
          zh: '角上的窗口数了两次：它既在最后一行，又在最后一列。',
        },
      },
      {
        when: ([windows]) => windows === along,
        say: {
          en: 'That is the last row or the last column. What leaves on the left comes in on the right, and what leaves at the top comes in at the bottom.',
          zh: '这只是最后一行或最后一列。从左边移出的部分从右边进来，从上边移出的部分从下边进来。',
        },
      },
      {
        when: ([, given]) => given === pairs - answer[1],
        say: {
          en: 'The second number counts the zeros, the pairs that may see one another. The others get −100.',
          zh: '第二个数数的是 0，即可以互相看的词元对。其余的才加 −100。',
        },
      },
      {
        when: ([, given]) => given === pairs,
        say: {
          en: 'The second number counts all pairs of the window. Tokens of one region still see one another.',
          zh: '第二个数数的是窗口里的全部词元对。同一区域的词元仍然可以互相看。',
        },
      },
    ],
  };
}
