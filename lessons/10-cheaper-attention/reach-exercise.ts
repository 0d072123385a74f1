import { otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** Sides of the picture in pixels, of a patch, and of a window in tokens; the grid is merged once, two by two. */
export const REACH_CASES: readonly {
  readonly image: number;
  readonly patch: number;
  readonly window: number;
}[] = [
  { image: 96, patch: 4, window: 4 },
  { image: 128, patch: 4, window: 4 },
  { image: 128, patch: 8, window: 2 },
  { image: 112, patch: 2, window: 7 },
];

/**
 * Tokens of the second stage that one changed patch can reach in two stages of windows without a shift, and how many
 * there are; with the usual ways to miss that. A window of the first stage lies within one of the second.
 */
export function reachTask({ image, patch, window }: (typeof REACH_CASES)[number]) {
  const first = image / patch;
  const last = first / 2;
  const answer = [window ** 2, last ** 2];
  const mistakes: readonly Mistake[] = [
    otherOrder(answer),
    {
      when: ([reached]) => reached === (window / 2) ** 2 && reached !== answer[0],
      say: {
        en: 'That is what the first stage’s window has become after merging. In the second stage it is a part of a larger window, and all tokens of that hear of it.',
        zh: '这是第一阶段的窗口合并之后剩下的词元。到了第二阶段，它们只是更大窗口的一部分，那个窗口里的所有词元都会受到影响。',
      },
    },
    {
      when: ([reached]) => reached === last ** 2,
      say: {
        en: 'Without a shift nothing crosses the border of a window of the last stage, however many blocks follow.',
        zh: '没有移位，不论后面还有多少层，任何信息都越不过最后阶段的窗口边界。',
      },
    },
    {
      when: ([reached]) => reached === 1,
      say: {
        en: 'Attention mixes the tokens of a window with one another: the token is not alone in it.',
        zh: '注意力会把同一窗口里的词元相互混合：窗口里不只有这一个词元。',
      },
    },
    {
      when: ([, all]) => all === first ** 2 && all !== answer[1],
      say: {
        en: 'The second number counts the tokens of the first stage. Merging has put four of them into one.',
        zh: '第二个数是第一阶段的词元数。合并把四个词元变成了一个。',
      },
    },
  ];
  return { answer, first, last, mistakes };
}
