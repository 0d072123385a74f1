import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import {
  parseSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
} from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { buildGraph, preset, recognise } from '../registry.ts';
import { apart } from '../held.testing.ts';
import { CHECKPOINT as VIT } from '../vit/checkpoint.ts';
import { CHECKPOINT as MAE } from '../mae/checkpoint.ts';
import { bindSwin } from './bind.ts';
import type { SwinConfig } from './config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { swin, swinConfig } from './graph.ts';

const config = swinConfig({ image: 64, dim: 32, depths: [2, 2], heads: [1, 2], window: 4, classes: 5 });
const seeded = seededWeights(swin(config), 3, (_, z) => z);
const timm = tensorsOf(seeded);
const open = (tensors: readonly TensorToWrite[]) =>
  parseSafetensors(writeSafetensors(tensors), 'w.safetensors');
const without = (...names: string[]) => timm.filter((t) => !names.includes(t.name));

/** The same tensors under the names of github.com/microsoft/Swin-Transformer, with the tables it stores. */
const published: TensorToWrite[] = [
  ...timm.map((t) => ({
    ...t,
    name: t.name
      .replace(/^layers\.(\d+)\.downsample/, (_, s: string) => `layers.${Number(s) - 1}.downsample`)
      .replace(/^head\.fc\./, 'head.'),
  })),
  ...[0, 1].flatMap((s) => [
    {
      name: `layers.${s}.blocks.0.attn.relative_position_index`,
      shape: [16, 16, 2],
      data: new Float32Array(512),
    },
    { name: `layers.${s}.blocks.1.attn_mask`, shape: [16, 16, 16], data: new Float32Array(4096) },
  ]),
];

/** A file of the published code: the index is of 64-bit integers, half as many as the floats written for it. */
function original() {
  const bytes = writeSafetensors(published);
  const text = new TextDecoder('latin1').decode(bytes);
  const whole = text.replaceAll(
    /(relative_position_index":\{"dtype":")F32(","shape":\[16,16),2\]/g,
    '$1I64$2]  ',
  );
  expect(whole.match(/I64/g)).toHaveLength(2);
  return parseSafetensors(
    Uint8Array.from(whole, (c) => c.charCodeAt(0)),
    'w.safetensors',
  );
}

describe('bindSwin', () => {
  it.each<[string, () => SafetensorsFile]>([
    ['timm', () => open(timm)],
    ['timm behind a prefix', () => open(timm.map((t) => ({ ...t, name: `module.${t.name}` })))],
    ['the published code, its tables left out', original],
  ])('gives the graph its weights from the names of %s, and copies nothing', (_, make) => {
    const file = make();
    const bound = bindSwin(file, config);
    for (const { name, shape } of timm) {
      expect(bound.get(name)!.shape, name).toEqual(shape);
      expect(apart(float32Of(bound, name)!, float32Of(seeded, name)!), name).toBe(0);
    }
    expect(bound.buffers).toBe(file.buffers);
  });

  it.each<[string, readonly TensorToWrite[], Partial<SwinConfig>, string]>([
    ['a missing tensor', without('norm.bias'), {}, 'tensor "norm.bias": it is missing'],
    [
      'another window',
      timm,
      { window: 2 },
      'tensor "layers.0.blocks.0.attn.relative_position_bias_table": its shape is [49, 1], the configuration needs [9, 1]',
    ],
    [
      'a block too many',
      timm,
      { depths: [2, 1] },
      'tensor "layers.1.blocks.1.norm1.weight": the configuration has no place',
    ],
    [
      'a bias that is not used',
      timm,
      { attention: 'global' },
      'relative_position_bias_table": the configuration has no place',
    ],
  ])('names the tensor and the rule for %s', (_, tensors, change, message) => {
    expect(() => bindSwin(open(tensors), { ...config, ...change })).toThrow(message);
  });
});

describe('a file is recognised', () => {
  it('as one of this family, under both names, and as no other’s', () => {
    for (const file of [open(timm), original()]) {
      expect(recognise(file).id).toBe('swin');
      expect(CHECKPOINT.recognise(file)).toBeGreaterThan(VIT.recognise(file));
      expect(MAE.recognise(file)).toBe(0);
    }
  });

  it.each(['vit-ti-16', 'mae-ti-2-cifar10', 'uvit-256-2-cifar10', 'dit-256-2-cifar10', 'cnn-64-cifar10'])(
    'and %s as none',
    (name) => {
      const { architecture, config: other } = preset(name)!;
      const weights = seededWeights(buildGraph({ architecture, config: other }), 1);
      expect(CHECKPOINT.recognise(weights)).toBe(0);
      expect(recognise(weights).id).toBe(architecture);
    },
  );
});

describe('inferSwin', () => {
  const read = (change: Partial<SwinConfig>, set: Record<string, unknown> = {}) => {
    const wanted = swinConfig({ ...config, ...change });
    return { wanted, ...CHECKPOINT.infer(seededWeights(swin(wanted), 1), set) };
  };

  it.each<[string, Partial<SwinConfig>]>([
    ['shifted windows', {}],
    [
      'three stages, a wide MLP, no qkv bias',
      { depths: [1, 2, 1], heads: [2, 4, 8], mlpRatio: 2, qkvBias: false, image: 128 },
    ],
    ['a depthwise MLP', { mlp: 'depthwise', heads: [4, 8] }],
    ['one channel, patches of 2', { channels: 1, patch: 2 }],
  ])('reads it from the shapes: %s', (_, change) => {
    const { wanted, config: got, assumed } = read(change, { image: change.image ?? 64 });
    expect(got).toEqual(wanted);
    expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'gelu', 'attention', 'positions']);
  });

  it('assumes the picture at which the last stage is one window, and says so', () => {
    const { config: got, assumed } = read({});
    expect(got.image).toBe(32);
    expect(assumed.find(({ field }) => field === 'image')?.why).toContain('one window');
  });

  it('reads the same from the published code’s names', () => {
    expect(CHECKPOINT.infer(original(), { image: 64 }).config).toEqual(config);
  });

  it('knows a second scale, and asks which attention it is where nothing tells', () => {
    const scales = read(
      { attention: 'multi-scale-linear', heads: [2, 4], relativeBias: false, window: 7, image: 56 },
      { image: 56 },
    );
    expect(scales.config).toEqual(scales.wanted);
    expect(() => read({ attention: 'linear' })).toThrow(
      'attention cannot be read from the weights and must be set',
    );
    const linear = read(
      { attention: 'linear', relativeBias: false, window: 7, image: 56 },
      { attention: 'linear', image: 56 },
    );
    expect(linear.config).toEqual(linear.wanted);
    expect(linear.assumed.find(({ field }) => field === 'heads')?.value).toEqual([1, 2]);
  });

  it('refuses a table that is no window’s', () => {
    const name = 'layers.0.blocks.0.attn.relative_position_bias_table';
    const odd = [...without(name), { name, shape: [36, 1], data: new Float32Array(36) }];
    expect(() => CHECKPOINT.infer(open(odd), {})).toThrow('6 offsets along a side are no window’s');
  });
});
