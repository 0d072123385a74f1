import { expect, test } from 'vitest';
import { MEMBERS } from './members.ts';

test('completion knows all that the installed libraries export', () => {
  for (const name of ['plot', 'hexbin', 'raster']) expect(MEMBERS['Plot']).toContain(name);
  expect(MEMBERS['Plot']).not.toContain('default');
  expect(MEMBERS['d3']).toContain('interpolateMagma');
  expect(MEMBERS['Inputs']).toContain('range');
  expect(MEMBERS['Math']).toContain('hypot');
});
