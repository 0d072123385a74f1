import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { permuted } from '#lib/weights/permuted.ts';
import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { bindVit } from './bind.ts';
import { inferWholeVit } from './infer.ts';
import { vit, vitConfig, type ViTConfig } from './graph.ts';

const [D, h, d] = [12, 3, 4];
const small = { image: 16, patch: 4, dim: D, depth: 2, heads: h, classes: 5, preLogits: 7 } as const;

/** How the JAX release stores a tensor of the graph, by the last part of its name: `[…]` are its own sizes and axes. */
function stored(name: string, values: Float32Array, shape: readonly number[], parts: Parts): TensorToWrite[] {
  const as = (to: string, sizes: readonly number[], axes?: readonly number[]): TensorToWrite[] => [
    { name: to, shape: sizes, data: axes ? permuted(values, shape, axes) : values },
  ];
  if (name.startsWith('attn_pool')) return pooling(name, values, shape);
  const [, index, inner] = /^blocks\.(\d+)\.(.*)$/.exec(name) ?? [];
  if (index === undefined) {
    const stem = name.replace(/\.(weight|bias)$/, '');
    const top: Record<string, string> = {
      head: 'head',
      'pre_logits.fc': 'pre_logits',
      norm: 'Transformer/encoder_norm',
    };
    if (name === 'cls_token') return as('cls', shape);
    if (name === 'pos_embed') return as(parts.positions, shape);
    if (name === 'patch_embed.proj.weight') return as('embedding/kernel', [4, 4, 3, D], [2, 3, 1, 0]);
    if (name === 'patch_embed.proj.bias') return as('embedding/bias', shape);
    const to = top[stem]!;
    if (name.endsWith('bias')) return as(`${to}/bias`, shape);
    return shape.length === 1 ? as(`${to}/scale`, shape) : as(`${to}/kernel`, [...shape].reverse(), [1, 0]);
  }
  const block = `Transformer/encoderblock_${index}/`;
  const bias = name.endsWith('bias');
  if (inner!.startsWith('norm')) {
    const norm = inner!.startsWith('norm1') ? 'LayerNorm_0' : parts.second;
    return as(`${block}${norm}/${bias ? 'bias' : 'scale'}`, shape);
  }
  if (inner!.startsWith('mlp')) {
    const dense = `${block}${parts.mlp}/Dense_${inner!.startsWith('mlp.fc1') ? 0 : 1}`;
    return bias ? as(`${dense}/bias`, shape) : as(`${dense}/kernel`, [...shape].reverse(), [1, 0]);
  }
  const attention = `${block}${parts.attention}`;
  if (inner!.startsWith('attn.proj'))
    return bias ? as(`${attention}/out/bias`, shape) : as(`${attention}/out/kernel`, [h, d, D], [1, 0]);
  return ['query', 'key', 'value'].map((part, i) => {
    const third = values.slice((i * values.length) / 3, ((i + 1) * values.length) / 3);
    return bias
      ? { name: `${attention}/${part}/bias`, shape: [h, d], data: third }
      : { name: `${attention}/${part}/kernel`, shape: [D, h, d], data: permuted(third, [D, D], [1, 0]) };
  });
}

