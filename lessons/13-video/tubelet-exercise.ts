import type { Mistake } from '#lib/notebook/mistakes.ts';
import { sizesOf, type Cut } from './clip-counts.ts';

/** Clips of 224 pixels a side that the reader is asked about. */
export const TUBELET_CASES: readonly Cut[] = [
  { frames: 32, tubelet: 4, patch: 16 },
  { frames: 16, tubelet: 2, patch: 32 },
  { frames: 64, tubelet: 8, patch: 16 },
];

/** Tokens and numbers in each, and the usual ways to miss them. */
export function tubeletTask(cut: Cut): {
  readonly answer: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const { times, grid, places, tubelets, tubeletValues } = sizesOf(cut);
  const is =
    (field: 0 | 1, wrong: number): Mistake['when'] =>
    (given) =>
      given[field] === wrong;
  return {
    answer: [tubelets, tubeletValues],
    mistakes: [
      {
        when: is(0, cut.frames * places),
        say: {
          en: 'That many tokens there are if each frame is cut by itself. A tubelet takes several frames at once.',
          zh: '那是每帧单独切时的词元数。一个时空管同时占好几帧。',
        },
      },
      {
        when: is(0, times * grid),
        say: {
          en: 'The grid of a frame has rows and columns: count the patches of a side twice.',
          zh: '一帧的网格有行也有列：一边的图像块数要乘两次。',
        },
      },
      {
        when: is(0, places),
        say: {
          en: 'These are the places of one time. There are as many again for each of the others.',
          zh: '那是一个时刻的位置数，其余每个时刻也各有这么多。',
        },
      },
      {
        when: is(1, tubeletValues / 3),
        say: {
          en: 'A pixel has three colours, and each is a number of its own.',
          zh: '每个像素有三种颜色，各是一个数值。',
        },
      },
      {
        when: is(1, tubeletValues / cut.tubelet),
        say: {
          en: 'That is a patch of one frame. The tubelet has all of its frames in its row.',
          zh: '那是一帧里的图像块。时空管的一行包含它的所有帧。',
        },
      },
    ],
  };
}
