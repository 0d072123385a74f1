import type { Lang } from './lang.ts';

/**
 * A heading in the pieces a line may break between. Chinese has no spaces, so a browser breaks anywhere, in the
 * middle of a word too; `Intl.Segmenter` knows the words. Punctuation stays with the word before it.
 * Other languages, and browsers without a segmenter, get the text in one piece.
 */
export function phrases(text: string, lang: Lang): string[] {
  if (lang !== 'zh' || typeof Intl.Segmenter === 'undefined') return [text];
  const pieces: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) {
    const last = pieces.length - 1;
    if (last >= 0 && !isWordLike) pieces[last] += segment;
    else pieces.push(segment);
  }
  return pieces;
}
