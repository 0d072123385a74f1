import { describe, expect, test } from 'vitest';
import { readBook } from './book.ts';
import { compileCell } from './compile.ts';
import { parseCell } from './parse.ts';

const cellOf = (code: string) => {
  const { cell, fault } = parseCell(code);
  if (!cell) throw new Error(fault?.text.en);
  return cell;
};
const names = (code: string) => cellOf(code).names.map(({ name }) => name);
const reads = (code: string) => cellOf(code).reads.map(({ name }) => name);

describe('what a cell names and reads', () => {
  test.each([
    ['1 + a', true, [], ['a']],
    ['(a)', true, [], ['a']],
    ['({a: b})', true, [], ['b']],
    ['a; b', false, [], ['a', 'b']],
    ['const x = a, {y, z: [w, ...v]} = b', false, ['x', 'y', 'w', 'v'], ['a', 'b']],
    ['function f(a) { return a + b; }', false, ['f'], ['b']],
    ['class A { m() { return c; } }', false, ['A'], ['c']],
    ['const f = (x) => { const y = x; return y + z; }', false, ['f'], ['z']],
    ['for (const i of xs) { total(i); }', false, [], ['xs', 'total']],
    ['const s = []; try { s.push(q) } catch (e) { s.push(e) }', false, ['s'], ['q']],
    ['const o = {a: 1, [k]: v, short}', false, ['o'], ['k', 'v', 'short']],
    ['', true, [], []],
  ])('%s', (code, expression, named, read) => {
    if (code !== '') expect(cellOf(code).expression).toBe(expression);
    expect(names(code)).toEqual(named);
    expect(reads(code)).toEqual(read);
  });

  test('await outside of functions makes a cell wait, inside it does not', () => {
    expect(cellOf('const x = await a').waits).toBe(true);
    expect(cellOf('const x = async () => await a').waits).toBe(false);
  });

  test('tensors and fields of the state are seen where they are spelled out', () => {
    expect(cellOf("tensor('a.b').mean(0)").tensors.map(({ name }) => name)).toEqual(['a.b']);
    expect(cellOf('tensor(name)').tensors).toEqual([]);
    expect(cellOf('state.p + state.t').fields).toEqual(['p', 't']);
    expect(cellOf('state[k]').fields).toBeUndefined();
    expect(cellOf('state.set({p: 8})').fields).toEqual([]);
  });
});

describe('what is wrong, and where', () => {
  test('a syntax error has its line and column', () => {
    const { fault } = parseCell('const a = 1;\nconst b = (2;');
    expect(fault).toMatchObject({ kind: 'syntax', line: 2, column: 13 });
    expect(parseCell('1))').fault).toMatchObject({ kind: 'syntax' });
  });

  test('an import and a foreign assignment are refused with a sentence', () => {
    expect(parseCell('const a = await import("x")').fault).toMatchObject({
      kind: 'refused',
      line: 1,
      column: 17,
    });
    expect(parseCell('import a from "x"').fault?.text.en).toMatch(/no network/);
    expect(parseCell('a = 1').fault).toMatchObject({ kind: 'name', line: 1, column: 1 });
    expect(parseCell('[a] = [1]; a++').fault?.kind).toBe('name');
    expect(parseCell('let a = 1; a = 2; a++').fault).toBeUndefined();
    expect(parseCell('o.x = 1').fault).toBeUndefined();
  });

  const book = (...codes: string[]) =>
    readBook(
      codes.map((code, i) => ({ id: `c${i}`, code })),
      [
        ['probs', [1000]],
        ['blocks.0.attn.probs', [3, 197, 197]],
        ['blocks.1.attn.probs', [6, 3137, 3137]],
      ].map(([name, shape]) => ({ name, shape }) as { name: string; shape: number[] }),
    );

  test('names given twice, circles, strangers and missing tensors are said at the cell', () => {
    expect(book('const a = 1', 'const a = 2').map(({ fault }) => fault?.kind)).toEqual(['double', 'double']);
    expect(book('const picture = 1')[0]?.fault?.text.en).toMatch(/every cell can reach/);
    const bare = book('1 + probs')[0]?.fault;
    expect(bare).toMatchObject({ kind: 'name', column: 5, nearest: ["tensor('probs')"] });
    expect(book('const probs = 1', 'probs')[1]?.fault).toBeUndefined();
    const circle = book('const a = b', 'const b = c', 'const c = a', 'c + 1');
    expect(circle.map(({ fault }) => fault?.kind)).toEqual(['circle', 'circle', 'circle', undefined]);
    expect(circle[0]?.fault?.text.en).toMatch(/a → b → c → a/);
    expect(book('const total = 1', 'totel + 1')[1]?.fault).toMatchObject({
      kind: 'name',
      nearest: ['total'],
    });
    expect(book('fetch("x")')[0]?.fault?.kind).toBe('refused');
    expect(book('const x =\n  tensor("block.0.attn.probs")')[0]?.fault).toMatchObject({
      kind: 'tensor',
      line: 2,
      column: 10,
      nearest: ['blocks.0.attn.probs', 'blocks.1.attn.probs'],
    });
    expect(book("tensor('blocks.0.attn.probs[2]')")[0]?.fault).toBeUndefined();
    expect(book("tensor('blocks.1.attn.probs')")[0]?.fault).toMatchObject({
      kind: 'refused',
      line: 1,
      column: 8,
    });
    expect(book("tensor('blocks.1.attn.probs[5]')")[0]?.fault).toBeUndefined();
  });

  test('a cell knows whose names it needs', () => {
    expect(book('const a = 1', 'const b = a', 'a + b').map(({ needs }) => needs)).toEqual([
      [],
      ['c0'],
      ['c0', 'c1'],
    ]);
  });
});

describe('what is run', () => {
  const run = (code: string, given: Record<string, unknown> = {}) => {
    const { body, inputs } = compileCell(cellOf(code), (name) => name in given);
    return (0, eval)(body)(...inputs.map((name) => given[name]));
  };

  test('an expression gives its value, statements their names', async () => {
    expect(run('a * 2 // twice', { a: 4 })).toBe(8);
    expect(run('const x = a;\nconst y = x + 1', { a: 1 })).toEqual({ x: 1, y: 2 });
    expect(await run('const x = await a', { a: Promise.resolve(3) })).toEqual({ x: 3 });
    expect(run('{ a: 1 }'.replace('{', '({').replace('}', '})'))).toEqual({ a: 1 });
  });

  test('an expression is shown by itself, unless it shows itself', () => {
    const shows = (code: string) => compileCell(cellOf(code), (name) => name === 'display').shows;
    expect(shows('1 + 1')).toBe(true);
    expect(shows('display(1)')).toBe(false);
    expect(shows('const a = 1')).toBe(false);
    expect(shows('')).toBe(false);
  });
});
