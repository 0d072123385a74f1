import type { Mistake } from '#lib/notebook/mistakes.ts';

/** Sides of the grids of a picture, from coarse to fine. */
export type Ladder = readonly number[];

/** The last one is VAR's of 256 pixels (Tian et al. 2024). */
export const LADDERS: readonly Ladder[] = [
  [1, 2, 4, 8],
  [1, 2, 3, 4, 6, 8],
  [1, 2, 4, 8, 16],
  [1, 2, 3, 4, 5, 6, 8, 10, 13, 16],
];

/** How many codes the grids hold together, in how many passes they are written, and the usual ways to miss it. */
export function ladderTask(sides: Ladder): {
  readonly codes: number;
  readonly passes: number;
  readonly mistakes: readonly Mistake[];
} {
  const codes = sides.reduce((sum, side) => sum + side * side, 0);
  const passes = sides.length;
  const last = sides.at(-1) ?? 0;
  const said =
    (first: number): Mistake['when'] =>
    ([given]) =>
      given === first && given !== codes;
  return {
    codes,
    passes,
    mistakes: [
      {
        when: said(sides.reduce((sum, side) => sum + side, 0)),
        say: {
          en: 'You have added up the sides. A grid of side s holds s × s codes.',
          zh: '你把边长相加了。边长为 s 的网格有 s × s 个码字。',
        },
      },
      {
        when: said(last * last),
        say: {
          en: 'That is the finest grid alone. The coarser ones are written as well, and they stay.',
          zh: '这只是最细的网格。较粗的网格也要写出，而且写出以后仍然保留。',
        },
      },
      {
        when: ([, given]) => given === codes && given !== passes,
        say: {
          en: 'One pass for each code is what raster order needs. Here all codes of a grid come at once.',
          zh: '每个码字一次，那是逐个生成时的次数。这里一个网格的码字一次全部写出。',
        },
      },
      {
        when: ([, given]) => given === passes - 1,
        say: {
          en: 'The grid of a single code needs a pass of its own, too: it is read off the style token.',
          zh: '只有一个码字的网格也要单独计算一次：它由画风词元得出。',
        },
      },
    ],
  };
}
