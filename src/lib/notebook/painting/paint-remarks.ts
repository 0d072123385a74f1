import type { Text } from '#lib/base/lang.ts';
import type { Remark } from '#lib/text/remarks.ts';

/**
 * What is said of a typed text beside its painting.
 * @param told tokens of a text that the painter is told, the two at its ends among them
 */
export const paintRemarks = (told: number): Readonly<Record<Remark, Text>> => ({
  empty: {
    en: 'No words: the network is told the empty text, with which it was trained to paint any sign at all. Which sign comes is up to the seed.',
    zh: '没有文字：网络得到的是空文本。训练时它用空文本学过画任意符号，所以画什么由种子决定。',
  },
  cut: {
    en: `Too long: the network is told the first ${told} tokens of a text, because no name it was trained on is longer. What comes after them changes nothing.`,
    zh: `文字太长：网络只读入前 ${told} 个词元，因为训练用的名称都没有更长的。后面的文字不起作用。`,
  },
  bytes: {
    en: 'More than half of the tokens are single bytes: neither the tokenizer nor the networks ever met this word, so the picture shows what its spelling happens to resemble.',
    zh: '超过一半的词元是单个字节：分词器和网络都没见过这个词，画出来的只是与它拼写碰巧相近的东西。',
  },
  mixed: {
    en: 'Two languages in one text: every text of the training was in one of them, so one of the words may drown the other.',
    zh: '一段文字里有两种语言：训练用的每段文字都只用一种语言，所以其中一个词可能盖过另一个。',
  },
});
