import type { Text } from '#lib/base/lang.ts';

/** A part of the notebook: a row of lessons under one heading. */
export interface Part {
  /** What a lesson's title names. */
  readonly number: number;
  readonly name: Text;
}

/** The parts in their order. One without a lesson is not shown. */
export const parts: readonly Part[] = [
  { number: 1, name: { en: 'Part 1: how it sees', zh: '第一部分：怎样看' } },
  { number: 2, name: { en: 'Part 2: how it paints', zh: '第二部分：怎样画' } },
  { number: 3, name: { en: 'Part 3: beyond', zh: '第三部分：更进一步' } },
];
