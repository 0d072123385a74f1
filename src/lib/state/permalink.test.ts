import { describe, expect, it } from 'vitest';
import { readLink, writeLink } from './permalink.ts';
import { defaultsOf, defineState, flag, int, name, oneOf, pair, real } from './schema.ts';

const schema = defineState(
  2,
  {
    p: int(16, { min: 4, max: 64 }),
    pic: name('macaw'),
    at: pair([5, 6], { min: 0, max: 55 }),
    order: oneOf('crc', ['crc', 'rcc']),
    force: flag(false),
    t: real(1, { min: 0, max: 2, digits: 2 }),
  },
  { 1: (raw) => new Map([...raw].map(([k, v]) => (k === 'patch' ? ['p', v] : [k, v]))) },
);

describe('permalink', () => {
  it('prints nothing for the defaults', () => {
    expect(writeLink(schema, defaultsOf(schema))).toBe('');
  });

  it('reads back what it wrote, in a short form', () => {
    const state = {
      ...defaultsOf(schema),
      p: 8,
      at: [0, 55] as const,
      order: 'rcc' as const,
      force: true,
      t: 0.254,
    };
    const link = writeLink(schema, state, { step: 'rows', open: 'blocks.3.attn.probs' });
    expect(link).toBe('?v=2&p=8&at=0.55&order=rcc&force=1&t=0.25&s=rows&o=blocks.3.attn.probs');
    const opened = readLink(schema, link);
    expect(opened).toMatchObject({
      state: { ...state, t: 0.25 },
      step: 'rows',
      open: 'blocks.3.attn.probs',
      given: true,
      problems: [],
    });
  });

  it('opens a bare address at the defaults', () => {
    expect(readLink(schema, '')).toEqual({
      state: defaultsOf(schema),
      step: undefined,
      open: undefined,
      present: false,
      given: false,
      problems: [],
    });
  });

  it('brings an old link to the present form', () => {
    expect(readLink(schema, '?v=1&patch=32').state.p).toBe(32);
    expect(readLink(schema, '?v=1&patch=32').problems).toEqual([]);
  });

  it.each([
    ['?v=2&p=999', 'p'],
    ['?v=2&p=', 'p'],
    ['?v=2&p=1e1', 'p'],
    ['?v=2&p=16.5', 'p'],
    ['?v=2&p=-8', 'p'],
    ['?v=2&at=5', 'at'],
    ['?v=2&at=5.99', 'at'],
    ['?v=2&order=CRC', 'order'],
    ['?v=2&force=yes', 'force'],
    ['?v=2&pic=%3Cscript%3E', 'pic'],
    ['?v=2&t=NaN', 't'],
    ['?v=2&t=Infinity', 't'],
  ])('keeps the default and says so for %s', (link, field) => {
    const { state, problems } = readLink(schema, link);
    expect(state).toEqual(defaultsOf(schema));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'value', field });
  });

  it('names a field it does not know, also one that every object has', () => {
    expect(readLink(schema, '?v=2&q=1&constructor=1&__proto__=1').problems.map((p) => p.kind)).toEqual([
      'field',
      'field',
      'field',
    ]);
  });

  it('opens a link of a later version as far as it can', () => {
    const { state, problems } = readLink(schema, '?v=9&p=8');
    expect(state.p).toBe(8);
    expect(problems).toEqual([{ kind: 'version', raw: '9', known: 2 }]);
    expect(readLink(schema, '?v=x').problems).toEqual([{ kind: 'version', raw: 'x', known: 2 }]);
  });

  it('passes over the tags of others and takes the first of two values', () => {
    const { state, problems } = readLink(schema, '?utm_source=mail&p=8&p=32');
    expect(state.p).toBe(8);
    expect(problems).toEqual([]);
  });

  it('survives broken escapes', () => {
    expect(() => readLink(schema, '?p=%E0%A4%A&pic=%')).not.toThrow();
  });

  it('refuses a field named like the link’s own', () => {
    expect(() => defineState(1, { v: int(1, { min: 0, max: 2 }) })).toThrow(/reserved/);
  });
});
