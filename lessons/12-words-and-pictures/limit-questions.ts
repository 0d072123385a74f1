import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** A question of the lesson with its answers. */
export interface Question {
  readonly question: Text;
  readonly options: readonly Option[];
}

/** What a change of the training or of the question would do. */
export const QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'Which batch would punish a text tower that takes “a dog on a horse” and “a horse on a dog” for the same?',
      zh: '如果文本塔把“狗在马上面”和“马在狗上面”当成一回事，怎样的一批数据会惩罚它？',
    },
    options: [
      {
        text: {
          en: 'One that holds both texts, each with its own picture.',
          zh: '同时含有这两段文字、并各配一张图片的一批。',
        },
        right: true,
        say: {
          en: 'Only then is one of them a wrong answer to the other’s picture. Equal vectors share the probability, and each pair loses at least ln 2.',
          zh: '只有这样，其中一段文字才是另一张图片的错误答案。两个向量相同，就会平分概率，每一对的损失至少是 ln 2。',
        },
      },
      {
        text: {
          en: 'A larger one: more texts are more negatives.',
          zh: '更大的一批：文字越多，负样本越多。',
        },
        say: {
          en: 'More texts of other things are told apart by their words alone. What counts is whether the twin is among them; in a larger batch that is likelier, but still rare.',
          zh: '讲别的事物的文字再多，只看词就能区分。关键在于语序相反的句子是否在其中：批次大一些，机会多一些，但仍然很少。',
        },
      },
      {
        text: {
          en: 'Any: a causal transformer reads words in their order.',
          zh: '任何一批都行：因果 Transformer 本来就按顺序读词。',
        },
        say: {
          en: 'It can read the order. Whether it learns to is up to the loss, and the loss must ask for it.',
          zh: '它能够读出顺序，但是否学会取决于损失；损失必须提出这个要求。',
        },
      },
    ],
  },
  {
    question: {
      en: 'All cosines are multiplied by 10 instead of by the learned scale. What happens to the first place of a zero-shot answer?',
      zh: '余弦改为乘以 10，而不是学得的缩放系数。零样本分类的第一名会怎样？',
    },
    options: [
      {
        text: { en: 'It stays; only the probabilities change.', zh: '不变，变的只是概率。' },
        right: true,
        say: {
          en: 'A positive factor keeps the order, and softmax keeps it too. How sure the answer sounds depends on the scale.',
          zh: '乘以正数不改变次序，softmax 也不改变次序。缩放系数只决定回答显得多有把握。',
        },
      },
      {
        text: {
          en: 'It may change, because softmax is not linear.',
          zh: '可能改变，因为 softmax 不是线性的。',
        },
        say: {
          en: 'Not linear, but increasing: the largest logit has the largest share at every scale.',
          zh: 'softmax 虽不是线性的，却是单调的：不论缩放系数多大，最大的 logit 概率都最大。',
        },
      },
      {
        text: { en: 'It becomes the right one more often.', zh: '会更常是正确的。' },
        say: {
          en: 'No information has been added. The order of the cosines is the same.',
          zh: '并没有增加任何信息，余弦的次序还是原来的次序。',
        },
      },
    ],
  },
  {
    question: {
      en: '“A photo of a crane” and “a drawing of a crane”: why average several sentences about one label?',
      zh: '“一张鹤的照片”、“照片里有鹤”：为什么要把同一标签的几个句子取平均？',
    },
    options: [
      {
        text: {
          en: 'What differs from sentence to sentence is averaged away; what they share, the label, stays.',
          zh: '各句不同的部分在平均中抵消，共有的部分，也就是标签，保留下来。',
        },
        right: true,
        say: {
          en: 'It costs nothing later: the mean is one vector for each label, computed once.',
          zh: '以后也不多花计算：每个标签只有一个平均向量，算一次即可。',
        },
      },
      {
        text: { en: 'The mean is longer, so its logits are larger.', zh: '平均向量更长，logit 也更大。' },
        say: {
          en: 'The mean of different directions is shorter than 1. It is brought back to length 1, so that length plays no part.',
          zh: '不同方向的平均向量长度小于 1。它会被重新归一化到长度 1，长度不起作用。',
        },
      },
      {
        text: { en: 'Each sentence is one more label to choose.', zh: '每个句子多给了一个可选的标签。' },
        say: {
          en: 'There are as many answers as before. Only the vector that stands for each has changed.',
          zh: '可选的答案数没有变，变的只是代表每个标签的向量。',
        },
      },
    ],
  },
];
