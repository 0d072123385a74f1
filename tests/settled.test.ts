import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inspectorState } from '#lib/inspector/state.ts';
import type { Lesson } from '#lib/notebook/types.ts';
import { readLink, writeLink } from '#lib/state/permalink.ts';

/** Links in which one field leaves the range that another has set for it: what they open, and the fields they name as wrong. */
const BESIDE: readonly (readonly [slug: string, link: string, state: object, wrong: readonly string[]])[] = [
  ['07-denoise', '?v=1&n=20&k=99', { n: 20, k: -1 }, ['k']],
  ['07-denoise', '?v=1&n=100&k=99', { n: 100, k: 99 }, []],
  ['08-uvit', '?v=2&n=10&k=30&from=40', { n: 10, k: 9, from: 10 }, ['from', 'k']],
  // Not said by the link but left over from the lesson's opening: no fault of the link.
  ['08-uvit', '?v=2&n=5', { n: 5, k: 4 }, []],
  ['09-dit', '?v=2&n=10&k=60', { n: 10, k: 100 }, ['k']],
  ['14-detection', '?v=1&seed=3&obj=29', { obj: 3 }, ['obj']],
  ['15-latents', '?v=1&k=40', { n: 20, k: -1 }, ['k']],
  ['15-latents', '?v=1&n=8&after=30&k=8', { n: 8, k: 8, after: 7 }, ['after']],
];

describe('a field beside the one that sets its range', () => {
  it.each(BESIDE)('%s opens %s', async (slug, link, state, wrong) => {
    const url = pathToFileURL(`lessons/${slug}/lesson.ts`).href;
    const { default: lesson } = (await import(/* @vite-ignore */ url)) as { default: Lesson };
    const opened = readLink(lesson.state, link);
    expect(opened.state).toMatchObject(state);
    expect(opened.problems.map((problem) => ('field' in problem ? problem.field : '')).sort()).toEqual(wrong);
    // What the reader sets later goes the same way: the address never says what is not on show.
    const printed = writeLink(lesson.state, { ...opened.state, ...Object.fromEntries(asked(link)) });
    expect(readLink(lesson.state, printed)).toMatchObject({ state, problems: [] });
  });

  it('the inspector feeds a state that the run has', () => {
    const { state, problems } = readLink(inspectorState, '?v=1&run=ddim&rn=10&rk=30');
    expect(state.rk).toBe(9);
    expect(problems).toHaveLength(1);
  });
});

/** The numbers that a link asks for. */
const asked = (link: string) =>
  [...new URLSearchParams(link)].flatMap(([k, v]) => (k === 'v' ? [] : [[k, Number(v)] as const]));
