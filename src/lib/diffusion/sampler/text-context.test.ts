import { expect, it } from 'vitest';
import { between } from './text-context.ts';

it('goes from one text to another, each picture its own part of the way', () => {
  const [a, b] = [Float32Array.of(0, 1, 2, 3), Float32Array.of(4, 1, 0, -1)];
  expect([...between(a, b, [0.25])]).toEqual([1, 1, 1.5, 2]);
  expect([...between(a, b, [0, 1])]).toEqual([0, 1, 0, -1]);
  expect(() => between(a, b.subarray(1), [0.5])).toThrow('4 and of 3 values cannot be mixed');
  expect(() => between(a, b, [0.5, 0.5, 0.5])).toThrow('for 3 pictures');
  for (const u of [-0.1, 1.1, NaN])
    expect(() => between(a, b, [u])).toThrow(`The part of the way between two texts is ${u}`);
});
