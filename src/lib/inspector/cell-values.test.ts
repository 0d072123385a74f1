import { describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { Graph } from '#lib/graph/index.ts';
import { cellReader, fetchedAs } from './cell-values.ts';

const g = new Graph('a test');
const scores = g.identity(g.input('x', [1, 2, 2, 3], ['B', 'h', 'T', 'T']), 'scores');
const whole: Tensor = {
  name: 'scores',
  shape: [2, 2, 3],
  dims: ['h', 'T', 'T'],
  data: Float32Array.from({ length: 12 }, (_, i) => i),
};
const part: Tensor = { name: 'scores[1]', shape: [2, 3], dims: ['T', 'T'], data: whole.data.subarray(6) };

describe('values of cells', () => {
  it('are read of the whole tensor, or of the part they lie in, by the same index', () => {
    const tensor = (name: string) => [whole, part].find((t) => t.name === name);
    for (const large of [false, true]) {
      const read = cellReader({ graph: g, tensor, tooLarge: () => large });
      expect(read('scores', [0, 1, 1, 2])).toBe(11);
    }
    const read = cellReader({ graph: g, tensor, tooLarge: () => true });
    expect(read('scores', [0, 0, 1, 2])).toBeUndefined();
  });

  it('are fetched by the name of the one part they lie in, where the whole is too large', () => {
    const row = [
      [0, 1],
      [1, 2],
      [1, 2],
      [0, 3],
    ] as const;
    expect(fetchedAs(scores, row, false)).toBe('scores');
    expect(fetchedAs(scores, row, true)).toBe('scores[1]');
    expect(
      fetchedAs(
        scores,
        [
          [0, 1],
          [0, 2],
          [1, 2],
          [0, 3],
        ],
        true,
      ),
    ).toBeUndefined();
  });
});
