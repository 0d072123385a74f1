import { describe, expect, it } from 'vitest';
import { cellOperands } from '../cells.ts';
import type { Graph } from '../graph.ts';
import { at, evaluate, indicesOf } from '../reference.testing.ts';
import { runGraph } from '../session.testing.ts';
import type { Box } from '../types.ts';
import { build, cases } from './cases.testing.ts';
import { OPS } from './index.ts';

/** The box of the cells of input `name` that change the cell `index` of `y` when they are changed. */
function trueBox(
  g: Graph,
  feeds: Record<string, number[]>,
  name: string,
  index: readonly number[],
): Box | undefined {
  const shape = g.value(name).shape;
  const before = at(evaluate(g, feeds).get('y')!, index);
  const hits = indicesOf(shape).filter((_, flat) => {
    const changed = { ...feeds, [name]: feeds[name]!.map((v, i) => (i === flat ? v + 0.37 : v)) };
    return at(evaluate(g, changed).get('y')!, index) !== before;
  });
  if (hits.length === 0) return undefined;
  return shape.map((_, d) => [Math.min(...hits.map((h) => h[d]!)), Math.max(...hits.map((h) => h[d]!)) + 1]);
}

describe('the op table', () => {
  it('has a case here for every operation', () => {
    expect([...new Set(cases.map((c) => c.op))].sort()).toEqual(Object.keys(OPS).sort());
  });

  it.each(cases)('$title: shape and values as onnxruntime has them', async (c) => {
    const { g, y, feeds } = build(c);
    const got = (await runGraph(g, ['y'], feeds))['y']!;
    expect(got.shape).toEqual(y.shape);
    expect(y.dims).toHaveLength(y.shape.length);
    const want = evaluate(g, feeds).get('y')!;
    const worst = Math.max(...want.data.map((v, i) => Math.abs(v - got.data[i]!) / (1 + Math.abs(v))));
    expect(worst).toBeLessThan(c.op === 'Cast' ? 1e-3 : 2e-6);
  });

  it.each(cases)('$title: a cell reads the cells it depends on, and no others', (c) => {
    const { g, y, feeds } = build(c);
    for (const index of [
      y.shape.map(() => 0),
      y.shape.map((n) => n - 1),
      y.shape.map((n) => Math.floor(n / 2)),
    ]) {
      const operands = cellOperands(g, 'y', index);
      for (const name of Object.keys(feeds)) {
        const truth = trueBox(g, feeds, name, index);
        const said = operands.find((o) => o.name === name)?.ranges;
        if (!c.loose) expect(said, `${name} of y[${index.join(', ')}]`).toEqual(truth);
        else truth?.forEach(([s, e], d) => expect(s >= said![d]![0] && e <= said![d]![1]).toBe(true));
      }
    }
  });
});
