import * as Library from '@observablehq/plot';
import { expect, test } from 'vitest';
import { LightDocument } from './dom.ts';
import { fitting, roomOf } from './fitted.ts';

const document = new LightDocument() as unknown as Document;
const widthOf = (drawing: unknown) => /<svg [^>]*?\bwidth="(\d+)"/.exec(String(drawing))?.[1];

test('Plot draws as wide as there is room, unless a cell says a width; a mark of its own too', () => {
  const at = fitting(Library);
  const marks = [Library.ruleY([0])];
  const narrow = at(roomOf(358));
  expect(widthOf(narrow.plot({ document, marks }))).toBe('358');
  expect(widthOf(narrow.plot({ document, marks, width: 200 }))).toBe('200');
  expect(widthOf(narrow.barY([1, 2]).plot({ document }))).toBe('358');
  // Another room, and more of it than Plot takes by itself.
  const wide = at(roomOf(900));
  expect(widthOf(wide.barY([1, 2]).plot({ document }))).toBe('640');
  expect(widthOf(wide.plot({ document, marks }))).toBe('640');
});
