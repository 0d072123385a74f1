import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** What measurements of trained twins allow to conclude, with reasons. */
export const SEED_QUESTIONS: readonly { readonly text: Text; readonly options: readonly Option[] }[] = [
  {
    text: {
      en: 'Two twins were trained with one seed each; one names 2 points more of the held-out photos rightly. What follows?',
      zh: '两个对照网络各用一个随机种子训练，其中一个在未参与训练的照片上多答对 2 个百分点。由此能得出什么？',
    },
    options: [
      {
        text: { en: 'Its attention is better, by 2 points.', zh: '它的注意力更好，好 2 个百分点。' },
        say: {
          en: 'Another seed of the same network may move just as far. Nothing here says how far.',
          zh: '同一个网络换一个种子，变动可能同样大。而这里没有任何数据说明会变动多少。',
        },
      },
      {
        text: {
          en: 'Nothing yet about the attention: it takes several seeds of each to see how far chance moves them.',
          zh: '还不能对注意力下结论：每个网络都要有几个种子，才知道偶然因素会让结果变动多少。',
        },
        right: true,
        say: {
          en: 'Where all seeds of one lie above all seeds of the other, chance is an unlikely reason; with one seed each that cannot be seen.',
          zh: '如果一方的所有种子都高于另一方的所有种子，就不太可能出于偶然；各只有一个种子时，这一点无从判断。',
        },
      },
      {
        text: { en: 'Nothing at all can ever follow from training.', zh: '从训练里永远得不出任何结论。' },
        say: {
          en: 'It can: more seeds, and differences larger than those between seeds.',
          zh: '可以得出：需要更多的种子，以及比种子之间更大的差别。',
        },
      },
    ],
  },
  {
    text: {
      en: 'All twins multiply about as often at 64 pixels. Which of them costs clearly more than the others at 128?',
      zh: '在 64 像素下，各个对照网络的乘加次数相近。到了 128 像素，哪一个的开销明显大于其他的？',
    },
    options: [
      {
        text: { en: 'The one with windows.', zh: '窗口注意力的。' },
        say: {
          en: 'A token still meets the M² tokens of its window, so four times the tokens are four times the work.',
          zh: '每个词元仍然只看窗口里的 M² 个词元，所以词元数变为 4 倍，运算量也只是 4 倍。',
        },
      },
      {
        text: { en: 'The plain ViT.', zh: '普通 ViT。' },
        right: true,
        say: {
          en: 'Its scores grow with N²: sixteen times as many pairs, while everything else grows four times.',
          zh: '它的分数随 N² 增长：词元对变为 16 倍，而其余部分只变为 4 倍。',
        },
      },
      {
        text: { en: 'The one with linear attention.', zh: '线性注意力的。' },
        say: {
          en: 'It multiplies keys and values first, d × d numbers for each token, whatever N is.',
          zh: '它先乘键与值，每个词元只需要 d × d 个数，与 N 无关。',
        },
      },
    ],
  },
];
