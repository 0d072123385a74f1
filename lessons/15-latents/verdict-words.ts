import { formatPercent } from '#lib/base/format.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Judged } from '#lib/notebook/judged/figures.ts';
import { AIM } from './judged-figures.ts';

/** What may be said of the figures: sentences chosen by them, in order. */
export function verdictOf({ held, seen }: Judged): readonly Text[] {
  const [own, ceiling, known] = [held.en, held.en.real, seen.en];
  const whole = (part: number) => formatPercent(part).replace('.0', '');
  const aims = [whole(AIM.first), whole(AIM.style)];
  const reached = [own.first >= AIM.first, own.style >= AIM.style];
  const goals: Text = {
    en: `We had aimed at ${aims[0]} of the names and ${aims[1]} of the styles on held-out pairs.`,
    zh: `我们原定的目标是：在留出的组合上，名称 ${aims[0]} 正确，画风 ${aims[1]} 正确。`,
  };
  const outcome: Text =
    reached[0] && reached[1]
      ? { en: 'The network reaches both.', zh: '这个网络两项都达到了。' }
      : reached[0]
        ? {
            en: 'The network reaches the first and not the second.',
            zh: '这个网络达到了前一项，没有达到后一项。',
          }
        : reached[1]
          ? {
              en: 'The network reaches the second and not the first.',
              zh: '这个网络达到了后一项，没有达到前一项。',
            }
          : { en: 'The network reaches neither.', zh: '这个网络两项都没有达到。' };
  const judge: Text =
    ceiling.first - own.first < 0.05
      ? {
          en: 'The judge itself is no better on the real pictures, so that more cannot be seen by it.',
          zh: '评判者对真实图片的判断也不比这更好，所以再好它也看不出来。',
        }
      : {
          en: 'On the real pictures the judge finds the name more often, so that the painter is what falls short.',
          zh: '对真实图片，评判者找对名称的次数更多，所以差距来自作画的网络。',
        };
  const gap: Text =
    known.first - own.first > 0.05
      ? {
          en: 'Of pairs that training showed it paints more rightly: part of what it does is remembering.',
          zh: '对训练中见过的组合，它画对的更多：它所做的有一部分是记忆。',
        }
      : {
          en: 'Pairs that training showed are painted hardly better: sign and style are put together, not remembered as one.',
          zh: '训练中见过的组合也没有好多少：符号和画风是组合起来的，不是作为整体记住的。',
        };
  return [goals, outcome, judge, gap];
}
