import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { gaussian } from '#lib/graph/seeded.ts';
import { float32Of } from '#lib/weights/source.ts';
import { apart, expectTensors, lively, runAll } from '../held.testing.ts';
import { referenceMae } from './reference.testing.ts';
import { mae, maeConfig, maePresets, maeSizes, maskingOf, maskRatioFor, type MAEConfig } from './graph.ts';
import { maeInterventions } from './interventions.ts';
import { vit, vitPresets } from '../vit/graph.ts';

const TINY: Partial<MAEConfig> = {
  image: 9,
  patch: 3,
  dim: 8,
  depth: 2,
  heads: 2,
  mlpRatio: 2,
  decoderDim: 12,
  decoderDepth: 1,
  decoderHeads: 3,
  maskRatio: 0.6,
};
const picture = (c: MAEConfig, seed = 11) =>
  Float32Array.from({ length: c.channels * c.image ** 2 }, gaussian(seed));

describe('every tensor is what its formula says', () => {
  const variants: [string, Partial<MAEConfig>, number[]][] = [
    ['three of nine patches, shuffled', {}, [7, 0, 4]],
    ['one patch', { maskRatio: 0.85 }, [5]],
    ['nothing masked, one channel', { maskRatio: 0, channels: 1 }, [3, 1, 2, 0, 8, 7, 6, 5, 4]],
    ['no qkv bias, tanh GELU', { qkvBias: false, gelu: 'tanh' }, [0, 1, 2]],
  ];
  it.each(variants)('%s', async (_, change, keep) => {
    const c = maeConfig({ ...TINY, ...change });
    const g = mae(c);
    const weights = lively(g);
    const x = picture(c);
    const got = await runAll(g, { x, ...maskingOf(keep, 9) }, weights);
    expectTensors(
      g,
      got,
      referenceMae(c, (name) => float32Of(weights, name) ?? [], x, keep),
    );
  });

  it('what is masked cannot be seen: its pixels change nothing', async () => {
    const c = maeConfig(TINY);
    const g = mae(c);
    const x = picture(c);
    const other = x.slice();
    // Patch 2 is the upper right corner.
    for (let ch = 0; ch < 3; ch++)
      for (let y = 0; y < 3; y++) for (let i = 6; i < 9; i++) other[ch * 81 + y * 9 + i] = 9;
    const ids = maskingOf([0, 4, 8], 9);
    const a = await runAll(g, { x, ...ids }, lively(g));
    const b = await runAll(g, { x: other, ...ids }, lively(g));
    expect(apart(a['patches']!.data, b['patches']!.data)).toBeGreaterThan(0.1);
    expect(apart(a['reconstruction']!.data, b['reconstruction']!.data)).toBe(0);
  });

  it('two pictures share one masking', async () => {
    const c = maeConfig(TINY);
    const [a, b] = [picture(c, 1), picture(c, 2)];
    const ids = maskingOf([7, 0, 4], 9);
    const g = mae(c, { batch: 2 });
    const both = await runAll(g, { x: Float32Array.from([...a, ...b]), ...ids }, lively(g));
    const second = await runAll(mae(c), { x: b, ...ids }, lively(mae(c)));
    const { data } = both['reconstruction']!;
    expect(apart(data.slice(data.length / 2), second['reconstruction']!.data)).toBeLessThan(1e-6);
  });
});

describe('interventions', () => {
  const c = maeConfig(TINY);
  const neutral = Object.fromEntries(maeInterventions(c).map(({ name, neutral }) => [name, neutral!]));
  const g = mae(c, { interventions: true });
  const weights = lively(g);
  const fed = { x: picture(c), ...maskingOf([7, 0, 4], 9) };
  const run = (change: Record<string, readonly number[]> = {}) =>
    runAll(
      g,
      {
        ...fed,
        ...neutral,
        ...Object.fromEntries(Object.entries(change).map(([name, v]) => [name, Float32Array.from(v)])),
      },
      weights,
    );
  const rows = (data: ArrayLike<number>, width: number) =>
    Array.from({ length: data.length / width }, (_, n) => Array.from(data).slice(n * width, (n + 1) * width));

  it('with neutral values every tensor is as without them', async () => {
    const [with_, without] = [await run(), await runAll(mae(c), fed, weights)];
    for (const [name, { data }] of Object.entries(without)) {
      expect(with_[name], name).toBeDefined();
      expect(apart(with_[name]!.data, data), name).toBeLessThan(1e-6);
    }
  });

  it('a factor of 0 leaves of a patch its place alone', async () => {
    const out = await run({ patch_scale: [0, 1, 1, 1, 1, 1, 1, 1, 1] });
    const table = rows(out['pos_added']!.data, 8)[0]!;
    const other = await runAll(
      g,
      { ...fed, ...neutral, x: picture(c, 5), patch_scale: new Float32Array(9) },
      weights,
    );
    expect(apart(rows(other['pos_added']!.data, 8)[0]!, table)).toBeLessThan(1e-6);
  });

  it('the mask token is scaled, or the mean of the seen tokens stands in its place', async () => {
    const zero = rows((await run({ mask_scale: [0] }))['unshuffled']!.data, 12);
    expect(apart(zero[1]!, Array<number>(12).fill(0))).toBe(0);
    const out = await run({ mask_scale: [0], mask_mean: [1] });
    const seen = rows(out['decoder_embed']!.data, 12).slice(1);
    const mean = seen[0]!.map((_, i) => seen.reduce((sum, row) => sum + row[i]!, 0) / seen.length);
    expect(apart(rows(out['unshuffled']!.data, 12)[1]!, mean)).toBeLessThan(1e-5);
    expect(apart(rows(out['unshuffled']!.data, 12)[7]!, seen[0]!)).toBe(0);
  });

  it('swapped places swap the positions that the decoder adds', async () => {
    const [plain, swapped] = [await run(), await run({ decoder_places: [1, 0, 2, 3, 4, 5, 6, 7, 8] })];
    const position = (out: typeof plain, n: number) => {
      const [sum, token] = [
        rows(out['decoder_tokens']!.data, 12)[n + 1]!,
        rows(out['unshuffled']!.data, 12)[n]!,
      ];
      return sum.map((v, i) => v - token[i]!);
    };
    expect(apart(position(swapped, 0), position(plain, 1))).toBeLessThan(1e-5);
    expect(apart(position(swapped, 1), position(plain, 0))).toBeLessThan(1e-5);
    expect(apart(position(swapped, 2), position(plain, 2))).toBeLessThan(1e-5);
  });
});

