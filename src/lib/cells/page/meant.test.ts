import { expect, it } from 'vitest';
import { readBook } from '../language/book.ts';
import { withMeant } from './meant.ts';

const tensors = [{ name: 'probs', shape: [1000] }];
const mended = (code: string) => {
  const fault = readBook([{ id: 'a', code }], tensors)[0]?.fault;
  return fault?.nearest?.[0] === undefined ? code : withMeant(code, fault, fault.nearest[0]);
};

it('puts what was meant in the place of what was written', () => {
  expect(mended('1 + probs')).toBe("1 + tensor('probs')");
  expect(mended("tensor('prob').max()")).toBe("tensor('probs').max()");
  expect(mended('pictur().width')).toBe('picture().width');
  expect(mended('1 + 1')).toBe('1 + 1');
});
