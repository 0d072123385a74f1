import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** Why positives alone collapse, and what a loss of 0 then says. */
export const COLLAPSE_QUESTIONS: readonly {
  readonly question: Text;
  readonly options: readonly Option[];
}[] = [
  {
    question: {
      en: 'Only positives are pulled together. Why is the best solution of no use?',
      zh: '只把正样本拉近。为什么最优的解没有用处？',
    },
    options: [
      {
        text: {
          en: 'One vector for every input has a loss of 0 and says nothing of any input.',
          zh: '对所有输入给出同一个向量，损失为 0，却没有说出任何输入的信息。',
        },
        right: true,
        say: {
          en: 'The demand “alike” is met without looking. Something must forbid that everything is alike.',
          zh: '“要相同”这个要求，不看输入就能满足。必须有别的东西禁止“一切都相同”。',
        },
      },
      {
        text: {
          en: 'The loss never gets to 0, because two views always differ.',
          zh: '损失永远到不了 0，因为两个视图总有差别。',
        },
        say: {
          en: 'The views differ, their embeddings need not: an encoder may leave out everything in which they differ, and everything else too.',
          zh: '视图有差别，嵌入却不必有：编码器可以丢掉它们的差别，也可以丢掉其余的一切。',
        },
      },
      {
        text: {
          en: 'It needs more pictures: with few, the encoder learns them by heart.',
          zh: '图片不够多：图片少时，编码器会把它们背下来。',
        },
        say: {
          en: 'More pictures change nothing. One vector for all of them still has a loss of 0.',
          zh: '图片再多也一样。对全部图片给出同一个向量，损失仍然是 0。',
        },
      },
    ],
  },
  {
    question: {
      en: 'Two encoders: A has a loss of 0.00 with positives alone, B one of 2.97 with negatives. Which is the better one?',
      zh: '两个编码器：A 只用正样本，损失 0.00；B 用负样本，损失 2.97。哪个更好？',
    },
    options: [
      {
        text: {
          en: 'The losses do not say: they ask for different things.',
          zh: '从损失看不出来：两者的要求不同。',
        },
        right: true,
        say: {
          en: 'Look at the embeddings: their effective rank, or whether things of one group lie together.',
          zh: '要看嵌入本身：有效秩是多少，同一组的对象是否在一起。',
        },
      },
      {
        text: { en: 'A, because 0 is the least there is.', zh: 'A，因为 0 是最小值。' },
        say: {
          en: 'It is the least of another loss. The collapsed encoder on the stage reaches it.',
          zh: '那是另一种损失的最小值。舞台上坍缩了的编码器就达到了它。',
        },
      },
      {
        text: {
          en: 'B, because a larger loss always means a harder task.',
          zh: 'B，因为损失越大，任务就越难。',
        },
        say: {
          en: 'A large loss may as well come of a bad encoder. Of two different losses neither size says anything.',
          zh: '损失大也可能只是编码器不好。两种不同的损失，大小不能比较。',
        },
      },
    ],
  },
];
