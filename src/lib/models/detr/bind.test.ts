import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { foreignConfig } from '../foreign-config.ts';
import { recognise } from '../registry.ts';
import { CHECKPOINT } from './checkpoint.ts';
import type { DetrConfig, Stem } from './config.ts';
import { detr, detrConfig } from './graph.ts';

const checkpoint = CHECKPOINT;
const small = (stem: Stem, change: Partial<DetrConfig> = {}) =>
  detrConfig({
    stem,
    image: 96,
    stride: stem === 'resnet' ? 32 : 8,
    ...(stem === 'resnet' && { blocks: [1, 2, 1, 1], width: 8 }),
    dim: 64,
    heads: 2,
    ffn: 48,
    encoderDepth: 2,
    decoderDepth: 1,
    queries: 7,
    classes: 5,
    ...change,
  });

/** The same weights with other names; undefined leaves one out. */
function renamed(of: WeightSource, name: (old: string) => string | undefined): WeightSource {
  const entries = new Map(
    of.names().flatMap((old) => {
      const to = name(old);
      return to === undefined ? [] : [[to, of.get(old)!] as const];
    }),
  );
  return { get: (key) => entries.get(key), names: () => [...entries.keys()], buffers: of.buffers };
}

describe('a bare file of weights', () => {
  it.each(['patches', 'cnn', 'resnet'] as const)('tells its stem and its sizes: %s', (stem) => {
    const c = small(stem);
    const weights = seededWeights(detr(c), 1);
    expect(recognise(weights).id).toBe('detr');
    const { config, assumed, preprocessing } = checkpoint.infer(weights, {});
    expect(config).toEqual({
      ...c,
      image: stem === 'resnet' ? 512 : 96,
      positionsAtInput: stem !== 'resnet',
    });
    expect(assumed.map(({ field }) => field)).toEqual(['heads', 'positionsAtInput', 'normEps', 'image']);
    expect(preprocessing?.mean[0]).toBe(stem === 'resnet' ? 0.485 : 0.5);
    expect(checkpoint.bind(weights, c).names().sort()).toEqual(weights.names().sort());
  });

  it('of ResNet-50 has no sizes of its own', () => {
    const c = small('resnet', { blocks: [3, 4, 6, 3], width: 64 });
    const { config } = checkpoint.infer(seededWeights(detr(c), 1), { image: 64, heads: 4 });
    expect(config).not.toHaveProperty('blocks');
    expect(config).not.toHaveProperty('width');
    expect(config).toMatchObject({ image: 64, heads: 4 });
  });

  it('with a head for masks is the detector in it', () => {
    const c = small('patches', { positionsAtInput: true });
    const own = seededWeights(detr(c), 1);
    const all = renamed(own, (name) => `detr.${name}`);
    const more = ['bbox_attention.q_linear.weight', 'mask_head.lay1.bias'];
    const both = { ...all, names: () => [...all.names(), ...more] };
    expect(checkpoint.infer(both, {}).config).toEqual(c);
    expect(checkpoint.bind(both, c).names().sort()).toEqual(own.names().sort());
    expect(checkpoint.names!(both)!.left.map(({ tensor }) => tensor)).toEqual(more);
  });

  it('is refused by the first tensor that is missing, too many, or of a network that cannot be run', () => {
    const c = small('resnet');
    const own = seededWeights(detr(c), 1);
    const without = renamed(own, (name) => (name.endsWith('layers.1.norm2.bias') ? undefined : name));
    expect(() => checkpoint.bind(without, c)).toThrow(
      /transformer\.encoder\.layers\.1\.norm2\.bias.*missing/,
    );
    const learned = renamed(own, (name) => name.replace('input_proj.bias', 'backbone.1.row_embed.weight'));
    expect(() => checkpoint.bind(learned, c)).toThrow(/input_proj\.bias/);
    const basic = renamed(own, (name) => (/conv3|bn3/.test(name) ? undefined : name));
    expect(() => checkpoint.infer(basic, {})).toThrow(/only ResNets of bottlenecks can be run/);
    const none = renamed(own, (name) => (name.startsWith('backbone') ? undefined : name));
    expect(() => checkpoint.infer(none, {})).toThrow(/no ResNet, nor one of the small stems/);
    const encoder = renamed(own, (name) => (name.startsWith('class_embed') ? undefined : name));
    expect(checkpoint.recognise(encoder)).toBe(0);
    expect(() => checkpoint.infer(encoder, {})).toThrow(
      'no queries with heads for classes and boxes are in it',
    );
  });
});

describe('a file of transformers', () => {
  const folder = 'tests/fixtures/foreign/hf-detr';
  const foreign = parseSafetensors(readFileSync(`${folder}/model.safetensors`), 'model.safetensors');
  // timm's ResNet in the place of transformers' own, as in the published files.
  const timm = renamed(foreign, (name) =>
    name
      .replace(/embedder\.embedder\.convolution/, 'conv1')
      .replace(/embedder\.embedder\.normalization/, 'bn1')
      .replace(
        /encoder\.stages\.(\d)\.layers\.(\d)\.(layer\.(\d)|shortcut)\.(\w+)/,
        (_, s, l, where, n, kind) => {
          const conv = kind === 'convolution';
          const part =
            where === 'shortcut' ? `downsample.${conv ? 0 : 1}` : `${conv ? 'conv' : 'bn'}${Number(n) + 1}`;
          return `layer${Number(s) + 1}.${l}.${part}`;
        },
      ),
  );

  it.each([
    ['its own ResNet', foreign],
    ['timm’s ResNet', timm],
  ])('with %s is the same network', (_, source) => {
    expect(recognise(source).id).toBe('detr');
    const { set } = foreignConfig(readFileSync(`${folder}/config.json`, 'utf8'));
    expect(set).toMatchObject({ heads: 2 });
    const { config } = checkpoint.infer(source, { ...set, image: 64, imageWidth: 96 });
    expect(config).toMatchObject({
      stem: 'resnet',
      blocks: [1, 2, 1, 1],
      width: 4,
      dim: 16,
      queries: 5,
      classes: 4,
    });
    const bound = checkpoint.bind(source, config);
    const needed = [...detr(config).values.values()].filter(({ kind }) => kind === 'weight');
    expect(bound.names().sort()).toEqual(needed.map(({ name }) => name).sort());
  });
});
