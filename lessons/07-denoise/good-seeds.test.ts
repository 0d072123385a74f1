import { expect, it } from 'vitest';
import { GOOD_SEEDS } from './good-seeds.ts';
import { LABELS, STORED } from './model.ts';
import { state } from './state.ts';

it('was measured with these weights, at the settings that the lesson opens with', () => {
  const sha = (STORED.files as Record<string, { sha256: string }>)['model.safetensors']!.sha256;
  expect(sha.startsWith(GOOD_SEEDS.weights), 'measure again: python -m training seeds').toBe(true);
  const { m, n, w } = state.fields;
  expect(GOOD_SEEDS).toMatchObject({ sampler: m.default, steps: n.default, guidance: w.default });
});

it('has seeds that the evaluator names, for every class', () => {
  for (const { id } of LABELS) {
    const best = GOOD_SEEDS.classes[id]!.best;
    expect(best.length, id).toBeGreaterThan(3);
    expect(best[0]!.p, id).toBeGreaterThan(0.9);
    expect(best.map(({ p }) => p)).toEqual(best.map(({ p }) => p).toSorted((a, b) => b - a));
  }
});
