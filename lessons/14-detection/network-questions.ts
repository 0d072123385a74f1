import type { Question } from './question.ts';

/** Which network a tensor is from. */
export const NETWORK_QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'In a network you find attention weights of the shape 8 × 100 × 850. What is it?',
      zh: '在一个网络里找到形状为 8 × 100 × 850 的注意力权重。这是什么？',
    },
    options: [
      {
        text: {
          en: 'Cross-attention of a DETR: 100 queries look at 850 places, in 8 heads.',
          zh: 'DETR 的交叉注意力：100 个查询看 850 个位置，8 个头。',
        },
        right: true,
        say: {
          en: 'Only cross-attention has rows of one kind and columns of another. 850 = 25 × 34 are the places of a ResNet’s map of 800 × 1,066 pixels.',
          zh: '只有交叉注意力的行和列属于不同的序列。850 = 25 × 34，是 800 × 1,066 像素的图片经 ResNet 得到的特征图的位置数。',
        },
      },
      {
        text: {
          en: 'Attention of a ViT with 850 patches.',
          zh: '有 850 个图像块的 ViT 的注意力。',
        },
        say: {
          en: 'There everybody looks at everybody: rows and columns would be equally many, with the class token 851.',
          zh: '那里所有词元互相看，行数和列数相同，算上分类词元是 851。',
        },
      },
      {
        text: {
          en: 'Attention of a YOLOS with 100 detection tokens.',
          zh: '有 100 个检测词元的 YOLOS 的注意力。',
        },
        say: {
          en: 'Its detection tokens stand in one sequence with the patches: a square matrix over all of them.',
          zh: '它的检测词元与图像块排在同一个序列里，注意力是包含全部词元的方阵。',
        },
      },
    ],
  },
  {
    question: {
      en: 'You are given the values of a layer’s attention (v) in a DETR for an even grey picture. All 850 rows are nearly the same. Is something broken?',
      zh: '给 DETR 一张均匀的灰色图片，某一层注意力的值（v）的 850 行几乎相同。是不是出了问题？',
    },
    options: [
      {
        text: {
          en: 'No: positions are added to queries and keys alone, so values know only what the features say.',
          zh: '没有：位置编码只加到查询和键上，值只包含特征图的内容。',
        },
        right: true,
        say: {
          en: 'Positions decide who looks where. What is taken from there is the feature without its place. A ResNet’s padded borders leave a trace of the place even so.',
          zh: '位置编码决定谁看哪里，从那里取来的是不带位置的特征。不过 ResNet 的边缘填充仍会留下一些位置的痕迹。',
        },
      },
      {
        text: {
          en: 'Yes: the positions must have been forgotten.',
          zh: '是的：一定是忘了加位置编码。',
        },
        say: {
          en: 'That would be right for a ViT, whose tokens carry their positions from the input on. DETR adds them elsewhere.',
          zh: '对 ViT 来说是这样，它的词元从输入起就带有位置编码。DETR 加在别的地方。',
        },
      },
      {
        text: {
          en: 'Yes: a ResNet gives different features at different places.',
          zh: '是的：ResNet 在不同位置会给出不同的特征。',
        },
        say: {
          en: 'A convolution gives the same wherever it sees the same. On an even picture that is everywhere, but for the borders.',
          zh: '卷积在看到相同内容的地方给出相同的结果。在均匀的图片上，除了边缘处处相同。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Which of the three networks can answer with a number of objects that differs from picture to picture?',
      zh: '三个网络中，哪些能对不同的图片给出不同数目的物体？',
    },
    options: [
      {
        text: { en: 'DETR and YOLOS.', zh: 'DETR 和 YOLOS。' },
        right: true,
        say: {
          en: 'Both give a fixed number of rows of which any may say “no object”. The number of the others is the answer’s size.',
          zh: '两者都给出固定数目的行，每一行都可以回答“无物体”，其余各行的数目就是答案的大小。',
        },
      },
      {
        text: { en: 'DETR alone, since it has a decoder.', zh: '只有 DETR，因为它有解码器。' },
        say: {
          en: 'The decoder is not what makes the set: YOLOS reads its answers off tokens of the encoder.',
          zh: '集合并不来自解码器：YOLOS 从编码器的词元上读出答案。',
        },
      },
      {
        text: {
          en: 'All three: a ViT can name several classes of high probability.',
          zh: '三个都能：ViT 可以说出好几个概率高的类别。',
        },
        say: {
          en: 'Its probabilities share out a sum of 1 among classes of one answer. Two foxes are one class to it, and where they are it does not say.',
          zh: '它的概率是在一个答案的各个类别之间分配总和 1。两只狐狸对它只是一个类别，而且它不说在哪里。',
        },
      },
    ],
  },
];
