import { SPECIAL, type EncodedText, type Tokenizer } from './tokenizer.ts';

/** What there is to say of a typed text before a network's answer to it is believed. */
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

/**
 * What holds of a text, the gravest first.
 * @param most tokens that are read of a row; by default all
 */
export function remarksOn(
  text: string,
  row: EncodedText,
  tokenizer: Tokenizer,
  most = row.ids.length,
): readonly Remark[] {
  const own = ownTokens(row).length;
  if (own === 0) return ['empty'];
  const found: Remark[] = [];
  if (row.cut || row.length > most) found.push('cut');
  if (byteTokens(row, tokenizer) > MANY * own) found.push('bytes');
  if (HAN.test(text) && LATIN.test(text)) found.push('mixed');
  return found;
}
