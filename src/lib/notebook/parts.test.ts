import { describe, expect, it } from 'vitest';
import type { ListedLesson } from './catalogue.ts';
import { filledParts, neighbours, parts, type Part } from './parts.ts';

const stub = (number: number, part: number): ListedLesson => ({
  slug: `${String(number).padStart(2, '0')}-stub`,
  title: {
    number,
    part,
    short: { en: `Stub ${number}`, zh: `占位 ${number}` },
    title: { en: 'Which question?', zh: '什么问题？' },
    minutes: 10,
  },
});
/** Sixteen lessons: five, four, four and three to a part. */
const sixteen = [...Array(16).keys()].map((i) => stub(i + 1, i < 5 ? 1 : i < 9 ? 2 : i < 13 ? 3 : 4));
const four: readonly Part[] = [...Array(4).keys()].map((i) => ({
  number: i + 1,
  short: { en: `Part ${i + 1}`, zh: `第${i + 1}部分` },
  name: { en: `Part ${i + 1}: more`, zh: `第${i + 1}部分：其他` },
}));
const numbers = (lessons: readonly ListedLesson[]) => lessons.map(({ title }) => title.number);

describe('the parts of the notebook', () => {
  it('are numbered from 1 in their order', () => {
    expect(parts.map((part) => part.number)).toEqual(parts.map((_, i) => i + 1));
    for (const { name, short } of parts)
      for (const lang of ['en', 'zh'] as const) expect(name[lang].startsWith(short[lang])).toBe(true);
  });

  it('hold each lesson once, in order', () => {
    const filled = filledParts(sixteen, four);
    expect(filled.map((part) => part.number)).toEqual([1, 2, 3, 4]);
    expect(filled.map((part) => part.lessons.length)).toEqual([5, 4, 4, 3]);
    expect(filled.flatMap((part) => numbers(part.lessons))).toEqual(numbers(sixteen));
  });

  it('show by themselves with their first lesson, and not before', () => {
    expect(filledParts(sixteen.slice(0, 9)).map((part) => part.number)).toEqual([1, 2]);
    expect(filledParts(sixteen.slice(0, 10)).map((part) => part.number)).toEqual([1, 2, 3]);
    expect(filledParts([])).toEqual([]);
  });
});

describe('the lessons beside one', () => {
  const of = (slug: string | undefined) => {
    const { before, here, after } = neighbours(sixteen, slug);
    return [before?.title.number, here?.title.number, after?.title.number];
  };
  it('are the ones before and after it, across parts', () => {
    expect(of('03-stub')).toEqual([2, 3, 4]);
    expect(of('09-stub')).toEqual([8, 9, 10]);
  });
  it('end with the first and the last', () => {
    expect(of('01-stub')).toEqual([undefined, 1, 2]);
    expect(of('16-stub')).toEqual([15, 16, undefined]);
  });
  it('are none where there is no lesson', () => {
    expect(of(undefined)).toEqual([undefined, undefined, undefined]);
    expect(of('99-none')).toEqual([undefined, undefined, undefined]);
  });
});