it('any number of patches can be seen with the same weights', () => {
  for (const patches of [9, 144, 196, 256])
    for (let visible = 1; visible <= patches; visible++) {
      const image = 3 * Math.sqrt(patches);
      const c = { ...maeConfig({ ...TINY, image }), maskRatio: maskRatioFor(visible, patches) };
      expect(maeSizes(c).visible).toBe(visible);
    }
});

describe('maskingOf', () => {
  it('is argsort twice, as in the published code', () => {
    const { ids_keep, ids_restore } = maskingOf([3, 1], 5);
    expect([[...ids_keep], [...ids_restore]]).toEqual([
      [3, 1],
      [2, 1, 3, 0, 4],
    ]);
  });
  it('refuses what is no choice of patches', () => {
    expect(() => maskingOf([1, 1], 4)).toThrow('The visible patch 1 is there twice.');
    expect(() => maskingOf([4], 4)).toThrow('The visible patch 4 lies outside 0 to 3.');
    expect(() => maskingOf([0.5], 4)).toThrow(RangeError);
  });
});

describe('MAE ViT-B/16', () => {
  const c = maePresets['mae-b-16']!;
  const d = describeGraph(mae(c));
  const of = (part: (name: string) => boolean) =>
    d.weights.filter((w) => part(w.name)).reduce((n, w) => n + w.parameters, 0);
  const decodes = (name: string) => name.startsWith('decoder') || name === 'mask_token';

  it('has 50 tokens in the encoder and 197 in the decoder', () => {
    const shape = (name: string) => d.tensors.find((t) => t.name === name)!.shape;
    expect(shape('visible')).toEqual([1, 49, 768]);
    expect(shape('tokens')).toEqual([1, 50, 768]);
    expect(shape('decoder_tokens')).toEqual([1, 197, 512]);
    expect(shape('decoder_blocks.7.attn.probs')).toEqual([1, 16, 197, 197]);
    expect(shape('patch_pred')).toEqual([1, 196, 768]);
  });

  it('encoder 85.8 M, decoder 26.1 M, counting the stored fixed tables of positions', () => {
    const encoder = of((name) => !decodes(name)) + 197 * c.dim;
    const decoder = of(decodes) + 197 * c.decoderDim;
    expect((encoder / 1e6).toFixed(1)).toBe('85.8');
    expect((decoder / 1e6).toFixed(1)).toBe('26.1');
    const plain = describeGraph(vit({ ...vitPresets['vit-b-16']!, classes: 0 }));
    expect(encoder).toBe(plain.parameters);
  });

  it('the blocks of the encoder need 4.29 GMACs instead of 17.45', () => {
    const blocks = (change: Partial<MAEConfig>) =>
      describeGraph(mae({ ...c, ...change }))
        .tensors.filter((t) => t.name.startsWith('blocks.'))
        .reduce((n, t) => n + t.macs, 0);
    expect((blocks({}) / 1e9).toFixed(2)).toBe('4.29');
    expect((blocks({ maskRatio: 0 }) / 1e9).toFixed(2)).toBe('17.45');
  });

  it('CIFAR-10: 256 patches, 64 seen', () => {
    const s = maeSizes(maePresets['mae-ti-2-cifar10']!);
    expect([s.patches, s.visible, s.tokens, s.decoderTokens]).toEqual([256, 64, 65, 257]);
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<MAEConfig>, message: string][] = [
    [{ maskRatio: 1 }, 'maskRatio: must be from 0 up to but not 1, not 1.'],
    [{ maskRatio: 0.999 }, 'maskRatio: 0.999 leaves no patch of 196 to see.'],
    [{ decoderHeads: 5 }, 'decoderHeads: the width 512 does not divide into 5 heads.'],
    [{ decoderDepth: 0 }, 'decoderDepth: must be a whole number from 1 up, not 0.'],
    [{ image: 225 }, 'patch: patches of 16 pixels do not fill a picture of 225.'],
    [{ dim: 6, heads: 2 }, 'dim: sincos2d needs a width divisible by 4, not 6.'],
  ];
  it.each(refusals)('%j', (change, message) => {
    expect(() => maeConfig(change)).toThrow(message);
  });
});
