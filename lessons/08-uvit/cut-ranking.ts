import type { Text } from '#lib/base/lang.ts';
import measured from './measured.json' with { type: 'json' };

/** Something taken out of the running model, by its name in measured.json. */
export const CUTS = ['label-off', 'cut', 'time-off'] as const;
export type Cut = (typeof CUTS)[number];

/** How far the finished pictures then lie from the intact ones, rms, at the run the lesson opens with. */
export const APART: Readonly<Record<Cut, number>> = {
  'label-off': measured.changes['label-off'].apart,
  cut: measured.changes.cut.apart,
  'time-off': measured.changes['time-off'].apart,
};
/** Rank by damage, 1 the worst. */
export const RANK: Readonly<Record<Cut, number>> = {
  'label-off': rankOf('label-off'),
  cut: rankOf('cut'),
  'time-off': rankOf('time-off'),
};
function rankOf(cut: Cut): number {
  return 1 + CUTS.filter((other) => APART[other] > APART[cut]).length;
}

/** A usual wrong order, and what it overlooks. */
interface WrongOrder {
  readonly when: (given: Readonly<Record<Cut, number>>) => boolean;
  readonly say: Text;
}
export const WRONG_ORDERS: readonly WrongOrder[] = [
  {
    when: (given) => new Set(Object.values(given)).size < CUTS.length,
    say: {
      en: 'Two cuts have the same rank. Give each of the ranks 1, 2 and 3 once.',
      zh: '有两项的名次相同。请把 1、2、3 各用一次。',
    },
  },
  {
    when: (given) => given['label-off'] === 1,
    say: {
      en: 'Without its label the model still paints: it becomes a picture of something else. Compare that with a picture that is no picture any more.',
      zh: '没有标签时，模型仍然能生成图片，只是变成了别的东西。请与根本不成图片的情况作比较。',
    },
  },
  {
    when: (given) => given['time-off'] === 3,
    say: {
      en: 'One would think that a picture shows by itself how noisy it is. This model was always told, and has not learned to look. Try “no time”.',
      zh: '图片本身似乎就能显示噪声有多强。但这个模型在训练中始终得知时间，没有学会自己判断。请试一试“去掉时间”。',
    },
  },
  {
    when: (given) => given['time-off'] === 1,
    say: {
      en: 'Without the time every step errs, but the patches still reach the output over the skips. What if they do not?',
      zh: '没有时间，每一步都会出错，但图像块的内容仍能经跳跃连接到达输出端。如果连这条通路也没有呢？',
    },
  },
];
