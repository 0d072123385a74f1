import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** A question of the lesson with its answers. */
export interface Question {
  readonly question: Text;
  readonly options: readonly Option[];
}

/** Why so much can be hidden, what the losses count, and what a mask token knows. */
export const QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'With 10 % of the patches hidden, straight lines come closer than the model. What does that say about training at 10 %?',
      zh: '遮住 10 % 时，直线插值比模型更接近原图。由此可以怎样评价遮住 10 % 的训练？',
    },
    options: [
      {
        text: {
          en: 'Most of the task can be solved from the nearest pixels, so there is little reason to learn what things look like.',
          zh: '任务大半可以靠最近的像素完成，因此网络没有多少必要去学习事物的样子。',
        },
        right: true,
        say: {
          en: 'A hidden patch then has seen ones on nearly every side. Hiding more takes the easy way out.',
          zh: '这时被遮住的图像块四周几乎都有可见的图像块。遮得更多，就堵住了这条捷径。',
        },
      },
      {
        text: {
          en: 'Training at 10 % would be better, because the error is smaller.',
          zh: '用 10 % 训练更好，因为误差更小。',
        },
        say: {
          en: 'A small error says that the task is easy, not that something was learned by it.',
          zh: '误差小只说明任务容易，不说明从中学到了东西。',
        },
      },
      {
        text: {
          en: 'Transformers cannot interpolate.',
          zh: 'Transformer 不会插值。',
        },
        say: {
          en: 'Nothing keeps one from it. This one has been trained at 75 %, where neighbours are rare.',
          zh: 'Transformer 完全可以学会插值。这个模型是在遮住 75 % 的情况下训练的，那时很少有可见的相邻图像块。',
        },
      },
    ],
  },
  {
    question: {
      en: 'A smooth patch of sky and a patch of leaves are both painted with half of their contrast missing. Which counts for more in a loss on normalised pixels?',
      zh: '一个平坦的天空图像块和一个树叶图像块，重建时都少了一半的对比度。以归一化像素为目标时，哪一个在损失里更重要？',
    },
    options: [
      {
        text: { en: 'Both alike.', zh: '同样重要。' },
        right: true,
        say: {
          en: 'Divided by its own deviation each is off by the same amount. In plain pixels the leaves would count for far more.',
          zh: '各自除以自己的标准差之后，偏差相同。以普通像素为目标时，树叶要重要得多。',
        },
      },
      {
        text: { en: 'The leaves: their pixels are further off.', zh: '树叶，因为它的像素差得更多。' },
        say: {
          en: 'In plain pixels, yes. Normalised, each difference is measured in deviations of its own patch.',
          zh: '以普通像素为目标时是这样。归一化之后，差别以各图像块自己的标准差来衡量。',
        },
      },
      {
        text: { en: 'The sky: there is more of it in pictures.', zh: '天空，因为图片里天空更多。' },
        say: {
          en: 'The question is of one patch each. How many there are does not change what one of them counts for.',
          zh: '这里各只有一个图像块。数目多少不改变其中一个有多重要。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Two hidden patches far from each other: what do their tokens differ in when they enter the decoder?',
      zh: '两个相距很远的被遮住的图像块，它们的词元进入解码器时有什么不同？',
    },
    options: [
      {
        text: { en: 'Only in the position that was added.', zh: '只有加上的位置编码不同。' },
        right: true,
        say: {
          en: 'Before that both are the same mask token. What is to be painted they find out from the seen patches, by attention.',
          zh: '在此之前，两者是同一个掩码词元。要重建什么，靠注意力从可见的图像块得知。',
        },
      },
      {
        text: {
          en: 'In what the encoder has kept of the hidden pixels.',
          zh: '编码器所保留的被遮住像素的信息不同。',
        },
        say: {
          en: 'The encoder never had the hidden patches. What it has of them it could only guess.',
          zh: '编码器从未得到被遮住的图像块，对它们只能猜测。',
        },
      },
      {
        text: {
          en: 'Each place has a mask token of its own.',
          zh: '每个位置都有自己的掩码词元。',
        },
        say: {
          en: 'There is one vector for all. A copy of it stands in every hidden place.',
          zh: '所有位置共用一个向量，每个被遮住的位置放一个副本。',
        },
      },
    ],
  },
];
