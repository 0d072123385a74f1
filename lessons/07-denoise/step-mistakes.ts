import { are, otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** The numbers of a step of DDIM for one value. */
export interface StepNumbers {
  readonly x0: number;
  readonly eps: number;
  /** √ᾱ and √(1 − ᾱ) at the next time. */
  readonly signal: number;
  readonly noise: number;
}

/** How near a number must lie to that of a mistake. */
const NEAR = 0.006;

/** What is usually done instead of a step of DDIM. */
export function stepMistakes({ x0, eps, signal, noise }: StepNumbers): readonly Mistake[] {
  const when = (number: number) => (given: readonly number[]) => are(given, [number], NEAR);
  return [
    {
      when: when(noise * x0 + signal * eps),
      say: {
        en: 'The two weights are exchanged: √ᾱ belongs to the picture x̂₀, √(1 − ᾱ) to the noise ε̂.',
        zh: '两个权重用反了：√ᾱ 是图片 x̂₀ 的权重，√(1 − ᾱ) 是噪声 ε̂ 的权重。',
      },
    },
    {
      when: when(signal ** 2 * x0 + noise ** 2 * eps),
      say: {
        en: 'You have weighed with ᾱ and 1 − ᾱ. The weights are their roots, which the question gives.',
        zh: '你用的权重是 ᾱ 和 1 − ᾱ。应当用它们的平方根，题目里已经给出。',
      },
    },
    {
      when: when(signal * x0),
      say: {
        en: 'That is the part of the picture alone. At s there still is noise: its part is to be added.',
        zh: '这只是图片的部分。在 s 处仍有噪声，要加上噪声的部分。',
      },
    },
    {
      when: when(signal * x0 - noise * eps),
      say: {
        en: 'The noise is subtracted here. To get x̂₀ one takes it off; to mix the next state one adds it.',
        zh: '你在这里减去了噪声。求 x̂₀ 时要减去噪声，求下一个状态时要加上噪声。',
      },
    },
  ];
}

/**
 * What is usually written instead of the shape of x in a pass, `[n, C, S, S]`.
 * @param count pictures wanted
 * @param guided two predictions are mixed
 */
export function batchMistakes(shape: readonly number[], count: number, guided: boolean): readonly Mistake[] {
  return [
    otherOrder(shape),
    {
      when: ([n]) => guided && n === count,
      say: {
        en: 'That is one pass for each picture. With guidance every picture is predicted twice, with its class and without.',
        zh: '这样每张图片只预测一次。使用引导时，每张图片要预测两次：一次有类别，一次没有。',
      },
    },
    {
      when: ([n]) => !guided && n === 2 * count,
      say: {
        en: 'At w = 1 the prediction without a class has the weight 0, so it is not asked for.',
        zh: 'w = 1 时，无类别的预测权重为 0，所以不需要计算。',
      },
    },
    {
      when: (given) => given.includes(shape[2]! / 4) || given.includes((shape[2]! / 4) ** 2),
      say: {
        en: 'That counts patches. The network reads pixels; it cuts them into patches itself.',
        zh: '这是图像块的个数。网络读入的是像素，切成图像块是网络内部的事。',
      },
    },
  ];
}
