/** A word of a text: what it is, and from where to where it stands. */
export interface WordIn {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** The words of a text in either language, as the browser's own rules cut it. */
export function wordsOf(text: string, lang: string): readonly WordIn[] {
  const words: WordIn[] = [];
  for (const { segment, index, isWordLike } of new Intl.Segmenter(lang, { granularity: 'word' }).segment(
    text,
  ))
    if (isWordLike) words.push({ word: segment, from: index, to: index + segment.length });
  return words;
}

/** The text without one of its words, blanks put in order. */
export function withoutWord(text: string, { from, to }: WordIn): string {
  return `${text.slice(0, from)}${text.slice(to)}`.replace(/\s+/g, ' ').trim();
}
