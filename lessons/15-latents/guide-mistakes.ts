import { are, type Mistake } from '#lib/notebook/mistakes.ts';

/** One number of the two predictions, and the weight they are mixed with. */
export interface GuideNumbers {
  /** Told nothing, and told the words. */
  readonly none: number;
  readonly told: number;
  readonly w: number;
}

/** How near a number must lie to that of a mistake. */
const NEAR = 0.006;

/** What is usually computed instead of none + w (told − none). */
export function guideMistakes({ none, told, w }: GuideNumbers): readonly Mistake[] {
  const when = (number: number) => (given: readonly number[]) => are(given, [number], NEAR);
  return [
    {
      when: when(told + w * (told - none)),
      say: {
        en: 'You have begun at the prediction that was told the words. With the weight w one begins at the one told nothing; beginning where you did belongs to the scale s = w − 1.',
        zh: '你是从有文字的预测出发的。用权重 w 时，要从没有文字的预测出发；从那里出发的写法用的是 s = w − 1。',
      },
    },
    {
      when: when(told + w * (none - told)),
      say: {
        en: 'That goes from the words towards nothing. The difference is taken the other way round: told minus told nothing.',
        zh: '这是从文字走向没有文字。差的方向要反过来：有文字的减去没有文字的。',
      },
    },
    {
      when: when(w * (told - none)),
      say: {
        en: 'That is the step alone. It is to be added to the prediction that was told nothing.',
        zh: '这只是走的那一段，还要加到没有文字的预测上。',
      },
    },
    {
      when: when(none + w * told),
      say: {
        en: 'You have added w times the whole prediction. What is taken w times is the difference between the two.',
        zh: '你加上了 w 倍的整个预测。取 w 倍的应当是两个预测之差。',
      },
    },
    {
      when: when((none + told) / 2),
      say: {
        en: 'That is the mean of the two. Guidance does not go between them: with w above 1 it goes beyond the one that was told the words.',
        zh: '这是两者的平均。引导并不取两者之间：w 大于 1 时，要越过有文字的预测。',
      },
    },
  ];
}
