import { expect, it } from 'vitest';
import { Graph } from '#lib/graph/index.ts';
import { noCell, noTensor } from './illegal-link.ts';

const value = new Graph('a test').input('x', [1, 3, 4], ['B', 'T', 'D']);

it('a cell outside its tensor is told with the shape, one inside is none of it', () => {
  expect(noCell(value, 'x', [])).toBeUndefined();
  expect(noCell(value, 'x', [2, 3])).toBeUndefined();
  for (const cell of [[3, 0], [0], [0, 0, 0]])
    for (const lang of ['en', 'zh'] as const) {
      const told = noCell(value, 'x', cell);
      expect(told?.kind === 'lesson' && told.text[lang]).toContain(`[${cell.join(', ')}]`);
      expect(told?.kind === 'lesson' && told.text[lang]).toMatch(/3.*4/);
    }
});

it('a tensor that the model has not is named, with the one that is open', () => {
  const told = noTensor('vit-tiny', 'doesnt.exist', 'probs');
  for (const lang of ['en', 'zh'] as const)
    expect(told.kind === 'lesson' && told.text[lang]).toMatch(/doesnt\.exist.*probs/);
});
