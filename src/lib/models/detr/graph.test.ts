import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { cellOperands } from '#lib/graph/index.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { apart, computed, expectNeutral, lively, neutralFeeds, runAll } from '../held.testing.ts';
import { STEMS, type DetrConfig, type Stem } from './config.ts';
import { FAMILY } from './family.ts';
import { detr, detrConfig } from './graph.ts';
import { sinePositions } from './sines.ts';

const TINY: Partial<DetrConfig> = {
  image: 16,
  imageWidth: 24,
  stride: 4,
  dim: 16,
  heads: 2,
  ffn: 24,
  encoderDepth: 2,
  decoderDepth: 2,
  queries: 5,
  classes: 3,
};
const resnet = { stride: 32, image: 40, imageWidth: 64, blocks: [1, 1, 1, 1], width: 4 };
const tiny = (stem: Stem = 'patches', change: Partial<DetrConfig> = {}) =>
  detrConfig({
    ...TINY,
    stem,
    positionsAtInput: stem === 'cnn',
    ...(stem === 'resnet' && resnet),
    ...change,
  });
const picture = (c: DetrConfig, batch = 1, seed = 11) =>
  Float32Array.from({ length: batch * c.channels * c.image * (c.imageWidth ?? c.image) }, gaussian(seed));
/** Variances are no negative numbers. */
const weightsOf = (c: DetrConfig) => {
  const source = lively(detr(c));
  const bytes = source.buffers.get('seeded.bin')!;
  for (const name of source.names().filter((each) => each.endsWith('running_var'))) {
    const { offset, length } = source.get(name)!;
    const values = new Float32Array(bytes.buffer, bytes.byteOffset + offset, length / 4);
    values.forEach((v, i) => (values[i] = 1 + Math.abs(v)));
  }
  return source;
};

describe.each(STEMS)('with tokens from %s', (stem) => {
  const c = tiny(stem);
  const weights = weightsOf(c);

  it('a batch of two is two pictures', async () => {
    const x = picture(c, 2);
    const g = detr(c, { batch: 2 });
    const both = await runAll(g, { x }, weights);
    const half = x.length / 2;
    const one = await runAll(detr(c), { x: x.slice(half) }, weights);
    for (const name of computed(g)) {
      const { length } = one[name]!.data;
      expect(apart(both[name]!.data.slice(length), one[name]!.data), name).toBeLessThan(2e-5);
    }
  });

  it('neutral interventions change nothing, and are those that the family lists', async () => {
    expectNeutral(FAMILY, c);
    const x = picture(c);
    const plain = await runAll(detr(c), { x }, weights);
    const live = await runAll(detr(c, { interventions: true }), { x, ...neutralFeeds(FAMILY, c) }, weights);
    for (const name of computed(detr(c)))
      expect(apart(live[name]!.data, plain[name]!.data), name).toBeLessThan(2e-6);
  });

  it.each([false, true])(
    'every tensor has a doc, a cell that says what it is made of, and lines in PyTorch: live %s',
    (interventions) => {
      const g = detr(c, { interventions });
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
      for (const name of ['boxes', 'probs'])
        expect(torchScript(g, name, { title: 't' }).code).toContain('result');
    },
  );
});

