import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  window: {
    term: { en: 'window', zh: '窗口（window）' },
    meaning: {
      en: 'A square of M × M neighbouring tokens; in window attention a token looks at those of its own window alone.',
      zh: '由 M × M 个相邻词元组成的正方形。在窗口注意力里，词元只看自己窗口里的词元。',
    },
  },
  'shift-mask': {
    term: { en: 'mask of shifted windows', zh: '移位窗口的掩码' },
    meaning: {
      en: 'What is added to the scores within a window of the rolled grid: 0 for tokens that were neighbours before the roll, −100 for the others.',
      zh: '在循环移位后的窗口里加到分数上的数：移位之前相邻的词元之间加 0，其余加 −100。',
    },
  },
  'linear-attention': {
    term: { en: 'linear attention', zh: '线性注意力（linear attention）' },
    meaning: {
      en: 'Attention whose weights are products of functions of query and key alone, so that keys and values can be multiplied first: work in proportion to N.',
      zh: '权重只由查询与键各自的函数相乘得到的注意力。可以先计算键与值的乘积，运算量与 N 成正比。',
    },
  },
  depthwise: {
    term: { en: 'depthwise convolution', zh: '深度卷积（depthwise convolution）' },
    meaning: {
      en: 'A convolution in which every channel has one filter of its own and is not mixed with the others.',
      zh: '每个通道各有一个卷积核、通道之间不混合的卷积。',
    },
  },
  pareto: {
    term: { en: 'Pareto front', zh: '帕累托前沿（Pareto front）' },
    meaning: {
      en: 'Of choices that differ in two things, here cost and right answers, those that no other beats: none is as cheap and better, or as good and cheaper.',
      zh: '从两个方面（这里是开销和答对的数目）比较各种选择时，不被任何其他选择胜过的那些：没有别的选择开销不更大而答对更多，或者答对不更少而开销更小。',
    },
  },
};
export default glossary;
