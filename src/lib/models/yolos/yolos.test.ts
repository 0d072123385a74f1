import katex from 'katex';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import { gaussian, seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { apart, computed, expectNeutral, lively, neutralFeeds, runAll } from '../held.testing.ts';
import { foreignConfig } from '../foreign-config.ts';
import { recognise } from '../registry.ts';
import { CHECKPOINT } from './checkpoint.ts';
import type { YolosConfig } from './config.ts';
import { FAMILY } from './family.ts';
import { yolos, yolosConfig, yolosPresets } from './graph.ts';

const checkpoint = CHECKPOINT;
const tiny = (change: Partial<YolosConfig> = {}) =>
  yolosConfig({
    image: 16,
    imageWidth: 24,
    patch: 8,
    dim: 64,
    depth: 2,
    heads: 1,
    mlpRatio: 2,
    queries: 3,
    classes: 4,
    ...change,
  });
const picture = (c: YolosConfig, batch = 1) =>
  Float32Array.from({ length: batch * c.channels * c.image * (c.imageWidth ?? c.image) }, gaussian(5));

describe('the published sizes', () => {
  // Fang et al. 2021, table 2: parameters in millions; the last is cut, not rounded.
  it.each([
    ['yolos-ti', 6.5, [1, 4251, 192]],
    ['yolos-s', 30.7, [1, 1829, 384]],
    ['yolos-b', 127.8, [1, 4301, 768]],
  ] as const)('%s has %s million parameters', (name, millions, tokens) => {
    const { parameters, tensors } = describeGraph(yolos(yolosPresets[name]!));
    expect(parameters / 1e6).toBeCloseTo(millions, 1);
    expect(tensors.find((t) => t.name === 'tokens')?.shape).toEqual(tokens);
  });
});

describe('the network', () => {
  const c = tiny();
  const weights = lively(yolos(c));

  it('a batch of two is two pictures', async () => {
    const x = picture(c, 2);
    const both = await runAll(yolos(c, { batch: 2 }), { x }, weights);
    const one = await runAll(yolos(c), { x: x.slice(x.length / 2) }, weights);
    for (const name of computed(yolos(c))) {
      const { length } = one[name]!.data;
      expect(apart(both[name]!.data.slice(length), one[name]!.data), name).toBeLessThan(2e-5);
    }
  });

  it('neutral interventions change nothing, and positions go from the tokens and from between the blocks', async () => {
    expectNeutral(FAMILY, c);
    const x = picture(c);
    const g = yolos(c, { interventions: true });
    const feeds = { ...neutralFeeds(FAMILY, c), x };
    const plain = await runAll(yolos(c), { x }, weights);
    const live = await runAll(g, feeds, weights);
    const off = await runAll(g, { ...feeds, pos_scale: [0] }, weights);
    for (const name of computed(yolos(c)))
      expect(apart(live[name]!.data, plain[name]!.data), name).toBeLessThan(2e-6);
    expect(apart(off.tokens!.data, off.cls_cat!.data)).toBe(0);
    expect(apart(off['blocks.0.with_pos']!.data, off['blocks.0']!.data)).toBe(0);
    expect(apart(live['blocks.0.with_pos']!.data, live['blocks.0']!.data)).toBeGreaterThan(0.01);
    expect(yolos(tiny({ midPositions: false })).values.has('blocks.0.with_pos')).toBe(false);
  });

  it.each([false, true])(
    'every tensor has a doc and a cell that says what it is made of: live %s',
    (interventions) => {
      const g = yolos(c, { interventions });
      for (const name of g.tensorNames()) {
        const { doc, kind, shape } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true })).not.toThrow();
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
    },
  );

  it('is refused with a sentence where it cannot be built', () => {
    expect(() => tiny({ imageWidth: 4 })).toThrow(
      'patch: a patch of 8 pixels is larger than the picture, 4.',
    );
    expect(() => tiny({ queries: 0 })).toThrow('queries: must be a whole number from 1 up, not 0.');
    expect(() => tiny({ heads: 3 })).toThrow('heads: the width 64 does not divide into 3 heads.');
  });
});

describe('a bare file of weights', () => {
  it('tells all but rows and columns, which must be set where they are no published ones', () => {
    const c = tiny();
    // As published: a prefix before all but the heads, and the classifier of the first training.
    const own = seededWeights(yolos(c), 1);
    const oldOf = (name: string) => name.replace(/^backbone\./, '');
    const names = own.names().map((name) => (/^(class|bbox)_embed/.test(name) ? name : `backbone.${name}`));
    const source = {
      ...own,
      get: (name: string) => own.get(oldOf(name)),
      names: () => [...names, 'backbone.head.bias'],
    };
    expect(recognise(source).id).toBe('yolos');
    expect(() => checkpoint.infer(source, {})).toThrow(
      'image and imageWidth cannot be read from the weights',
    );
    const { config, assumed } = checkpoint.infer(source, { image: 16, imageWidth: 24 });
    expect(config).toEqual(c);
    expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'gelu', 'heads']);
    expect(checkpoint.bind(source, config).names().sort()).toEqual(own.names().sort());
    expect(() => checkpoint.bind(source, { ...config, midPositions: false })).toThrow(/mid_pos_embed/);
  });

  it('of a published size knows its picture, and of a square one as well', () => {
    const known = tiny({ image: 512, imageWidth: 864, patch: 16, depth: 1, midPositions: false });
    const { config } = checkpoint.infer(seededWeights(yolos(known), 1), {});
    expect(config).toMatchObject({ image: 512, imageWidth: 864, midPositions: false });
    const square = tiny({ image: 24 });
    expect(checkpoint.infer(seededWeights(yolos(square), 1), {}).config).toMatchObject({
      image: 24,
      imageWidth: 24,
    });
  });

  it('of transformers is the same network', () => {
    const folder = 'tests/fixtures/foreign/hf-yolos';
    const source = parseSafetensors(readFileSync(`${folder}/model.safetensors`), 'model.safetensors');
    expect(recognise(source).id).toBe('yolos');
    const { set } = foreignConfig(readFileSync(`${folder}/config.json`, 'utf8'));
    const { config } = checkpoint.infer(source, set);
    expect(config).toMatchObject({
      image: 16,
      imageWidth: 24,
      heads: 2,
      queries: 5,
      classes: 4,
      midPositions: true,
    });
    const needed = [...yolos(config).values.values()].filter(({ kind }) => kind === 'weight');
    expect(checkpoint.bind(source, config).names()).toEqual(
      expect.arrayContaining(needed.map(({ name }) => name)),
    );
  });
});
