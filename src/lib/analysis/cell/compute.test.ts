import { describe, expect, it } from 'vitest';
import { Graph, OPS, type Value } from '#lib/graph/index.ts';
import { build, cases } from '#lib/graph/ops/cases.testing.ts';
import { at, evaluate, indicesOf } from '#lib/graph/reference.testing.ts';
import { computeCell, ROWS, type ReadCell } from './compute.ts';
import { RECIPES } from './recipes.ts';

function reader(g: Graph, feeds: Readonly<Record<string, readonly number[]>>): ReadCell {
  const known = evaluate(g, feeds);
  return (name, index) => {
    const values = known.get(name);
    return values && at(values, index);
  };
}

/** A graph with its inputs' values. */
function given(feeds: Readonly<Record<string, readonly number[]>>, make: (g: Graph) => Value) {
  const g = new Graph('a test');
  make(g);
  return (index: readonly number[]) => computeCell(g, 'y', index, reader(g, feeds))!;
}

describe('a cell computed from the cells it is made of', () => {
  it('knows every operation of the table', () => {
    expect(Object.keys(RECIPES).sort()).toEqual(Object.keys(OPS).sort());
  });

  it.each(cases)('$title: every cell is what the definition gives', (c) => {
    const { g, y, feeds } = build(c);
    const want = evaluate(g, feeds).get('y')!;
    const read = reader(g, feeds);
    for (const index of indicesOf(y.shape)) {
      const { value } = computeCell(g, 'y', index, read)!;
      const right = at(want, index);
      expect(Math.abs(value - right), `y[${index.join()}]`).toBeLessThan(1e-9 * (1 + Math.abs(right)));
    }
  });

  it('lists the largest products, and counts and adds the rest and the bias', () => {
    const x = Array.from({ length: 10 }, (_, i) => (i % 2 ? -1 : 1) * (i + 1));
    const w = x.map(() => 2);
    const cell = given({ x, w, b: [0.5] }, (g) =>
      g.gemm(
        g.input('x', [1, 10], ['T', 'D']),
        g.input('w', [1, 10], ['D', 'D']),
        g.input('b', [1], ['D']),
        'y',
      ),
    )([0, 0]);
    const [step] = cell.steps;
    expect(cell.steps).toHaveLength(1);
    expect(step).toMatchObject({ kind: 'products', count: 10, value: -9.5 });
    expect(step!.rows).toHaveLength(ROWS);
    expect(step!.rows[0]).toEqual({
      parts: [
        { name: 'x', index: [0, 9], value: -10 },
        { name: 'w', index: [0, 9], value: 2 },
      ],
      value: -20,
    });
    expect(step!.rest).toBe(2 - 4 + 6 - 8);
    expect(step!.rows.reduce((sum, r) => sum + r.value, step!.rest + 0.5)).toBe(cell.value);
    expect(step!.between).toEqual([
      ['Σ', -10],
      ['b', 0.5],
    ]);
    expect(step!.written).toBe('−10 + 0.5');
  });

  it('goes on in writing after a sum: a scaled product of queries and keys', () => {
    const cell = given({ q: [1, 2, 3, 4], k: [5, 6, 7, 8] }, (g) => {
      const [q, k] = ['q', 'k'].map((n) => g.input(n, [2, 2], ['T', 'd'])) as [Value, Value];
      return g.mul(g.matmul(q, g.transpose(k, [1, 0])), g.scalar(0.5), 'y');
    })([0, 1]);
    expect(cell.steps.map((s) => [s.kind, s.written, s.value])).toEqual([
      ['products', 'Σ', 23],
      ['expression', '23 × 0.5', 11.5],
    ]);
    expect(cell.steps[0]!.rows[0]!.parts[1]).toEqual({ name: 'k', index: [1, 1], value: 8 });
  });

  it('writes functions and signs with the brackets they need', () => {
    const written = (make: (g: Graph, x: Value, z: Value) => Value) =>
      given({ x: [-2], z: [3] }, (g) => make(g, g.input('x', [1], ['D']), g.input('z', [1], ['D'])))([
        0,
      ]).steps.at(-1)!.written;
    const one = (g: Graph) => g.scalar(1);
    expect(written((g, x, z) => g.add(x, z, 'y'))).toBe('−2 + 3');
    expect(written((g, x, z) => g.sub(z, g.add(x, one(g)), 'y'))).toBe('3 − (−2 + 1)');
    expect(written((g, x, z) => g.mul(g.add(x, z), one(g), 'y'))).toBe('(−2 + 3) × 1');
    expect(written((g, x, z) => g.mul(z, g.add(g.erf(g.div(x, z)), one(g)), 'y'))).toBe(
      '3 × (erf(−2 / 3) + 1)',
    );
    expect(written((g, x) => g.pow(x, g.scalar(3), 'y'))).toBe('(−2)^3');
  });

  it('follows what is only moved to the cell that has a name, without a step', () => {
    const g = new Graph('a test');
    const x = g.input('x', [2, 3], ['T', 'D']);
    g.transpose(x, [1, 0], 'y');
    const cell = computeCell(g, 'y', [2, 1], (name, index) =>
      name === 'x' ? 10 * index[0]! + index[1]! : undefined,
    );
    expect(cell).toEqual({ steps: [], value: 12, magnitude: 12 });
  });

  it('has no answer where a number is missing', () => {
    const g = new Graph('a test');
    g.add(g.input('x', [1], ['D']), g.scalar(1), 'y');
    expect(computeCell(g, 'y', [0], () => undefined)).toBeUndefined();
  });
});
