import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { cellOperands } from '#lib/graph/index.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { float32Of } from '#lib/weights/source.ts';
import { expectNeutral, expectTensors, lively, runAll } from '../held.testing.ts';
import { FAMILY } from './family.ts';
import {
  autoregressive,
  autoregressiveConfig,
  autoregressivePresets,
  autoregressiveSizes,
  type AutoregressiveConfig,
} from './graph.ts';
import { referenceCodes } from './reference.testing.ts';

const TINY: Partial<AutoregressiveConfig> = {
  codes: 5,
  sides: [2],
  entryDim: 3,
  dim: 8,
  depth: 2,
  heads: 2,
  mlpRatio: 2,
  classes: 3,
  contextTokens: 2,
  contextDim: 6,
};
const VARIANTS: Record<string, Partial<AutoregressiveConfig>> = {
  'raster, qkv with bias': { qkvBias: true },
  'raster without text, tanh GELU': { contextTokens: 0, gelu: 'tanh' },
  'masked, no styles': { order: 'masked', classes: 0 },
  scales: { order: 'scales', sides: [1, 2, 3] },
  'scales without text': { order: 'scales', sides: [1, 3], contextTokens: 0, normEps: 0.01 },
};
const noise = (n: number, seed: number) => Float32Array.from({ length: n }, gaussian(seed));

describe('every tensor is what its formula says, in each variant', () => {
  it.each(Object.entries(VARIANTS))('%s', async (_, change) => {
    const c = autoregressiveConfig({ ...TINY, ...change });
    const { fed, rows } = autoregressiveSizes(c);
    const g = autoregressive(c, { batch: 2 });
    const weights = lively(g);
    const each = c.order === 'scales' ? fed * c.entryDim : fed;
    const known =
      c.order === 'scales'
        ? noise(2 * each, 5)
        : Float32Array.from({ length: 2 * each }, (_, i) => (3 * i + 1) % rows);
    const words = c.contextTokens * c.contextDim;
    const context = noise(2 * words, 6);
    const y = [0, c.classes];
    const input = { [c.order === 'scales' ? 'sums' : 'codes']: known };
    const got = await runAll(g, { ...input, y, ...(words > 0 && { context }) }, weights);
    for (const i of [0, 1]) {
      const want = referenceCodes(c, (name) => float32Of(weights, name) ?? [], {
        context: context.slice(i * words, (i + 1) * words),
        y: y[i]!,
        known: known.slice(i * each, (i + 1) * each),
      });
      expectTensors(g, got, want, i);
    }
  });
});

it.each(Object.entries({ ...VARIANTS, 'a step with a cache': { cached: 1 } }))(
  '%s: inputs that change nothing, docs in both languages, and cells that say what they are made of',
  (_, change) => {
    const c = autoregressiveConfig({ ...TINY, ...change });
    expectNeutral(FAMILY, c);
    for (const live of [false, true]) {
      const g = autoregressive(c, { interventions: live });
      for (const name of g.tensorNames()) {
        const { doc, kind, shape } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(doc?.title.zh, name).toMatch(/[一-鿿]/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true }), name).not.toThrow();
        if (kind !== 'node') continue;
        expect(doc?.torch, name).toMatch(/=/);
        expect(
          cellOperands(
            g,
            name,
            shape.map((n) => n - 1),
          ).length,
          name,
        ).toBeGreaterThan(0);
      }
    }
  },
);

it('has as many parameters as the same modules in PyTorch, in millions', () => {
  const counted = Object.entries(autoregressivePresets).map(([name, config]) => [
    name,
    (describeGraph(autoregressive(config)).parameters / 1e6).toFixed(2),
  ]);
  expect(counted).toEqual([
    ['codes-raster-192', '3.81'],
    ['codes-masked-192', '3.81'],
    ['codes-scales-192', '3.72'],
  ]);
});
