import type { Schedule } from '#lib/diffusion/math/schedules.ts';
import { are, type Mistake } from '#lib/notebook/mistakes.ts';

/** How near a number must lie to that of a mistake. */
const NEAR = 0.012;

/** What is usually done instead of computing ᾱ at step t. */
export function alphaMistakes({ alphasCumprod, betas }: Schedule, t: number): readonly Mistake[] {
  const [bar, beta] = [alphasCumprod[t]!, betas[t]!];
  const when = (number: number) => (given: readonly number[]) => are(given, [number], NEAR);
  return [
    {
      when: when(1 - bar),
      say: {
        en: 'That is 1 − ᾱ, the power of the noise. ᾱ is the power that is left of the picture.',
        zh: '这是 1 − ᾱ，即噪声的功率。ᾱ 是图片剩下的功率。',
      },
    },
    {
      when: when(Math.sqrt(bar)),
      say: {
        en: 'That is the root of ᾱ, what the picture’s values are weighed with. Asked is ᾱ itself, the power.',
        zh: '这是 ᾱ 的平方根，即图片数值的权重。题目问的是 ᾱ 本身，即功率。',
      },
    },
    {
      when: when(1 - beta),
      say: {
        en: 'That much is left by the last step alone. ᾱ is the product of all steps up to it.',
        zh: '这只是最后一步留下的部分。ᾱ 是到这一步为止所有各步的乘积。',
      },
    },
    {
      when: when(Math.exp(-(t + 1) * beta)),
      say: {
        en: 'You have taken the last β for every step. It has grown from almost 0, so its mean is about half of that.',
        zh: '你把最后一步的 β 用于每一步了。β 是从接近 0 增长起来的，所以平均值大约只有它的一半。',
      },
    },
  ];
}
