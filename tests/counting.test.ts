import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Things that the prose counts from one: a label that says which one it is does so too. Rows, columns, layers and heads
 * are counted from zero everywhere, as the tensors are indexed.
 */
const COUNTED = /\bt\.(frame|stage|window|round)\(([^()]*(?:\([^()]*\))?[^()]*)\)/g;
/** An index is named from one when one is added to it; a plain number is its own name. */
const fromOne = (argument: string) => /\+ 1\b/.test(argument) || /^[1-9]\d*$/.test(argument.trim());

/** Calls that give such a label an index counted from zero, as “file: call”. */
function fromZero(path: string, text: string): string[] {
  return [...text.matchAll(COUNTED)].flatMap(([call, , all = '']) => {
    const [argument = ''] = all.split(',');
    return /^\s*['"`(]/.test(argument) || fromOne(argument) ? [] : [`${path}: ${call}`];
  });
}

describe('labels that count', () => {
  it('begin at one where the prose does', () => {
    const panels = readdirSync('lessons', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.svelte'))
      .map((path) => ({ path, text: readFileSync(join('lessons', path), 'utf8') }));
    const calls = panels.flatMap(({ text }) => [...text.matchAll(COUNTED)]);
    expect(calls.length).toBeGreaterThan(5);
    expect(panels.flatMap(({ path, text }) => fromZero(path, text))).toEqual([]);
  });

  it.each([
    ['label={t.stage(0)}', 1],
    ['label={t.stage(1)}', 0],
    ['{t.window(chosen)}', 1],
    ['{t.window(chosen + 1)}', 0],
    ['t.frame(out.time * tubelet + f)', 1],
    ['t.round(i + 1, rounds)', 0],
  ])('%s', (text, n) => expect(fromZero('x.svelte', text)).toHaveLength(n));
});
