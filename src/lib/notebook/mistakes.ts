import type { Text } from '#lib/base/lang.ts';

/** A usual mistake in an exercise: a sentence that names it is worth more than “look again”. */
export interface Mistake {
  /**
   * Whether wrong numbers come of it.
   * @param given the numbers typed in, in the order of the fields; never NaN
   * @param right the right ones, in the same order
   */
  readonly when: (given: readonly number[], right: readonly number[]) => boolean;
  /** What was done, and what is to be done instead; without the answer itself. */
  readonly say: Text;
}

/**
 * The first of the mistakes that wrong numbers come of; undefined where none is recognised.
 * @param right the right numbers, in the order of `given`: no mistake is found in what is right
 */
export function mistakeIn(
  mistakes: readonly Mistake[],
  given: readonly number[],
  right: readonly number[] = [],
): Mistake | undefined {
  if (are(given, right)) return undefined;
  return mistakes.find(({ when }) => when(given, right));
}

/** Whether a number stands where another is right. */
const amiss = (n: number, given: readonly number[], right: readonly number[]) =>
  given.some((g, i) => g === n && g !== right[i]);

/** Whether all numbers are these, each to within `within`. */
export function are(given: readonly number[], numbers: readonly number[], within = 0): boolean {
  return given.length === numbers.length && given.every((n, i) => Math.abs(n - numbers[i]!) <= within);
}

/** The right numbers in another order. */
export const otherOrder = (right: readonly number[]): Mistake => ({
  when: (given) =>
    !are(given, right) &&
    are(
      given.toSorted((a, b) => a - b),
      right.toSorted((a, b) => a - b),
    ),
  say: {
    en: 'The numbers are right and stand in another order. Read the names in the fields: each number belongs to one of them.',
    zh: '这几个数都对，但次序不对。请看框里的名称：每个数各有自己的位置。',
  },
});

/** Among the numbers stands the count of patches, where that of all tokens is meant. */
export const forgottenCls = (patches: number): Mistake => ({
  when: (given, right) => amiss(patches, given, right),
  say: {
    en: 'You have counted the patches. The class token is one more row: it stands in front of them.',
    zh: '你数的是图像块。分类词元还占一行：它排在所有图像块之前。',
  },
});

/** Among the numbers stands a class token that is not there yet. */
export const clsTooEarly = (patches: number): Mistake => ({
  when: (given, right) => amiss(patches + 1, given, right),
  say: {
    en: 'That counts the class token too. It comes later; this table has one row per patch.',
    zh: '这里把分类词元也算进去了。它是后来才加上的；这张表每个图像块一行。',
  },
});

/** Among the numbers stands that of the patches along one side (or one more, with CLS). */
export const oneSide = (side: number): Mistake => ({
  when: (given, right) => amiss(side, given, right) || amiss(side + 1, given, right),
  say: {
    en: 'That many patches lie along one side. The picture has two sides: multiply rows by columns.',
    zh: '这是一条边上的图像块个数。图片有两条边：行数要乘以列数。',
  },
});

/** A patch of p × p pixels without its colours. */
export const noChannels = (patch: number): Mistake => ({
  when: (given, right) => amiss(patch * patch, given, right),
  say: {
    en: 'That counts the pixels of a patch. Every pixel has three numbers: red, green and blue.',
    zh: '这是一个图像块的像素数。每个像素有红、绿、蓝三个数。',
  },
});
