import { max } from 'd3-array';
import { describe, expect, test } from 'vitest';
import { mix } from '#lib/diffusion/math/index.ts';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { runCells } from '#lib/cells/run.testing.ts';
import { cells } from './cells.ts';
import { tableOf, weightsOf } from './schedules.ts';

const shape = [3, 2, 2];
const x0 = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
const epsilon = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i * 3));
const others = { Plot: { plot: () => 'a chart', lineY: () => 0 }, d3: { max } };
const given = (name: 'linear' | 'cosine', t: number) => {
  const { alphasCumprod } = tableOf(name);
  const [a, b] = weightsOf('vp', alphasCumprod[t] ?? 1);
  const tensors = {
    x0: new TensorValue(shape, x0),
    epsilon: new TensorValue(shape, epsilon),
    x_t: new TensorValue(shape, mix(x0, [a, x0], [b, epsilon])),
    alphas_cumprod: new TensorValue([1000], alphasCumprod),
  };
  return { tensors, state: { t }, others };
};

describe('the worked cells of lesson 6', () => {
  test('give the x_t that the lesson shows, at any step', async () => {
    for (const t of [0, 249, 999]) {
      const { difference } = await runCells(cells['mix']!.en, given('cosine', t));
      expect(difference).toBeLessThan(1e-5);
    }
  });

  test('give the linear schedule of the lesson, and not another', async () => {
    const { difference } = await runCells(cells['schedule']!.zh, given('linear', 0));
    expect(difference).toBeLessThan(1e-6);
    expect((await runCells(cells['schedule']!.en, given('cosine', 0)))['difference']).toBeGreaterThan(0.1);
  });
});
