import { describe, expect, it } from 'vitest';
import { flipped, similarityMatrix } from '#lib/analysis/contrast.ts';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { float32Of } from '#lib/weights/source.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { apart, expectTensors, lively, runAll } from '../held.testing.ts';
import { clip, clipConfig, clipPresets, PICTURE, TOKENS, type CLIPConfig } from './graph.ts';
import { FAMILY } from './family.ts';
import { referenceClip } from './reference.testing.ts';

const TINY: Partial<CLIPConfig> = {
  image: 8,
  patch: 4,
  dim: 8,
  depth: 2,
  heads: 2,
  mlpRatio: 2,
  vocabulary: 20,
  context: 6,
  textDim: 12,
  textDepth: 2,
  textHeads: 3,
  embed: 10,
  texts: 2,
};
const ROWS = [
  [1, 9, 7, 2, 0, 0],
  [1, 2, 0, 0, 0, 0],
];
const picture = (c: CLIPConfig, batch = 1) =>
  Float32Array.from({ length: batch * c.channels * c.image ** 2 }, gaussian(11));
const ids = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat());

describe('every tensor is what its formula says', () => {
  const variants: Record<string, Partial<CLIPConfig>> = {
    'our own': {},
    'OpenAI’s: a LayerNorm before the blocks, CLS with a position, the quick GELU, another end': {
      preNorm: true,
      clsPosition: true,
      gelu: 'sigmoid',
      end: 19,
      normEps: 1e-5,
    },
    'one text, one channel': { texts: 1, channels: 1, gelu: 'tanh' },
  };
  it.each(Object.entries(variants))('%s', async (_, change) => {
    const c = clipConfig({ ...TINY, ...change });
    const rows = ROWS.slice(0, c.texts).map((row) => row.map((id) => (id === 2 ? (c.end ?? 2) : id)));
    const g = clip(c);
    const weights = lively(g);
    const x = picture(c);
    const got = await runAll(g, { [PICTURE]: x, [TOKENS]: ids(rows) }, weights);
    expectTensors(
      g,
      got,
      referenceClip(c, (name) => float32Of(weights, name) ?? [], x, rows),
    );
  });
});

describe('the towers', () => {
  const c = clipConfig(TINY);
  const weights = lively(clip(c));

  it('need their own input alone', async () => {
    const text = await runGraph(clip(c), ['text.embedding'], { [TOKENS]: ids(ROWS) }, weights);
    const seen = await runGraph(clip(c), ['visual.embedding'], { [PICTURE]: picture(c) }, weights);
    const both = await runAll(clip(c), { [PICTURE]: picture(c), [TOKENS]: ids(ROWS) }, weights);
    expect(apart(text['text.embedding']!.data, both['text.embedding']!.data)).toBe(0);
    expect(apart(seen['visual.embedding']!.data, both['visual.embedding']!.data)).toBe(0);
  });

  it('end in vectors of length 1, many pictures and many texts at once', async () => {
    const g = clip(c, { batch: 3 });
    const got = await runAll(g, { [PICTURE]: picture(c, 3), [TOKENS]: ids(ROWS) }, weights);
    expect(got['logits']!.shape).toEqual([3, 2]);
    for (const [name, count] of [
      ['visual.embedding', 3],
      ['text.embedding', 2],
    ] as const)
      for (let i = 0; i < count; i++)
        expect(Math.hypot(...got[name]!.data.slice(i * 10, (i + 1) * 10))).toBeCloseTo(1, 5);
    const one = await runAll(
      clip(c),
      { [PICTURE]: picture(c, 3).slice(0, 192), [TOKENS]: ids(ROWS) },
      weights,
    );
    expect(apart(got['logits']!.data.slice(0, 2), one['logits']!.data)).toBeLessThan(1e-4);
  });

  it('meet in the product of what they end in', async () => {
    const names = ['visual.embedding', 'text.embedding', 'logits'];
    const g = clip(c, { batch: 3 });
    const got = await runGraph(g, names, { [PICTURE]: picture(c, 3), [TOKENS]: ids(ROWS) }, weights);
    const scale = Math.exp(float32Of(weights, 'logit_scale')![0]!);
    const [pictures, texts] = [got['visual.embedding']!.data, got['text.embedding']!.data];
    const { data } = flipped(similarityMatrix(texts, pictures, c.embed, scale));
    expect(apart(got['logits']!.data, data)).toBeLessThan(1e-6);
  });

  it('a token sees none that comes after it, and what follows <end> changes nothing', async () => {
    const other = [
      [1, 9, 7, 2, 5, 6],
      [1, 2, 8, 8, 8, 8],
    ];
    const g = clip(c);
    const names = ['text.embedding', 'text.blocks.0.attn.probs'];
    const a = await runGraph(g, names, { [TOKENS]: ids(ROWS) }, weights);
    const b = await runGraph(g, names, { [TOKENS]: ids(other) }, weights);
    expect(apart(a['text.embedding']!.data, b['text.embedding']!.data)).toBeLessThan(1e-6);
    const { data, shape } = a['text.blocks.0.attn.probs']!;
    expect(shape).toEqual([2, 3, 6, 6]);
    data.forEach((p, i) =>
      i % 6 > Math.floor(i / 6) % 6 ? expect(p).toBe(0) : expect(p).toBeGreaterThan(0),
    );
  });
});

describe('what it is fed', () => {
  const c = clipConfig(TINY);
  const given = { time: 0, class: -1, seed: 0, visible: [] };

  it('is the picture and a row for each text; nothing while one is missing or they are of another number', () => {
    const x = picture(c);
    expect(FAMILY.feed(c, { ...given, picture: x, tokens: ROWS })).toEqual({
      [PICTURE]: x,
      [TOKENS]: ids(ROWS),
    });
    expect(FAMILY.feed(c, { ...given, picture: x })).toBeUndefined();
    expect(FAMILY.feed(c, { ...given, tokens: ROWS })).toBeUndefined();
    expect(FAMILY.feed(c, { ...given, picture: x, tokens: ROWS.slice(1) })).toBeUndefined();
  });
});

describe('configurations', () => {
  it.each([
    ['textHeads', { textHeads: 5 }],
    ['context', { context: 2 }],
    ['end', { end: 20 }],
    ['texts', { texts: 20_000 }],
    ['texts', { texts: 0 }],
    ['mlpRatio', { mlpRatio: 0.3 }],
    ['gelu', { gelu: 'relu' as 'erf' }],
    ['embed', { embed: 0 }],
  ])('%s must be possible', (field, change) => {
    expect(() => clipConfig({ ...TINY, ...change })).toThrow(
      expect.objectContaining({ field }) as ConfigError,
    );
  });

  // Parameters as counted in PyTorch for OpenAI's models; multiply-adds of a picture and of one text by their formulas.
  it.each([
    ['clip-b-32', 151_277_313, 50],
    ['clip-b-16', 149_620_737, 197],
  ])('%s has %i parameters', (name, parameters, tokens) => {
    const c = clipPresets[name]!;
    const d = describeGraph(clip(c));
    expect(d.parameters).toBe(parameters);
    const block = (t: number, dim: number) => 12 * (12 * t * dim ** 2 + 2 * t * t * dim);
    const [picture, text] = [block(tokens, 768), block(77, 512)];
    const ends = (tokens - 1) * 3 * c.patch ** 2 * 768 + 768 * 512 + 512 * 512;
    expect(d.macs).toBe(picture + text + ends + 512);
  });

  it('our own has as many as in PyTorch', () => {
    expect(describeGraph(clip(clipPresets['clip-ti-8-64']!)).parameters).toBe(7_989_889);
  });
});