/** big_vision's attention pooling. */
function pooling(name: string, values: Float32Array, shape: readonly number[]): TensorToWrite[] {
  const head = 'MAPHead_0/';
  const attention = `${head}MultiHeadDotProductAttention_0/`;
  const bias = name.endsWith('bias');
  const as = (to: string, sizes: readonly number[], data = values): TensorToWrite => ({
    name: to,
    shape: sizes,
    data,
  });
  const flipped = (of: Float32Array, sizes: readonly number[]) => permuted(of, sizes, [1, 0]);
  const [, part = ''] = /^attn_pool\.(\w+)/.exec(name) ?? [];
  if (part === 'latent') return [as(`${head}probe`, shape)];
  if (part === 'norm') return [as(`${head}LayerNorm_0/${bias ? 'bias' : 'scale'}`, shape)];
  if (part === 'mlp') {
    const dense = `${head}MlpBlock_0/Dense_${name.includes('fc1') ? 0 : 1}`;
    return [
      bias ? as(`${dense}/bias`, shape) : as(`${dense}/kernel`, [...shape].reverse(), flipped(values, shape)),
    ];
  }
  if (part === 'proj')
    return [
      bias
        ? as(`${attention}out/bias`, shape)
        : as(`${attention}out/kernel`, [h, d, D], flipped(values, shape)),
    ];
  const which = part === 'q' ? ['query'] : ['key', 'value'];
  return which.map((one, i) => {
    const own = values.slice((i * values.length) / which.length, ((i + 1) * values.length) / which.length);
    return bias
      ? as(`${attention}${one}/bias`, [h, d], own)
      : as(`${attention}${one}/kernel`, [D, h, d], flipped(own, [D, D]));
  });
}

interface Parts {
  readonly attention: string;
  readonly second: string;
  readonly mlp: string;
  readonly positions: string;
}
const RELEASES: Readonly<Record<string, Parts>> = {
  vision_transformer: {
    attention: 'MultiHeadDotProductAttention_1',
    second: 'LayerNorm_2',
    mlp: 'MlpBlock_3',
    positions: 'Transformer/posembed_input/pos_embedding',
  },
  big_vision: {
    attention: 'MultiHeadDotProductAttention_0',
    second: 'LayerNorm_1',
    mlp: 'MlpBlock_0',
    positions: 'pos_embedding',
  },
};

function fileOf(config: ViTConfig, parts: Parts, prefix: string) {
  const weights = seededWeights(vit(config), 4);
  const tensors = weights
    .names()
    .flatMap((name) => stored(name, float32Of(weights, name)!, weights.get(name)!.shape, parts))
    .map((t) => ({ ...t, name: prefix + t.name }));
  return { weights, file: parseSafetensors(writeSafetensors(tensors), 'w.npz') };
}

describe('a ViT of a JAX release', () => {
  it.each(Object.entries(RELEASES))('%s', (_, parts) => {
    const config = vitConfig({ ...small, gelu: 'tanh' });
    for (const prefix of ['', 'params/']) {
      const { weights, file } = fileOf(config, parts, prefix);
      const { config: read, assumed } = inferWholeVit(file, {});
      expect(read).toEqual(config);
      // Its kernels tell the heads.
      expect(assumed.map(({ field }) => field)).not.toContain('heads');
      const bound = bindVit(file, read);
      for (const name of weights.names())
        expect(float32Of(bound, name), name).toEqual(float32Of(weights, name));
    }
  });

  it('with attention pooling, as SigLIP was trained', () => {
    const config = vitConfig({
      ...small,
      preLogits: 0,
      gelu: 'tanh',
      pool: 'map',
      classToken: false,
      clsPosition: false,
    });
    const { weights, file } = fileOf(config, RELEASES['big_vision']!, '');
    const { config: read } = inferWholeVit(file, {});
    expect({ ...read, preLogits: 0 }).toEqual(config);
    const bound = bindVit(file, read);
    for (const name of weights.names())
      expect(float32Of(bound, name), name).toEqual(float32Of(weights, name));
  });

  it('a kernel without its heads is refused with both shapes', () => {
    const config = vitConfig({ ...small, gelu: 'tanh' });
    const { file } = fileOf(config, RELEASES['big_vision']!, '');
    const flat = tensorsOf(file).map((t) =>
      t.name.endsWith('query/kernel') ? { ...t, shape: [D, h * d] } : t,
    );
    const opened = parseSafetensors(writeSafetensors(flat), 'w.npz');
    expect(() => bindVit(opened, config)).toThrow(/12.{1,3}12.*3 dimensions are needed/);
  });
});
