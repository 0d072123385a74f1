import type { Question } from './question.ts';

/** What makes a set of the answers, and what happens without it. */
export const SET_QUESTIONS: readonly Question[] = [
  {
    question: {
      en: 'A colleague trains a DETR without self-attention among the queries from the beginning, with the same matching and loss. What will its answers look like?',
      zh: '有人从头训练一个 DETR，查询之间没有自注意力，匹配和损失不变。它的答案会是什么样？',
    },
    options: [
      {
        text: {
          en: 'Objects will be found twice more often, since a query cannot know what another one answers.',
          zh: '物体更常被重复找到，因为查询无法知道别的查询回答了什么。',
        },
        right: true,
        say: {
          en: 'Each query can only learn to look at its own kinds of places and sizes. Where two of them fit an object equally well, nothing tells one of them to be silent.',
          zh: '每个查询只能学会看某些位置和大小。若有两个查询同样适合一个物体，没有任何机制使其中一个不作答。',
        },
      },
      {
        text: {
          en: 'The same, because the loss punishes doubles anyway.',
          zh: '一样，因为损失总会惩罚重复。',
        },
        say: {
          en: 'The loss does punish them. But a query that does not see the others has no way to tell when it is the double.',
          zh: '损失确实会惩罚重复。但看不到其他查询的查询，无从判断自己什么时候是重复的那个。',
        },
      },
      {
        text: {
          en: 'All queries will give the same answer.',
          zh: '所有查询都会给出同样的答案。',
        },
        say: {
          en: 'Their learned vectors still differ, so each looks elsewhere. They are the same only where the vectors are.',
          zh: '它们学到的向量仍然不同，各自看的地方也不同。只有向量相同时，答案才会相同。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Two foxes stand so close that their boxes overlap by an IoU of 0.6. Non-maximum suppression runs with a threshold of 0.5. What comes out?',
      zh: '两只狐狸靠得很近，它们的框的交并比是 0.6。用阈值 0.5 做非极大值抑制，会得到什么？',
    },
    options: [
      {
        text: { en: 'One fox: the surer one.', zh: '一只狐狸：更有把握的那只。' },
        right: true,
        say: {
          en: 'The rule knows boxes, not pictures. It cannot tell a double from a neighbour, and that is its price wherever the threshold lies.',
          zh: '这条规则只看框，不看图片，分不清重复和近邻。无论阈值取在哪里，这都是它的不足。',
        },
      },
      {
        text: {
          en: 'Two foxes, because there are two.',
          zh: '两只狐狸，因为确实有两只。',
        },
        say: {
          en: 'How should the rule know? It sees two boxes of one class that overlap by more than 0.5.',
          zh: '规则无从知道：它看到的只是同一类别的两个框，重叠超过 0.5。',
        },
      },
      {
        text: {
          en: 'None: they suppress each other.',
          zh: '一只也没有：它们互相抑制。',
        },
        say: {
          en: 'Of boxes that overlap the surest always stays.',
          zh: '重叠的框里，最有把握的总会留下。',
        },
      },
    ],
  },
];
