import { describe, expect, test } from 'vitest';
import { meanDistance } from '#lib/analysis/attention.ts';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { runCells } from '#lib/cells/run.testing.ts';
import { cells } from './cells.ts';

/** Rows that sum to 1, of scores that a fixed rule makes. */
const scores = new TensorValue(
  [2, 10, 10],
  Float32Array.from({ length: 200 }, (_, i) => Math.sin(i * 1.7) * 3),
  ['h', 'T', 'T'],
);
const probs = scores.softmax();
const tensors = { 'blocks.9.attn.probs': probs, 'blocks.9.attn.scores': scores };
const state = { l: 9, h: 1, p: 16 };
const others = { Plot: { plot: () => 'a chart', areaY: () => 0, lineY: () => 0 } };

describe('the worked cells of lesson 3', () => {
  test('give the distance that the lesson’s own figure has', async () => {
    const { distance, pixels } = await runCells(cells['distance']!.en, { tensors, state, others });
    const own = meanDistance(probs.values, { grid: 3, prefix: 1 }, 100);
    expect(distance).toBeCloseTo(own, 5);
    expect(pixels).toBeCloseTo((own * 224) / 3, 3);
  });

  test('give the weights of the model at temperature 1', async () => {
    const { weights, difference } = await runCells(cells['softmax']!.en, { tensors, state, others });
    expect([...(weights as TensorValue).values]).toEqual([...probs.slice(1, 0).values]);
    expect(difference).toBe(0);
    const hot = cells['softmax']!.zh.map((code) => code.replace('value: 1', 'value: 4'));
    const { difference: other } = await runCells(hot, { tensors, state, others });
    expect(other).toBeGreaterThan(0.01);
  });
});
