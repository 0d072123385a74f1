import type { Mistake } from '#lib/notebook/mistakes.ts';
import { sizesOf } from './clip-counts.ts';
import type { Form } from '#lib/models/vivit/config.ts';

/** Pairs of tokens in one head's attention of a block, from the tubelets' counts, without class tokens. */
export function pairsOf(form: Form, times: number, places: number): number {
  const [space, time] = [times * places ** 2, places * times ** 2];
  switch (form) {
    case 'joint':
      return (times * places) ** 2;
    case 'factorised-encoder':
      return space;
    case 'factorised-self-attention':
      return space + time;
    case 'factorised-dot-product':
      // Half of the heads each: a mean of both.
      return (space + time) / 2;
  }
}

/** Forms whose growth the reader is asked for, when a clip becomes twice as long. */
export const GROWTH_CASES: readonly { readonly form: Form; readonly frames: number }[] = [
  { form: 'joint', frames: 32 },
  { form: 'factorised-encoder', frames: 32 },
  { form: 'factorised-self-attention', frames: 64 },
];

/** By what factor the pairs grow, and the usual ways to miss it. */
export function growthTask({ form, frames }: (typeof GROWTH_CASES)[number]): {
  readonly factor: number;
  readonly times: number;
  readonly places: number;
  readonly mistakes: readonly Mistake[];
} {
  const cut = { tubelet: 2, patch: 16 };
  const { times, places } = sizesOf({ ...cut, frames });
  const factor = pairsOf(form, 2 * times, places) / pairsOf(form, times, places);
  const near =
    (n: number): Mistake['when'] =>
    ([given = NaN]) =>
      Math.abs(given - n) < 0.02;
  return {
    factor,
    times,
    places,
    mistakes: [
      ...(form === 'joint'
        ? [
            {
              when: near(2),
              say: {
                en: 'The tokens double. Each of them is paired with twice as many as before.',
                zh: '词元数加倍，而每个词元又要与两倍的词元配对。',
              },
            },
          ]
        : [
            {
              when: near(4),
              say: {
                en: 'So it is where all tokens look at each other. Here a token keeps to its own time or its own place.',
                zh: '所有词元互相看时才是这样。这里的词元只看自己的时刻或自己的位置。',
              },
            },
          ]),
      ...(form === 'factorised-self-attention'
        ? [
            {
              when: near(2),
              say: {
                en: 'That holds of the pairs within a time. The pairs over time grow with the square of the times.',
                zh: '同一时刻之内的词元对是这样，跨越时间的词元对随时刻数的平方增长。',
              },
            },
          ]
        : []),
      {
        when: near(8),
        say: {
          en: 'Only one of the three sizes has doubled: the places of a frame are as many as before.',
          zh: '三个尺寸中只有一个加倍：一帧里的位置数没有变。',
        },
      },
    ],
  };
}
