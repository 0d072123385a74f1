import type { Text } from '#lib/base/lang.ts';

const EMPTY: Text = { en: 'an empty text', zh: '空文本' };
const TWO: Text = { en: 'two texts', zh: '两段文字' };
/** Characters that the line of what is computed has for words: on a small stage it is one short line. */
const MOST = 26;

function quoted(text: string): Text {
  const said = [...text.trim()];
  if (said.length === 0) return EMPTY;
  const short = `“${said.slice(0, MOST).join('').trim()}${said.length > MOST ? '…' : ''}”`;
  return { en: short, zh: short };
}

/**
 * What is being painted, in few words: one text cut to 26 characters; two texts by their words where both are short.
 * @param texts one text, or the two that are painted from one noise
 */
export function askedWords(...texts: readonly [string] | readonly [string, string]): Text {
  const [first, second] = [quoted(texts[0]), texts[1] === undefined ? undefined : quoted(texts[1])];
  if (!second) return first;
  if (first.en.length + second.en.length > MOST) return TWO;
  return { en: `${first.en} and ${second.en}`, zh: `${first.zh}与${second.zh}` };
}
