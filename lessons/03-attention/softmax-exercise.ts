import { softmaxRow } from '#lib/analysis/attention.ts';
import { are, otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** Rows of three scores whose softmax is worked out on paper; none sums to 0, and no two scores of a row are equal. */
export const SCORE_ROWS: readonly (readonly [number, number, number])[] = [
  [2, 1, 0],
  [1, -1, 3],
  [0, 2, -1],
  [-1, 1, 2],
  [3, 2, 0],
];

/** How close a share must come: two digits behind the point. */
export const SHARES_WITHIN = 0.011;

const sum = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);

/** The shares of a row of scores, and the usual ways to miss them. */
export function softmaxTask(scores: readonly number[]): {
  readonly shares: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const shares = [...softmaxRow(scores)];
  const powers = scores.map((s) => Math.exp(s));
  const near = (given: readonly number[], wanted: readonly number[]) => are(given, wanted, 0.02);
  return {
    shares,
    mistakes: [
      {
        when: (given) =>
          near(
            given,
            scores.map((s) => s / sum(scores)),
          ),
        say: {
          en: 'You have divided the scores themselves by their sum. First raise e to each score; the powers are divided.',
          zh: '你直接用分数除以它们的和。应当先对每个分数取以 e 为底的指数，再除以指数之和。',
        },
      },
      {
        when: (given) => are(given, powers, 0.06),
        say: {
          en: 'These are the powers of e. Divide each by the sum of all three, so that they add up to 1.',
          zh: '这是各个指数。还要把每一个除以三个之和，使它们相加等于 1。',
        },
      },
      {
        when: (given) => {
          const two = scores.map((s) => 2 ** s);
          return near(
            given,
            two.map((v) => v / sum(two)),
          );
        },
        say: {
          en: 'That is right for powers of 2. Softmax takes powers of e, about 2.718.',
          zh: '这是以 2 为底的结果。softmax 以 e 为底，e 约等于 2.718。',
        },
      },
      {
        when: (given) =>
          near(
            given,
            powers.map((v) => v / Math.max(...powers)),
          ),
        say: {
          en: 'You have divided by the largest power. Divide by the sum of all three.',
          zh: '你除以了最大的指数。应当除以三个指数之和。',
        },
      },
      {
        when: (given, right) => otherOrder(shares.map((v) => Number(v.toFixed(2)))).when(given, right),
        say: {
          en: 'The shares are right and stand in another order. The largest score gets the largest share.',
          zh: '份额都对，但次序不对。分数最大的，份额也最大。',
        },
      },
      {
        when: (given) => Math.abs(sum(given) - 1) > 0.03,
        say: {
          en: 'The three shares must add up to 1. Have you divided every power by the same sum?',
          zh: '三个份额之和应当等于 1。是否每个指数都除以了同一个和？',
        },
      },
    ],
  };
}
