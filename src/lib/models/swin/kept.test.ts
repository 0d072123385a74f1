import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { apart, computed, lively, neutralFeeds, runAll } from '../held.testing.ts';
import { FAMILY } from './family.ts';
import { swin, swinConfig } from './graph.ts';
import { keepingOf, keptFeeds, keptInputs, mostActive } from './kept.ts';
import { TINY } from './reference.testing.ts';

const c = swinConfig(TINY);
const some = { ...c, kept: [5, 3] };
const weights = lively(swin(c));
const x = Float32Array.from({ length: 3 * 16 * 16 }, gaussian(11));
/** The windows that are computed, of both stages and partitions. */
const CHOSEN = {
  'layers.0.': [1, 4, 7, 8, 15],
  'layers.0.shifted_': [0, 3, 10, 12, 15],
  'layers.1.': [0, 2, 3],
  'layers.1.shifted_': [1, 2, 3],
} as const;
const counts = [16, 16, 4, 4];

describe('some windows computed alone', () => {
  const chosen = Object.entries(CHOSEN).flatMap(([name, ids], i) => {
    const { keep, restore } = keepingOf(ids, counts[i]!);
    return [
      [`${name}ids_keep`, keep],
      [`${name}ids_restore`, restore],
    ] as const;
  });
  const masks = Object.entries(CHOSEN).map(([name, ids], i) => [
    `${name}keep`,
    Array.from({ length: counts[i]! }, (_, w) => Number((ids as readonly number[]).includes(w))),
  ]);
  let gathered: Record<string, Tensor>;
  let masked: Record<string, Tensor>;
  beforeAll(async () => {
    gathered = await runAll(swin(some), { x, ...Object.fromEntries(chosen) }, weights);
    const feeds = { x, ...neutralFeeds(FAMILY, c), ...Object.fromEntries(masks) };
    masked = await runAll(swin(c, { interventions: true }), feeds, weights);
  });

  it('give what masks over all windows give', () => {
    for (const name of [
      'layers.0.blocks.0',
      'layers.0.blocks.1',
      'layers.1.blocks.0',
      'layers.1.blocks.1',
      'logits',
    ])
      expect(apart(gathered[name]!.data, masked[name]!.data), name).toBeLessThan(2e-6);
    // And not what no mask gives.
    expect(gathered['layers.0.blocks.0.kept']!.shape).toEqual([1, 5, 4, 8]);
  });

  it('put a window that is not computed back as it came in', () => {
    const { data: before } = gathered['layers.0.blocks.1.windows']!;
    const { data: after } = gathered['layers.0.blocks.1.restored']!;
    for (let w = 0; w < 16; w++) {
      const [a, b] = [before, after].map((of) => of.slice(w * 32, w * 32 + 32));
      if ((CHOSEN['layers.0.shifted_'] as readonly number[]).includes(w))
        expect(apart(a!, b!)).toBeGreaterThan(1e-3);
      else expect(b).toEqual(a);
    }
  });

  it('cost in proportion to their number', () => {
    const work = (of: typeof c, stage: number) =>
      describeGraph(swin(of))
        .tensors.filter(({ name }) => name.startsWith(`layers.${stage}.blocks`))
        .reduce((sum, { macs }) => sum + macs, 0);
    expect(work(some, 0) / work(c, 0)).toBeCloseTo(5 / 16, 10);
    expect(work(some, 1) / work(c, 1)).toBeCloseTo(3 / 4, 10);
  });

  it('as a variant: all of a stage are no choice, and the weights stay', () => {
    const at = FAMILY.variants!.adapt(weights, c, { kept: [16, 2], image: 16 });
    expect(at.weights).toBe(weights);
    expect(keptInputs(at.config).map(({ name, shape }) => [name, shape])).toEqual([
      ['layers.1.ids_keep', [2]],
      ['layers.1.ids_restore', [4]],
      ['layers.1.shifted_ids_keep', [2]],
      ['layers.1.shifted_ids_restore', [4]],
    ]);
    const live = swin(at.config, { interventions: true });
    expect(live.values.has('layers.0.keep')).toBe(true);
    expect(live.values.has('layers.1.keep')).toBe(false);
  });

  it('are inputs of the graph, and each tensor has its docs', () => {
    const g = swin(some, { interventions: true });
    const inputs = [...g.values.values()].filter((v) => v.kind === 'input');
    expect(Object.fromEntries(inputs.map((v) => [v.name, v.shape]))).toEqual(
      Object.fromEntries(FAMILY.inputs(some).map(({ name, shape }) => [name, shape])),
    );
    for (const name of computed(g)) expect(g.value(name).doc?.torch, name).toContain('=');
    for (const { name, doc } of inputs) expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('which windows', () => {
  it('are the most active ones, in the order of the grid', () => {
    expect(mostActive([3, 9, 1, 9, 4], 3)).toEqual([1, 3, 4]);
    const feeds = keptFeeds(some, (name) => (name === 'layers.1.window_scores' ? [1, 5, 3, 4] : undefined));
    expect([...feeds['layers.1.ids_keep']!]).toEqual([1, 2, 3]);
    expect([...feeds['layers.1.ids_restore']!]).toEqual([3, 0, 1, 2]);
    expect([...feeds['layers.0.ids_keep']!]).toEqual([0, 1, 2, 3, 4]);
    expect(Object.keys(feeds)).toHaveLength(8);
  });

  it('none may be named twice or lie outside', () => {
    expect(() => keepingOf([1, 1], 4)).toThrow('The window 1 is there twice');
    expect(() => keepingOf([4], 4)).toThrow('outside 0 to 3');
  });

  it.each<[object, string]>([
    [{ kept: [5] }, 'kept: must have one number for each of the 2 stages, not 1.'],
    [{ kept: [17, 3] }, 'kept: stage 0 has 16 windows, fewer than 17.'],
    [{ kept: [0, 3] }, 'kept: must be a list of whole numbers from 1 up, not 0,3.'],
    [{ kept: [5, 3], attention: 'linear' }, 'kept: needs windows, and an MLP that looks at no neighbours.'],
    [{ kept: [5, 3], mlp: 'depthwise' }, 'kept: needs windows'],
  ])('cannot be %j', (change, message) => {
    expect(() => swinConfig({ ...c, ...change })).toThrow(message);
  });
});
