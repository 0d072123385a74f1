import type { Text } from '#lib/base/lang.ts';
import type { ListedLesson } from './catalogue.ts';

/** A part of the notebook: a row of lessons under one heading. */
export interface Part {
  /** What a lesson's title names. */
  readonly number: number;
  /** Name in menus; `name` begins with it. */
  readonly short: Text;
  readonly name: Text;
}

/** The parts in their order. One without a lesson is not shown. */
export const parts: readonly Part[] = [
  {
    number: 1,
    short: { en: 'Part 1', zh: '第一部分' },
    name: { en: 'Part 1: how it sees', zh: '第一部分：怎样看图' },
  },
  {
    number: 2,
    short: { en: 'Part 2', zh: '第二部分' },
    name: { en: 'Part 2: how it paints', zh: '第二部分：怎样作画' },
  },
  {
    number: 3,
    short: { en: 'Part 3', zh: '第三部分' },
    name: { en: 'Part 3: beyond', zh: '第三部分：更进一步' },
  },
];

/** A part that has lessons, with them. */
export interface FilledPart extends Part {
  readonly lessons: readonly ListedLesson[];
}

/** The parts that have lessons, in order, each with its own in order. A lesson of no part of the list stands nowhere. */
export function filledParts(
  lessons: readonly ListedLesson[],
  all: readonly Part[] = parts,
): readonly FilledPart[] {
  return all
    .map((part) => ({ ...part, lessons: lessons.filter(({ title }) => title.part === part.number) }))
    .filter((part) => part.lessons.length > 0);
}

/** A lesson with the ones before and after it; all undefined where the folder's name is no lesson's. */
export function neighbours(
  lessons: readonly ListedLesson[],
  slug: string | undefined,
): {
  readonly before: ListedLesson | undefined;
  readonly here: ListedLesson | undefined;
  readonly after: ListedLesson | undefined;
} {
  const at = lessons.findIndex((lesson) => lesson.slug === slug);
  if (at < 0) return { before: undefined, here: undefined, after: undefined };
  return { before: lessons[at - 1], here: lessons[at], after: lessons[at + 1] };
}