describe('what a reader may change', () => {
  const c = tiny();
  const weights = weightsOf(c);
  const x = picture(c);
  const neutral = neutralFeeds(FAMILY, c);
  const run = (change: Record<string, number[]> = {}) =>
    runAll(detr(c, { interventions: true }), { x, ...neutral, ...change }, weights);
  const last = 'transformer.decoder.layers.1';

  it('queries that do not see one another answer each for itself', async () => {
    const off = await run({ query_attention: [0] });
    const first = off['transformer.decoder.layers.0.self_attn.residual']!.data;
    expect(first.every((v) => v === 0)).toBe(true);
    expect(apart(off[`${last}.self_attn.residual`]!.data, off['transformer.decoder.layers.0']!.data)).toBe(0);
    // Another query's absence changes nothing now, and something when they see one another.
    const alone = { query_mask: [1, 1, 1, 1, 0] };
    const without = await run({ query_attention: [0], ...alone });
    const [seeing, all] = [await run(alone), await run()];
    const firstBox = (of: Awaited<ReturnType<typeof run>>) => of.boxes!.data.slice(0, 4);
    expect(apart(firstBox(without), firstBox(off))).toBe(0);
    expect(apart(firstBox(seeing), firstBox(all))).toBeGreaterThan(1e-5);
  });

  it('a query that is taken out says “no object”, and nobody looks at it', async () => {
    const got = await run({ query_mask: [1, 0, 1, 1, 1] });
    const probs = got.probs!.data;
    expect([...probs.slice(4, 8)]).toEqual([0, 0, 0, 1]);
    expect(probs[3]).toBeLessThan(1);
    const maps = got[`${last}.self_attn.probs`]!.data;
    for (let row = 0; row < 2 * 5; row++) expect(maps[row * 5 + 1]).toBe(0);
  });

  it('queries that do not differ all answer the same', async () => {
    const { boxes, probs } = await run({ query_spread: [0] });
    for (const [{ data }, width] of [
      [boxes!, 4],
      [probs!, 4],
    ] as const)
      for (let q = 1; q < 5; q++)
        expect(apart(data.slice(q * width, (q + 1) * width), data.slice(0, width))).toBeLessThan(1e-6);
    const own = (await run()).boxes!.data;
    expect(apart(own.slice(4, 8), own.slice(0, 4))).toBeGreaterThan(1e-3);
  });

  it('without positions a token is what it shows: pictures of the same patches in another order give the same memory in that order', async () => {
    // Left and right halves exchanged: columns 0 to 2 and 3 to 5 of the map.
    const swapped = Float32Array.from({ length: x.length }, (_, i) => {
      const column = i % 24;
      return x[i - column + ((column + 12) % 24)]!;
    });
    const off = { pos_scale: [0], key_pos_scale: [0] };
    const g = detr(c, { interventions: true });
    const a = await runAll(g, { x, ...neutral, ...off }, weights);
    const b = await runAll(g, { x: swapped, ...neutral, ...off }, weights);
    const row = (of: typeof a, n: number) => of!.memory!.data.slice(n * 16, (n + 1) * 16);
    for (let n = 0; n < 24; n++) {
      const column = n % 6;
      expect(apart(row(b, n), row(a, n - column + ((column + 3) % 6)))).toBeLessThan(1e-5);
    }
    expect(apart(b!.boxes!.data, a!.boxes!.data)).toBeLessThan(1e-5);
    expect(apart(a!['transformer.decoder.keys']!.data, a!.memory!.data)).toBe(0);
  });

  it.each([
    ['head_mask', 'transformer.encoder.layers.1.self_attn.out'],
    ['query_head_mask', `${last}.self_attn.out`],
    ['cross_head_mask', `${last}.multihead_attn.out`],
  ])('a head cut by %s gives nothing, the others do', async (mask, name) => {
    const { data, shape } = (await run({ [mask]: [1, 1, 1, 0] }))[name]!;
    const one = shape.slice(-2).reduce((a, b) => a * b, 1);
    expect(data.subarray(one).every((v) => v === 0)).toBe(true);
    expect(data.subarray(0, one).every((v) => v !== 0)).toBe(true);
  });

  it.each(['patches', 'cnn'] as const)('a picture that %s do not fill is cut or padded', async (stem) => {
    const odd = tiny(stem, { image: 18, imageWidth: 25, dim: 32 });
    const got = await runAll(detr(odd), { x: picture(odd) }, weightsOf(odd));
    expect(got.input_proj!.shape).toEqual([1, 32, ...(stem === 'cnn' ? [5, 7] : [4, 6])]);
  });

  it('a picture of another size is a variant with the same weights', async () => {
    const { config, weights: same } = FAMILY.variants!.adapt(weights, c, { image: 32, imageWidth: 8 });
    expect(config).toMatchObject({ image: 32, imageWidth: 8 });
    const got = await runAll(detr(config), { x: picture(config) }, same);
    expect(got['transformer.decoder.layers.0.multihead_attn.probs']!.shape).toEqual([1, 2, 5, 16]);
    expect(FAMILY.variants!.adapt(weights, c, { image: 32 }).config).not.toHaveProperty('imageWidth');
    expect(FAMILY.variants!.adapt(weights, c, {}).config).toEqual(c);
    const covers = (image: number) => FAMILY.variants!.covers!({ ...c, image });
    expect([16, 18].map(covers)).toEqual([true, false]);
  });
});

it('positions at the input are those of queries and keys, and go with them', async () => {
  const c = tiny('cnn', { dim: 32 });
  const g = detr(c, { interventions: true });
  const feeds = { x: picture(c), ...neutralFeeds(FAMILY, c) };
  const on = await runAll(g, { ...feeds, pos_scale: [1] }, weightsOf(c));
  const off = await runAll(g, { ...feeds, pos_scale: [0] }, weightsOf(c));
  const first = 'transformer.encoder.layers.0.with_pos';
  const [tokens, placed, twice] = ['tokens', 'tokens.with_pos', first].map((name) => on![name]!.data);
  expect(
    apart(
      Float32Array.from(placed!, (v, i) => 2 * v - tokens![i]!),
      twice!,
    ),
  ).toBeLessThan(1e-6);
  expect(apart(placed!.subarray(0), tokens!)).toBeGreaterThan(0.1);
  expect(apart(off![first]!.data, off!.tokens!.data)).toBe(0);
});

describe('maps of attention', () => {
  it('are shares: every row sums to 1', async () => {
    const c = tiny('cnn', { dim: 32 });
    const g = detr(c);
    const got = await runAll(g, { x: picture(c) }, weightsOf(c));
    const maps = computed(g).filter((name) => name.endsWith('attn.probs'));
    expect(maps).toHaveLength(6);
    for (const name of maps) {
      const { data, shape } = got[name]!;
      const width = shape.at(-1)!;
      for (let at = 0; at < data.length; at += width)
        expect(data.subarray(at, at + width).reduce((a, v) => a + v, 0)).toBeCloseTo(1, 5);
    }
  });
});

describe('the fixed positions', () => {
  it('are sines and cosines of the row, then of the column, over one turn', () => {
    const table = sinePositions(2, 4, 8);
    // Row 1 of 2 and column 3 of 4 are a full turn, row 0 half of one.
    const [half, quarter] = [Math.PI, Math.PI / 2];
    const expected = [Math.sin(half), Math.cos(half), Math.sin(half / 100), Math.cos(half / 100)];
    const across = [Math.sin(quarter), Math.cos(quarter), Math.sin(quarter / 100), Math.cos(quarter / 100)];
    [...expected, ...across].forEach((v, i) => expect(table[i], String(i)).toBeCloseTo(v, 5));
    expect(table).toHaveLength(64);
    for (const [i, v] of [0, 1, Math.sin(Math.PI / 50), Math.cos(Math.PI / 50)].entries())
      expect(table[7 * 8 + i]).toBeCloseTo(v, 5);
  });
});
