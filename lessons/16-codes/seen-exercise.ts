import type { Mistake } from '#lib/notebook/mistakes.ts';

/** A picture that is written row by row. */
export interface SeenAsked {
  /** Places a side, text tokens, and the place that is asked about, counted from 0. */
  readonly side: number;
  readonly text: number;
  readonly place: number;
}

/** The first is this lesson's. */
export const ASKED: readonly SeenAsked[] = [
  { side: 8, text: 16, place: 27 },
  { side: 4, text: 8, place: 5 },
  { side: 16, text: 16, place: 100 },
  { side: 16, text: 77, place: 255 },
];

/**
 * How many tokens the code of a place is chosen from, and how many go through the network for a whole picture with a cache;
 * with the usual ways to miss them. One token stands for the style, and the last code is never read.
 */
export function seenTask({ side, text, place }: SeenAsked): {
  readonly seen: number;
  readonly through: number;
  readonly mistakes: readonly Mistake[];
} {
  const codes = side * side;
  const seen = text + 1 + place;
  const tokens = text + codes;
  const through = tokens + codes - 1;
  const first =
    (number: number): Mistake['when'] =>
    ([given]) =>
      given === number && given !== seen;
  const second =
    (number: number): Mistake['when'] =>
    ([, given]) =>
      given === number && given !== through;
  return {
    seen,
    through,
    mistakes: [
      {
        when: first(place),
        say: {
          en: 'Those are the codes before it. Text and style are tokens of the sequence, too.',
          zh: '这只是它前面的码字。文本和画风也是序列里的词元。',
        },
      },
      {
        when: first(text + place),
        say: {
          en: 'One token is missing: that of the style, between the text and the codes.',
          zh: '少了一个词元：文本和码字之间还有画风词元。',
        },
      },
      {
        when: first(text + 2 + place),
        say: {
          en: 'The code itself is not there yet. It is read from the token of the code before it, or of the style.',
          zh: '这个码字本身还没有写出。它是从前一个码字（或画风）的词元读出的。',
        },
      },
      {
        when: second(codes * tokens),
        say: {
          en: 'That is what every token anew for every code would come to. With a cache only the first pass takes the whole sequence.',
          zh: '这是每写一个码字都全部重算的结果。使用缓存时，只有第一次计算才送入整个序列。',
        },
      },
      {
        when: second(tokens + codes),
        say: {
          en: 'One too many: the first pass already gives the first code, so one pass fewer than there are codes follows.',
          zh: '多了一个：第一次计算已经得出第一个码字，所以后面的计算次数比码字数少一次。',
        },
      },
      {
        when: second(codes),
        say: {
          en: 'The first pass takes the whole sequence, text and style among it, and not a single token.',
          zh: '第一次计算送入的是整个序列，包括文本和画风，而不是一个词元。',
        },
      },
    ],
  };
}
