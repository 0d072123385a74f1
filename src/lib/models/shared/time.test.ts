import { describe, expect, it } from 'vitest';
import { Graph } from '#lib/graph/index.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { classRow, frequencies, sinusoid, timeInput } from './time.ts';

describe('the sinusoid of the time', () => {
  it.each([8, 256])('ends at 1/10000 where diffusers’ shift is set, width %i', (width) => {
    const f = frequencies(width, 1);
    expect(f).toHaveLength(width / 2);
    expect(f[0]).toBe(1);
    expect(f.at(-1)).toBeCloseTo(1e-4, 8);
  });

  it.each([8, 256, 512])('has frequencies from 1 down to nearly 1/10000, width %i', (width) => {
    const f = frequencies(width);
    expect(f).toHaveLength(width / 2);
    f.forEach((v, i) => expect(v * 10000 ** ((2 * i) / width)).toBeCloseTo(1, 5));
  });

  it('is cos, then sin, of t times them, exact to 2e-7 for times to 1000 and beyond', async () => {
    const times = [0, 0.001, 0.5, 1, 3.14159, 99.9, 500, 998.9990234375, 1000, 4000];
    const g = new Graph('time');
    sinusoid(g, timeInput(g, times.length, false), 64, 'D', 'e');
    const { e } = await runGraph(g, ['e'], { t: times });
    const f = frequencies(64);
    times.forEach((t, row) => {
      for (let i = 0; i < 32; i++) {
        const angle = Math.fround(Math.fround(t) * f[i]!);
        expect(e!.data[row * 64 + i]).toBeCloseTo(Math.cos(angle), 6);
        expect(e!.data[row * 64 + 32 + i]).toBeCloseTo(Math.sin(angle), 6);
      }
    });
  });
});

describe('the row of a class', () => {
  it('is that of its index, given as a whole float', async () => {
    const g = new Graph('class');
    g.identity(classRow(g, 3, 'table', 4, 2), 'row');
    const bytes = new Uint8Array(Float32Array.from({ length: 8 }, (_, i) => i).buffer);
    const entry = { dtype: 'F32' as const, shape: [4, 2], file: 'f', offset: 0, length: 32 };
    const weights = { get: () => entry, names: () => ['table'], buffers: new Map([['f', bytes]]) };
    const { row } = await runGraph(g, ['row'], { y: [3, 0, 2] }, weights);
    expect([...row!.data]).toEqual([6, 7, 0, 1, 4, 5]);
  });
});
