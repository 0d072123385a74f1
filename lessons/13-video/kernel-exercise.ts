import type { Mistake } from '#lib/notebook/mistakes.ts';
import { centralFrame, dotOf, inflated, middleOf } from './kernels.ts';
import { fromFrames } from './tubelet.ts';

/** A picture's kernel of three numbers, one a colour, and a tubelet of one pixel: a row of three per frame. */
export interface KernelCase {
  readonly kernel: readonly [number, number, number];
  readonly frames: readonly (readonly [number, number, number])[];
}

/** Worked out on paper: every result is a whole number. */
export const KERNEL_CASES: readonly KernelCase[] = [
  {
    kernel: [2, -1, 3],
    frames: [
      [1, 0, 2],
      [3, 4, 0],
    ],
  },
  {
    kernel: [1, 4, -2],
    frames: [
      [0, 3, 1],
      [2, 1, 1],
    ],
  },
  {
    kernel: [-1, 2, 1],
    frames: [
      [2, 3, 1],
      [1, 4, 4],
    ],
  },
];

/** The products of the inflated kernel and of the central frame's with the tubelet, and the usual ways to miss them. */
export function kernelTask({ kernel, frames }: KernelCase): {
  readonly answer: readonly number[];
  readonly each: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const t = frames.length;
  const tubelet = fromFrames(frames);
  const each = frames.map((frame) => dotOf(kernel, frame));
  const sum = each.reduce((all, one) => all + one, 0);
  const [first] = each;
  return {
    answer: [dotOf(inflated(kernel, t), tubelet), dotOf(centralFrame(kernel, t), tubelet)],
    each,
    mistakes: [
      {
        when: ([given]) => given === sum,
        say: {
          en: 'You have added up the frames. Inflation also divides the kernel by their number, so that a still clip gives what the picture gave.',
          zh: '你把各帧相加了。膨胀还要把卷积核除以帧数，这样静止的视频才能得到与图片相同的结果。',
        },
      },
      {
        when: ([, given]) => given === first,
        say: {
          en: `The central frame is number ⌊t / 2⌋ = ${middleOf(t)}, counted from 0: of two frames the second.`,
          zh: `中心帧是从 0 数起的第 ⌊t / 2⌋ = ${middleOf(t)} 帧：两帧中的后一帧。`,
        },
      },
      {
        when: ([a, b], [right, other]) => a === other && b === right,
        say: {
          en: 'These are the right numbers in each other’s place: inflation takes the mean of the frames, the central frame one of them.',
          zh: '这两个数对，但位置反了：膨胀取各帧的平均，中心帧只取其中一帧。',
        },
      },
    ],
  };
}
