import { describe, expect, it } from 'vitest';
import { defineState, int, name, oneOf } from '#lib/state/schema.ts';
import { Walkthrough } from './walkthrough.svelte.ts';
import { defineLesson } from './types.ts';

const state = defineState(1, { p: int(16, { min: 4, max: 64 }), view: oneOf('a', ['a', 'b']) });
const both = (s: string) => ({ en: s, zh: s });
const lesson = defineLesson({
  number: 1,
  part: 1,
  short: both('x'),
  title: both('x'),
  lead: both('x'),
  minutes: 1,
  objectives: [],
  models: [],
  state,
  steps: [{ id: 'one', set: { p: 16 } }, { id: 'two', set: { p: 8, view: 'b' } }, { id: 'three' }],
  terms: [],
  references: [],
});
const start = () => new Walkthrough(lesson, '01-x', {});

describe('Walkthrough', () => {
  it('lets a step set the stage, and the reader take over and come back', () => {
    const walkthrough = start();
    expect([walkthrough.step, walkthrough.state.p, walkthrough.taken]).toEqual(['one', 16, false]);
    walkthrough.reach('two');
    expect([walkthrough.state.p, walkthrough.state.view, walkthrough.taken]).toEqual([8, 'b', false]);
    walkthrough.state.p = 32;
    expect(walkthrough.taken).toBe(true);
    walkthrough.reach('two');
    expect(walkthrough.state.p).toBe(32);
    walkthrough.back();
    expect([walkthrough.state.p, walkthrough.taken]).toEqual([8, false]);
  });

  it('leaves what a step does not name', () => {
    const walkthrough = start();
    walkthrough.reach('two');
    walkthrough.state.p = 32;
    walkthrough.reach('three');
    expect([walkthrough.state.p, walkthrough.state.view, walkthrough.taken]).toEqual([32, 'b', false]);
  });

  it('opens a link at its step without letting the step set the stage', () => {
    const walkthrough = start();
    expect(walkthrough.open('?v=1&p=28&view=b&s=two&o=tokens')).toBe('two');
    walkthrough.reach('two');
    expect([walkthrough.state.p, walkthrough.opened, walkthrough.taken]).toEqual([28, 'tokens', true]);
    expect(walkthrough.link).toBe('?v=1&p=28&view=b&s=two&o=tokens');
  });

  it('says in its link that it is a slide show', () => {
    const walkthrough = start();
    expect([walkthrough.presenting, walkthrough.link]).toEqual([false, '']);
    walkthrough.presenting = true;
    expect(walkthrough.link).toBe('?v=1&present=1');
    walkthrough.reach('two');
    const again = start();
    expect(again.open(walkthrough.link)).toBe('two');
    expect([again.presenting, again.state.p, again.problems]).toEqual([true, 8, []]);
    // By itself it says nothing of the state: the first step has set it, and the chosen picture may come.
    const bare = start();
    bare.open('?present=1');
    expect([bare.presenting, bare.bare, bare.step]).toEqual([true, true, 'one']);
  });

  it('knows of a step that is not reached what it would speak of', () => {
    const walkthrough = start();
    expect(walkthrough.stateAt('two')).toEqual({ p: 8, view: 'b' });
    expect(walkthrough.state.p).toBe(16);
  });

  it('goes back to where an address says, not to what was passed since', () => {
    const walkthrough = start();
    walkthrough.reach('two');
    walkthrough.state.p = 32;
    const { link } = walkthrough;
    walkthrough.reach('three');
    walkthrough.state.view = 'a';
    expect(walkthrough.restore(link)).toBe('two');
    expect([walkthrough.state.p, walkthrough.state.view, walkthrough.link]).toEqual([32, 'b', link]);
    walkthrough.opened = 'tokens';
    expect(walkthrough.restore('')).toBe('one');
    expect([walkthrough.state.p, walkthrough.state.view, walkthrough.link]).toEqual([16, 'a', '']);
  });

  it('says so when the link names a step that is not there', () => {
    const walkthrough = start();
    expect(walkthrough.open('?v=1&p=28&s=nowhere')).toBeUndefined();
    expect(walkthrough.state.p).toBe(28);
    expect(walkthrough.problems).toMatchObject([{ kind: 'field', field: 's', raw: 'nowhere' }]);
  });

  it('carries a picture over to a bare address, never over a link or a choice', () => {
    const pictured = defineLesson({
      ...lesson,
      state: defineState(1, { pic: name('cat') }),
      steps: [{ id: 'one' }],
    });
    const open = (search: string) => {
      const walkthrough = new Walkthrough(pictured, '01-x', {});
      walkthrough.open(search);
      return walkthrough;
    };
    const bare = open('');
    bare.carry('own');
    expect([bare.state.pic, bare.link]).toEqual(['own', '?v=1&pic=own']);
    const linked = open('?v=1');
    linked.carry('own');
    expect(linked.state.pic).toBe('cat');
    const chosen = open('');
    chosen.state.pic = 'macaw';
    chosen.carry('own');
    expect(chosen.state.pic).toBe('macaw');
    bare.carry('<');
    start().carry('own');
    expect(bare.state.pic).toBe('own');
  });

  it('has no link at the beginning', () => expect(start().link).toBe(''));
});

it('refuses a step that sets what the state does not have', () => {
  expect(() => defineLesson({ ...lesson, steps: [{ id: 'one', set: { q: 1 } as never }] })).toThrow(/"q"/);
  expect(() => defineLesson({ ...lesson, steps: [{ id: 'one' }, { id: 'one' }] })).toThrow(/two steps/);
});
