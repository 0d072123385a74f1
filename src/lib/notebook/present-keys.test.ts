import { expect, test } from 'vitest';
import { holdsArrows, keysOf, type Focused } from './present-keys.ts';

const range: Focused = { tag: 'input', type: 'range' };
const radio: Focused = { tag: 'input', type: 'radio' };

test('a control keeps the keys it is moved with', () => {
  expect(keysOf(range)).toEqual(expect.arrayContaining(['ArrowLeft', 'PageDown', 'Home']));
  expect(keysOf(range)).not.toContain(' ');
  expect(keysOf(radio)).toEqual(expect.arrayContaining(['ArrowRight', ' ']));
  expect(keysOf({ tag: 'input', type: 'number' })).toContain('PageDown');
  expect(keysOf({ tag: 'div', role: 'application' })).toContain('ArrowDown');
  expect(keysOf({ tag: 'p', apart: true })).toContain('End');
});

test('a clicker goes on from a choice, and the arrows from a button', () => {
  expect(keysOf(radio)).not.toContain('PageDown');
  expect(keysOf({ tag: 'button' })).toEqual([' ']);
  expect(keysOf({ tag: 'summary' })).toEqual([' ']);
  expect(keysOf({ tag: 'a' })).toEqual([]);
  expect(keysOf({ tag: 'body' })).toEqual([]);
});

test('Escape first leaves what the arrows move', () => {
  const held = [
    range,
    radio,
    { tag: 'select' },
    { tag: 'button', role: 'tab' },
    { tag: 'input', type: 'text' },
  ];
  expect(held.map(holdsArrows)).toEqual(held.map(() => true));
  expect([{ tag: 'button' }, { tag: 'a' }, { tag: 'article' }].map(holdsArrows)).toEqual([
    false,
    false,
    false,
  ]);
});
