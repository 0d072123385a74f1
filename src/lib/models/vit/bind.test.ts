import { describe, expect, it } from 'vitest';
import { vit, vitConfig, vitPresets, type ViTConfig } from './graph.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { bindVit } from './bind.ts';
import { completeViTConfig, inferViTConfig } from './infer.ts';
import {
  parseSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
} from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';
import { asHuggingFace, tensorsOf } from '#lib/weights/testing.ts';

const config = vitConfig({ image: 32, patch: 8, dim: 12, depth: 2, heads: 3, classes: 5 });
const seeded = seededWeights(vit(config), 3, (_, z) => z);
const timm = tensorsOf(seeded);
const open = (tensors: readonly TensorToWrite[]): SafetensorsFile =>
  parseSafetensors(writeSafetensors(tensors), 'w.safetensors');
const without = (...names: string[]): TensorToWrite[] => timm.filter((t) => !names.includes(t.name));

describe('bindVit', () => {
  it.each<[string, readonly TensorToWrite[]]>([
    ['timm', timm],
    ['timm behind a prefix', timm.map((t) => ({ ...t, name: `module.${t.name}` }))],
    ['Hugging Face 4', asHuggingFace(timm, 'hf-v4')],
    ['Hugging Face 4 without vit.', asHuggingFace(timm, 'hf-v4', '')],
    ['Hugging Face 5', asHuggingFace(timm, 'hf-v5')],
    ['Hugging Face 5 without vit.', asHuggingFace(timm, 'hf-v5', '')],
  ])('gives the graph its weights from the names of %s', (_, tensors) => {
    const bound = bindVit(open(tensors), config);
    for (const { name, shape } of timm) {
      expect(bound.get(name)!.shape, name).toEqual(shape);
      expect(float32Of(bound, name), name).toEqual(float32Of(seeded, name));
    }
  });

  it('copies nothing but query, key and value', () => {
    const file = open(asHuggingFace(timm, 'hf-v4'));
    const bound = bindVit(file, config);
    expect([...bound.buffers.keys()]).toEqual(['w.safetensors', 'qkv.bin']);
    expect(bound.buffers.get('w.safetensors')).toBe(file.buffers.get('w.safetensors'));
    expect(bound.get('blocks.0.mlp.fc1.weight')!.file).toBe('w.safetensors');
    expect([...bindVit(open(timm), config).buffers.keys()]).toEqual(['w.safetensors']);
  });

  it('joins query, key and value of different element types', () => {
    const mixed = asHuggingFace(timm, 'hf-v5').map((t) =>
      /k_proj.weight$/.test(t.name)
        ? {
            ...t,
            dtype: 'F16' as const,
            data: new Float32Array((t.data as Uint8Array).slice().buffer).fill(0.5),
          }
        : t,
    );
    const bound = bindVit(open(mixed), config);
    const qkv = float32Of(bound, 'blocks.1.attn.qkv.weight')!;
    expect(qkv.slice(144, 288)).toEqual(new Float32Array(144).fill(0.5));
    expect(qkv.slice(288)).toEqual(float32Of(seeded, 'blocks.1.attn.qkv.weight')!.slice(288));
  });

  it('ignores what does not change the answer', () => {
    const extra = ['pooler.dense.weight', 'mask_token'].map((name) => ({
      name,
      shape: [1],
      data: Float32Array.of(1),
    }));
    expect(() => bindVit(open([...timm, ...extra]), config)).not.toThrow();
    expect(() => bindVit(open(timm), { ...config, classes: 0 })).not.toThrow();
  });

  it.each<[string, readonly TensorToWrite[], Partial<ViTConfig>, string]>([
    [
      'a missing tensor',
      without('blocks.1.mlp.fc2.bias'),
      {},
      'w.safetensors, tensor "blocks.1.mlp.fc2.bias": it is missing',
    ],
    [
      'missing tensors',
      without('norm.weight', 'norm.bias'),
      {},
      'tensor "norm.weight": it is missing, and 1 more with it',
    ],
    [
      'half of a pair',
      asHuggingFace(timm, 'hf-v4').filter((t) => !t.name.endsWith('0.attention.attention.key.bias')),
      {},
      'tensor "blocks.0.attn.qkv.bias": it is missing; the file\'s names are those of Hugging Face (transformers up to 4)',
    ],
    [
      'a head of other classes',
      timm,
      { classes: 7 },
      'tensor "head.weight": its shape is [5, 12], the configuration needs [7, 12]',
    ],
    ['another patch', timm, { patch: 4 }, 'its shape is'],
    [
      'a block too many',
      timm,
      { depth: 1 },
      'tensor "blocks.1.norm1.weight": the configuration has no place for it',
    ],
    [
      'a norm too many',
      [...timm, { name: 'blocks.0.attn.q_norm.weight', shape: [4], data: new Float32Array(4) }],
      {},
      'tensor "blocks.0.attn.q_norm.weight": the configuration has no place',
    ],
    [
      'a second head without a token for it',
      [...timm, { name: 'head_dist.weight', shape: [5, 12], data: new Float32Array(60) }],
      {},
      'tensor "head_dist.weight": the configuration has no place for it, so the answers would be wrong: it is part of a distillation token',
    ],
    [
      'no ViT',
      [{ name: 'conv1.weight', shape: [1], data: Float32Array.of(1) }],
      {},
      "w.safetensors: no patch embedding is in it under timm's, Hugging Face's, torchvision's or the JAX release's name; its tensors are \"conv1.weight\"",
    ],
    ['nothing', [], {}, 'its tensors are none'],
  ])('names the tensor and the rule for %s', (_, tensors, change, message) => {
    expect(() => bindVit(open(tensors), { ...config, ...change })).toThrow(message);
  });
});

