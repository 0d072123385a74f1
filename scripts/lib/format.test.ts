import { expect, test } from 'vitest';
import { otherwise } from './format.js';

test('Prettier looks at the scripts that Oxfmt names, and at all where Oxfmt did not work', () => {
  expect(otherwise({ ok: true, output: '' })).toEqual([]);
  expect(otherwise({ ok: false, output: 'src/a.ts\nplugins/b.js\n' })).toEqual(['src/a.ts', 'plugins/b.js']);
  for (const output of ['', 'Error: no such option\n', 'src/a.ts\n\n  x Unexpected token\n'])
    expect(otherwise({ ok: false, output })).toEqual(['**/*.ts', '**/*.js']);
});
