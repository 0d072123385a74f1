import type { Option } from '#lib/notebook/choice.ts';
import type { Text } from '#lib/base/lang.ts';

interface Question {
  readonly question: Text;
  readonly options: readonly Option[];
}

/** Which denoiser a tensor is from, and what follows from where the text enters. */
export const TWIN_QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'In a denoiser of latents you find attention weights of the shape 8 × 1024 × 77. What is it?',
      zh: '在一个隐变量的去噪网络里，你找到形状为 8 × 1,024 × 77 的注意力权重。这是什么？',
    },
    options: [
      {
        text: {
          en: 'A U-Net’s attention to a text: 1,024 places look at 77 tokens.',
          zh: 'U-Net 对文本的注意力：1,024 个位置看 77 个词元。',
        },
        right: true,
        say: {
          en: 'Only cross-attention has rows of one kind and columns of another. 1,024 = 32 × 32 are the places of a level, 77 the tokens of CLIP’s text.',
          zh: '只有交叉注意力的行和列属于不同的序列。1,024 = 32 × 32 是某一级的位置数，77 是 CLIP 文本的词元数。',
        },
      },
      {
        text: {
          en: 'A U-ViT’s attention with 77 tokens of text and 1,024 patches.',
          zh: 'U-ViT 的注意力，有 77 个文本词元和 1,024 个图像块。',
        },
        say: {
          en: 'There text and patches stand in one sequence, and everybody looks at everybody: with the time, the matrix would be 1,102 × 1,102.',
          zh: '那里文本和图像块排在同一个序列里，所有词元互相看；算上时间词元，矩阵应为 1,102 × 1,102。',
        },
      },
      {
        text: {
          en: 'A text tower’s own attention, in 8 heads.',
          zh: '文本塔自己的注意力，8 个头。',
        },
        say: {
          en: 'In a text tower tokens of the text look at each other: 77 × 77.',
          zh: '文本塔里是文本词元互相看，应为 77 × 77。',
        },
      },
    ],
  },
  {
    question: {
      en: 'The text shall have twice as many tokens. Which attention grows by more than the text’s share?',
      zh: '如果文本的词元数加倍，哪个网络的注意力矩阵不只是按文本的部分变大？',
    },
    options: [
      {
        text: { en: 'The U-ViT’s: rows and columns grow.', zh: 'U-ViT 的：行和列都变多。' },
        right: true,
        say: {
          en: 'Tokens of text also ask there, in every block, so the matrix grows on both sides. In the U-Net only the columns of the attention to the text become more, and the text is never worked on itself.',
          zh: '在那里文本词元也要提问，而且每层都如此，矩阵两边都变大。U-Net 里只是对文本的注意力多了列，文本本身不再更新。',
        },
      },
      {
        text: {
          en: 'The U-Net’s: it has an attention to the text at each level.',
          zh: 'U-Net 的：它在每一级都有对文本的注意力。',
        },
        say: {
          en: 'It has many of them, but in each only the number of columns doubles. The places that ask stay as many.',
          zh: '这样的层确实有许多，但每层只是列数加倍，提问的位置并没有变多。',
        },
      },
      {
        text: { en: 'Neither: both read the same text.', zh: '都不会：两者读的是同一段文本。' },
        say: {
          en: 'The text is the same, but it enters in different ways: as columns to be looked at in one, as tokens like all others in the other.',
          zh: '文本相同，进入的方式不同：一个只作为被看的列，另一个与其他词元一样参与计算。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Two networks need the same number of multiply-adds for a state. One has four times the parameters of the other. Which is it, here?',
      zh: '两个网络处理一个状态所需的乘加次数相同，其中一个的参数量是另一个的四倍。在这里是哪个？',
    },
    options: [
      {
        text: { en: 'The U-Net.', zh: 'U-Net。' },
        right: true,
        say: {
          en: 'Half of its weights work at the smaller side, each at 16 places only. A weight of the U-ViT’s blocks works at all 82 tokens, so the same work needs fewer of them.',
          zh: '它的许多权重用在较小的尺寸上，每个只在 16 个位置上做运算。U-ViT 各层的权重对全部 82 个词元做运算，同样的计算量只需要更少的权重。',
        },
      },
      {
        text: { en: 'The U-ViT, since transformers are large.', zh: 'U-ViT，因为 Transformer 都很大。' },
        say: {
          en: 'Transformers are often large because they are made wide and deep. A weight of theirs is used at every token, which makes much work of few weights.',
          zh: 'Transformer 常常很大，是因为人们把它做得又宽又深。它的每个权重用在每个词元上，少量权重就带来大量运算。',
        },
      },
      {
        text: {
          en: 'That cannot be: the same work means the same number of weights.',
          zh: '不可能：计算量相同，参数量就相同。',
        },
        say: {
          en: 'Work is weights times the places that they are used at. A kernel at 64 places makes 64 multiply-adds of each weight, and at 16 places 16.',
          zh: '计算量是权重数乘以它们被使用的位置数。卷积核用在 64 个位置上，每个权重就有 64 次乘加；用在 16 个位置上，就只有 16 次。',
        },
      },
    ],
  },
];
