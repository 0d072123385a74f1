import type { Text } from '#lib/base/lang.ts';
import type { Placement } from '#lib/pictures/sign-sheet.svelte.ts';

/** What is tested with two texts and two pictures, the first text true of the first picture alone. */
export const TWINS = ['no', 'count', 'order'] as const;
export type Twin = (typeof TWINS)[number];

/** Two texts that a reader tells apart at once, the pictures that they are true of, and a text about neither. */
export interface TwinTest {
  readonly texts: readonly [Text, Text];
  readonly pictures: readonly [readonly Placement[], readonly Placement[]];
  /** Compared with the first text, to tell what a small cosine is. */
  readonly other: Text;
  /** The word that makes the difference. */
  readonly word: Text;
}

const DOG = '1F415';
const HORSE = '1F40E';
const CAT = '1F408';
const APPLE = '1F34E';

const alone = (sign: string): readonly Placement[] => [{ sign, x: 0.1, y: 0.1, size: 0.8 }];
const over = (upper: string, lower: string): readonly Placement[] => [
  { sign: upper, x: 0.27, y: 0.03, size: 0.46 },
  { sign: lower, x: 0.23, y: 0.43, size: 0.55 },
];

export const TESTS: Readonly<Record<Twin, TwinTest>> = {
  no: {
    texts: [
      { en: 'a dog', zh: '狗' },
      { en: 'no dog', zh: '没有狗' },
    ],
    pictures: [alone(DOG), alone(CAT)],
    other: { en: 'a car', zh: '汽车' },
    word: { en: 'no', zh: '没有' },
  },
  count: {
    texts: [
      { en: 'one apple', zh: '一个苹果' },
      { en: 'three apples', zh: '三个苹果' },
    ],
    pictures: [
      alone(APPLE),
      [
        { sign: APPLE, x: 0.29, y: 0.06, size: 0.42 },
        { sign: APPLE, x: 0.05, y: 0.5, size: 0.42 },
        { sign: APPLE, x: 0.53, y: 0.5, size: 0.42 },
      ],
    ],
    other: { en: 'a car', zh: '汽车' },
    word: { en: 'three', zh: '三个' },
  },
  order: {
    texts: [
      { en: 'a dog on a horse', zh: '狗在马上面' },
      { en: 'a horse on a dog', zh: '马在狗上面' },
    ],
    pictures: [over(DOG, HORSE), over(HORSE, DOG)],
    other: { en: 'a car', zh: '汽车' },
    word: { en: 'on', zh: '上面' },
  },
};

/** Cosines of two texts with two pictures: `[text][picture]`. */
export type TwinCosines = readonly [readonly [number, number], readonly [number, number]];

/** Whether the right text, and the right picture, is chosen (Thrush et al. 2022: text score, image score, group score). */
export interface TwinScores {
  /** Of each picture, whether its own text is nearer than the other one. */
  readonly ofPictures: readonly [boolean, boolean];
  /** Of each text, whether its own picture is nearer. */
  readonly ofTexts: readonly [boolean, boolean];
  /** All four. */
  readonly all: boolean;
}

/** Scores two texts and two pictures; what is equal counts as not told apart. */
export function twinScores([[aa, ab], [ba, bb]]: TwinCosines): TwinScores {
  const ofPictures = [aa > ba, bb > ab] as const;
  const ofTexts = [aa > ab, bb > ba] as const;
  return { ofPictures, ofTexts, all: [...ofPictures, ...ofTexts].every(Boolean) };
}

/** How many phrases have a word: an English one as a whole word, a Chinese one anywhere. */
export function phrasesWith(phrases: readonly string[], word: string): number {
  const wanted = word.toLowerCase();
  const whole = !/\p{Script=Han}/u.test(wanted);
  return phrases.filter((phrase) => {
    const text = phrase.toLowerCase();
    return whole ? text.split(/[^\p{L}\p{N}]+/u).includes(wanted) : text.includes(wanted);
  }).length;
}
