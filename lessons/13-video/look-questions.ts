import type { Question } from './question.ts';

/** Who looks at whom in the four ways, and what that costs in sight. */
export const LOOK_QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'Two balls cross in the picture, and the label is which of them was in front when they met. In which of the four ways is it hardest to carry that to the answer?',
      zh: '两个球在画面中交错而过，标签是相遇时哪一个在前面。四种方式中，哪一种最难把这个信息带到答案里？',
    },
    options: [
      {
        text: { en: 'Two encoders.', zh: '两个编码器。' },
        right: true,
        say: {
          en: 'Moments meet only as one token each. What lay where must have been packed into it before anybody knew that it would matter.',
          zh: '各时刻相互作用时，每个时刻只剩一个词元。什么东西在哪里，必须在还不知道是否重要时就写进这个词元。',
        },
      },
      {
        text: {
          en: 'Space, then time: the balls change their places.',
          zh: '先空间后时间，因为球的位置变了。',
        },
        say: {
          en: 'A ball that moves is at another place, true. But its old place is asked over time, and space passes it on within the same block.',
          zh: '球动了，位置确实变了。但同一位置的各时刻可以互相看，而在同一层里空间注意力又把信息传开。',
        },
      },
      {
        text: { en: 'All together: there are too many tokens.', zh: '时空联合，因为词元太多。' },
        say: {
          en: 'Many tokens cost much. But here each can look at every other directly, so nothing stands in the way.',
          zh: '词元多，开销就大。但这里每个词元都能直接看到其他词元，没有什么阻碍。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Model 4 has as many weights as model 1, and model 3 has 28 million more. Why?',
      zh: '模型 4 的权重与模型 1 一样多，模型 3 却多出 2,800 万。为什么？',
    },
    options: [
      {
        text: {
          en: 'Each block of model 3 has a second attention with projections of its own; model 4 divides the heads it has.',
          zh: '模型 3 的每一层有第二个注意力，带有自己的投影；模型 4 只是把原有的头分成两半。',
        },
        right: true,
        say: {
          en: 'Queries, keys, values and the output are four matrices of 768 × 768, and there are twelve blocks: 28 million.',
          zh: '查询、键、值和输出共四个 768 × 768 的矩阵，共十二层，约 2,800 万。',
        },
      },
      {
        text: { en: 'Model 3 has more tokens.', zh: '模型 3 的词元更多。' },
        say: {
          en: 'It has one fewer, the class token. And the number of tokens changes the work, not the matrices.',
          zh: '它还少一个分类词元。而且词元数改变的是运算量，不是矩阵。',
        },
      },
      {
        text: { en: 'Model 3 has a second encoder.', zh: '模型 3 有第二个编码器。' },
        say: {
          en: 'That is model 2. In model 3 every block attends twice.',
          zh: '那是模型 2。模型 3 是每一层做两次注意力。',
        },
      },
    ],
  },
  {
    question: {
      en: 'In which of the ways can a token of the last moment have been changed by the lower left corner of the first after one block?',
      zh: '哪些方式中，经过一层之后，最后一个时刻的词元就可能受到第一个时刻左下角的影响？',
    },
    options: [
      {
        text: { en: 'All together, and space, then time.', zh: '时空联合，以及先空间后时间。' },
        right: true,
        say: {
          en: 'Together it looks there directly. In model 3 the first moment is gathered at every place, and passed on over time right after.',
          zh: '时空联合可以直接看到。模型 3 先在第一个时刻之内收集到每个位置，随后沿时间传过来。',
        },
      },
      {
        text: { en: 'In all four.', zh: '四种都可以。' },
        say: {
          en: 'Divided heads look over space and over time at once, so the corner’s news comes one block later; two encoders never bring it to a token.',
          zh: '按头分工同时看空间和时间，角上的信息要晚一层才到；两个编码器里，词元始终得不到它。',
        },
      },
      {
        text: { en: 'Only all together.', zh: '只有时空联合。' },
        say: {
          en: 'Model 3 has two attentions in a block, one after the other. Follow both.',
          zh: '模型 3 的一层里有先后两次注意力，请把两次都走一遍。',
        },
      },
    ],
  },
];
