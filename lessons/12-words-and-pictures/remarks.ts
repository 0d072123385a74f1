import type { Text } from '#lib/base/lang.ts';
import { SPECIAL, type EncodedText, type Tokenizer } from '#lib/text/tokenizer.ts';

/** What there is to say of a typed text before its ranking is believed. */
export type Remark = 'empty' | 'cut' | 'bytes' | 'mixed';

/** Part of a text's tokens that are single bytes from which it counts as unknown. */
const MANY = 0.5;
const HAN = /\p{Script=Han}/u;
const LATIN = /\p{Script=Latin}/u;

/** The tokens that a row holds of the text itself. */
export const ownTokens = (row: EncodedText): readonly number[] =>
  row.ids.slice(0, row.length).filter((id) => id !== SPECIAL.start && id !== SPECIAL.end);

/** How many of a text's tokens are single bytes, which no merge and no Chinese character covers. */
export function byteTokens(row: EncodedText, tokenizer: Tokenizer): number {
  return ownTokens(row).filter((id) => tokenizer.kind(id) === 'byte' && tokenizer.label(id).trim() !== '')
    .length;
}

/** What holds of a text, the gravest first. */
export function remarksOn(text: string, row: EncodedText, tokenizer: Tokenizer): readonly Remark[] {
  const own = ownTokens(row).length;
  if (own === 0) return ['empty'];
  const found: Remark[] = [];
  if (row.cut) found.push('cut');
  if (byteTokens(row, tokenizer) > MANY * own) found.push('bytes');
  if (HAN.test(text) && LATIN.test(text)) found.push('mixed');
  return found;
}

/** The sentence of each remark. */
export const REMARKS: Readonly<Record<Remark, (row: EncodedText) => Text>> = {
  empty: () => ({
    en: 'No words: the tower reads a beginning and an end. It answers with a direction all the same, but nobody has asked for anything, so the ranking below means nothing.',
    zh: '没有文字：文本塔只读到开头和结尾。它仍然给出一个方向，但没有人问过什么，所以下面的排序没有意义。',
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
