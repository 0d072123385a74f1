import { describe, expect, test } from 'vitest';
import { refuseBrackets } from './brackets.ts';
import { messageOf } from './place.ts';
import { SaidError } from './said-error.ts';
import { TensorValue } from './tensor-value.ts';

const t = new TensorValue(
  [2, 3, 4],
  Float32Array.from({ length: 24 }, (_, i) => i),
  ['h', 'T', 'T'],
  'probs',
);
const list = (x: TensorValue) => [...x.values];

describe('a tensor as a cell has it', () => {
  test('has sizes, names and values, and says itself', () => {
    expect([t.shape, t.dims, t.size]).toEqual([[2, 3, 4], ['h', 'T', 'T'], 24]);
    expect(String(t)).toBe('Tensor probs [2, 3, 4] 0, 1, 2, 3, 4, 5, …');
    expect(() => new TensorValue([2, 2], [1, 2, 3])).toThrow(/4 places, but there are 3/);
  });

  test('at() takes an index a dimension, from the end where negative', () => {
    expect(t.at(1, 2, 3)).toBe(23);
    expect(t.at(-1, 0, -1)).toBe(15);
    expect(() => t.at(2, 0, 0)).toThrow(/outside of dimension 0 \(h\), which has 2/);
    expect(() => t.at(1)).toThrow(/takes 3 indices/);
    expect(() => t.at(0.5, 0, 0)).toThrow(/outside/);
  });

  test('brackets and operators, which would give undefined and NaN, say what to write', () => {
    refuseBrackets();
    expect(() => Reflect.get(t, '0', t)).toThrow(/Write t\.slice\(0\) .* t\.at\(0, 0, 0\)/);
    expect(() => Reflect.get(t, '-1', t)).toThrow(/t\.slice\(-1\)/);
    expect([Reflect.get(t, 'data', t), Reflect.get(t, 'then', t)]).toEqual([undefined, undefined]);
    expect(() => Number(t) * 2).toThrow(/tensor \[2, 3, 4\]\. Write t\.plus/);
    expect(Number(new TensorValue([], [2])) * 2).toBe(4);
    expect(`${t.slice(0, 0, [0, 2])}`).toBe('Tensor probs [2] 0, 1');
    expect(() => t.transpose(0, 1)).toThrow(/last two/);
  });

  test('slice() keeps what the cuts say', () => {
    expect(t.slice(1)).toMatchObject({ shape: [3, 4], dims: ['T', 'T'] });
    expect(list(t.slice(1, 2))).toEqual([20, 21, 22, 23]);
    expect(list(t.slice(0, null, 1))).toEqual([1, 5, 9]);
    expect(list(t.slice(':', 0, [1, -1]))).toEqual([1, 2, 13, 14]);
    expect(t.slice(0, 0, 0)).toMatchObject({ shape: [] });
    expect(t.slice([1, 1]).shape).toEqual([0, 3, 4]);
    expect(() => t.slice(0, [2, 5])).toThrow(/not inside dimension 1/);
    expect(() => t.slice(0, 0, 0, 0)).toThrow(/3 cuts/);
  });

  test('mean, sum, max, min and argmax, of all or along a dimension', () => {
    expect([t.mean(), t.sum(), t.max(), t.min(), t.argmax()]).toEqual([11.5, 276, 23, 0, 23]);
    expect(list(t.slice(0).mean(1))).toEqual([1.5, 5.5, 9.5]);
    expect(list(t.slice(0).mean(0))).toEqual([4, 5, 6, 7]);
    expect(list(t.sum('h').slice(0))).toEqual([12, 14, 16, 18]);
    expect(list(t.slice(1).argmax(0))).toEqual([2, 2, 2, 2]);
    expect(t.max(-1).shape).toEqual([2, 3]);
    expect(() => t.mean('T')).toThrow(/2 dimensions are named “T”; say which by its number: 1 or 2/);
    expect(() => t.mean('q')).toThrow(/“h”, “T”, “T”/);
    expect(() => t.mean(3)).toThrow(/numbered 0 to 2/);
  });

  test('softmax sums to one, and a small temperature sharpens it', () => {
    const p = new TensorValue([2, 2], [0, Math.log(3), 1000, 1000]).softmax();
    expect(list(p).map((v) => Number(v.toFixed(5)))).toEqual([0.25, 0.75, 0.5, 0.5]);
    expect(new TensorValue([2], [0, Math.log(3)]).softmax(0, 0.5).at(1)).toBeCloseTo(0.9, 6);
    expect(t.softmax(0).sum(0).max()).toBeCloseTo(1, 6);
  });

  test('a part of a large one is that part alone, and the large one is held once', () => {
    const [heads, tokens] = [6, 785];
    const values = new Float32Array(heads * tokens * tokens);
    const at = (2 * tokens + 11) * tokens + 5;
    values[at] = 7;
    const whole = new TensorValue([heads, tokens, tokens], values, ['h', 'T', 'T']);
    expect(whole.values).toBe(values);
    const bytes = (of: TensorValue) => of.values.buffer.byteLength;
    const head = whole.slice(2);
    expect([head.shape, bytes(head)]).toEqual([[tokens, tokens], 4 * tokens * tokens]);
    const rows = whole.slice(2, [10, 13], null);
    expect([rows.shape, bytes(rows)]).toEqual([[3, tokens], 4 * 3 * tokens]);
    expect(rows.at(1, 5)).toBe(7);
    const column = whole.slice(null, 0, -1);
    expect([column.shape, bytes(column)]).toEqual([[heads], 4 * heads]);
    // What a cell writes into a part is not in the whole.
    rows.values.fill(-1);
    expect(values[at]).toBe(7);
  });

  test('arithmetic, shapes and products', () => {
    expect(list(t.slice(0, 0).times(2).plus(t.slice(0, 1)).minus(1))).toEqual([3, 6, 9, 12]);
    expect(() => t.plus(t.slice(0))).toThrow(/same shape/);
    const m = new TensorValue([2, 2], [1, 2, 3, 4], ['a', 'b']);
    expect(m.matmul(m).toArray()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    expect(m.transpose()).toMatchObject({ dims: ['b', 'a'] });
    expect(m.transpose().toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(t.reshape([-1, 12]).shape).toEqual([2, 12]);
    expect(() => t.reshape([5, -1])).toThrow(/whole numbers/);
    expect(() => m.matmul(t.slice(0))).toThrow(/matmul\(\) takes/);
    expect([...m].map(String)).toEqual(['Tensor [2] 1, 2', 'Tensor [2] 3, 4']);
    expect(t.map((v, i) => v + i).max()).toBe(46);
  });
});

describe('what is thrown is said in both languages', () => {
  const t = new TensorValue([2, 3], [1, 2, 3, 4, 5, 6], ['T', 'D']);
  test.each([
    ['a shape', () => new TensorValue([2, 2], [1, 2, 3]), '形状 [2, 2] 有 4 个位置，给出的数值却有 3 个。'],
    ['an index', () => t.at(2, 0), '下标 2 超出了第 0 维（T），这一维有 2 个位置。'],
    ['a name', () => t.mean('q'), '没有叫“q”的维度，各维的名字是“T”、“D”。'],
    ['two shapes', () => t.plus(t.slice(0)), '两者的形状必须相同，这里是 [2, 3] 和 [3]。'],
  ])('%s', (_, run, said) => {
    let thrown: unknown;
    try {
      run();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SaidError);
    expect(thrown).toHaveProperty('zh', said);
    expect(messageOf(thrown)).not.toMatch(/Error|[一-龥]/);
  });
  test('what JavaScript throws keeps its name', () => {
    expect(messageOf(new RangeError('too many'))).toBe('RangeError: too many');
  });
});
