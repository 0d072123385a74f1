import { expect, test } from 'vitest';
import { colouredLines } from './colours.ts';

const kinds = (code: string) =>
  colouredLines(code).map((line) => line.flatMap(({ text, kind }) => (kind ? [`${kind} ${text}`] : [])));
const whole = (code: string) =>
  colouredLines(code)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');

test('code is cut into coloured pieces, line by line', () => {
  expect(kinds("// two\nconst a = await f('x', 2.5) / b.map(c)\n`t ${a}\nu` + /r/.test(null)")).toEqual([
    ['comment // two'],
    ['keyword const', 'name a', 'keyword await', 'name f', "text 'x'", 'number 2.5'],
    ['text `', 'text t '],
    ['text u', 'text `', 'text /r/', 'number null'],
  ]);
});

test('nothing of the code is lost, also where it is not JavaScript yet', () => {
  for (const code of [
    '',
    '\n\n',
    'a +',
    'const s = "open',
    '/* never',
    '1 \u0000 2',
    '`${',
    'a?.b.if\n  .of(1)',
  ])
    expect(whole(code)).toBe(code);
  expect(kinds('const a = 1; "open\nlet b')).toEqual([
    ['keyword const', 'name a', 'number 1'],
    ['keyword let'],
  ]);
});