describe('inferViTConfig', () => {
  const variants: [string, Partial<ViTConfig>][] = [
    ['plain', {}],
    ['positions for patches only', { clsPosition: false }],
    ['no qkv bias, mlp 2', { qkvBias: false, mlpRatio: 2 }],
    ['mean pooling', { pool: 'gap' }],
    ['no CLS', { pool: 'gap', classToken: false, clsPosition: false }],
    ['CLIP’s norm, no patch bias', { preNorm: true }],
    ['norm before, patch bias kept', { preNorm: true, patchBias: true }],
    ['no patch bias', { patchBias: false }],
    ['registers with positions', { registers: 4 }],
    ['registers without', { registers: 4, clsPosition: false }],
    ['layer scale', { layerScale: true }],
    ['no head', { classes: 0 }],
    ['one patch', { patch: 32, clsPosition: false }],
  ];
  it.each(variants)('reads it from the shapes: %s', (_, change) => {
    const wanted = vitConfig({ ...config, ...change });
    const { config: got, unknown } = inferViTConfig(seededWeights(vit(wanted), 1));
    expect(unknown).toEqual(['heads']);
    expect(vitConfig({ ...got, heads: 3 })).toEqual(wanted);
  });

  it('reads the same from Hugging Face’s names, with their ε', () => {
    for (const style of ['hf-v4', 'hf-v5'] as const) {
      const { config: got } = inferViTConfig(open(asHuggingFace(timm, style)));
      expect(vitConfig({ ...got, heads: 3 })).toEqual({ ...config, normEps: 1e-12 });
    }
  });

  it('says what stored positions would have told', () => {
    const inferred = inferViTConfig(seededWeights(vit(vitConfig({ ...config, positions: 'none' })), 1));
    expect(inferred.unknown).toEqual(['heads', 'image', 'positions']);
    expect(() => completeViTConfig(inferred, { heads: 3 })).toThrow(
      'image and positions cannot be read from the weights and must be set',
    );
    expect(completeViTConfig(inferred, { heads: 3, image: 32, positions: 'none' }).config.image).toBe(32);
  });

  it('assumes 64 values a head where the width allows it, and says so', () => {
    const inferred = inferViTConfig(seededWeights(vit({ ...vitPresets['vit-ti-16']!, depth: 1 }), 1));
    expect(completeViTConfig(inferred)).toMatchObject({ config: { heads: 3 }, assumed: { heads: 3 } });
    expect(completeViTConfig(inferred, { heads: 6 })).toMatchObject({ config: { heads: 6 }, assumed: {} });
    expect(() => completeViTConfig(inferViTConfig(seeded))).toThrow(
      'heads cannot be read from the weights and must be set',
    );
  });

  it.each<[string, TensorToWrite[], string]>([
    [
      'positions that make no grid',
      [...without('pos_embed'), { name: 'pos_embed', shape: [1, 12, 12], data: new Float32Array(144) }],
      'tensor "pos_embed": its shape is [1, 12, 12]; neither 12 nor 12 − 1 positions make a square grid',
    ],
    [
      'a block that is missing',
      timm.filter((t) => !t.name.startsWith('blocks.0.')),
      'tensor "blocks.0": it is missing',
    ],
    [
      'patches that are no squares',
      [
        ...without('patch_embed.proj.weight'),
        { name: 'patch_embed.proj.weight', shape: [12, 3, 8, 4], data: new Float32Array(1152) },
      ],
      'only square patches',
    ],
  ])('refuses %s', (_, tensors, message) => {
    expect(() => inferViTConfig(open(tensors))).toThrow(message);
  });
});
