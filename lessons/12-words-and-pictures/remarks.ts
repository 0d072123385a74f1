import type { Text } from '#lib/base/lang.ts';
import type { Remark } from '#lib/text/remarks.ts';
import type { EncodedText } from '#lib/text/tokenizer.ts';

/** The sentence of each remark. */
export const REMARKS: Readonly<Record<Remark, (row: EncodedText) => Text>> = {
  empty: () => ({
    en: 'No words: the tower reads a beginning and an end. It answers with a direction all the same, but nobody has asked for anything, so the ranking below means nothing.',
    zh: '没有文字：文本塔只读到开头和结尾。它仍然给出一个方向，但输入中没有问题，所以下面的排序没有意义。',
  }),
  cut: (row) => ({
    en: `Longer than a row of ${row.ids.length} tokens: what comes after the last token shown is not read, because the text tower has positions for no more.`,
    zh: `超过一行 ${row.ids.length} 个词元：最后一个词元之后的内容没有读入，因为文本塔只有这么多位置。`,
  }),
  bytes: () => ({
    en: 'More than half of the tokens are single bytes: the tokenizer never met this word, and the tower learned nothing about it. It can only guess from the spelling.',
    zh: '超过一半的词元是单个字节：分词器从没见过这个词，文本塔也没有学过它，只能凭拼写来猜。',
  }),
  mixed: () => ({
    en: 'Two languages in one text: each text of the training was in one of them, so the tower has never read a mixture, and one of the two words may drown the other.',
    zh: '一段文本里有两种语言：训练用的每段文本都只用一种语言，文本塔没有读过混合的文本，其中一个词可能盖过另一个。',
  }),
};
