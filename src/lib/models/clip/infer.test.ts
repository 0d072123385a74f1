import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { recognise } from '../registry.ts';
import { clip, clipConfig, type CLIPConfig } from './graph.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';

const SMALL: Partial<CLIPConfig> = {
  image: 16,
  patch: 4,
  dim: 64,
  depth: 1,
  heads: 1,
  mlpRatio: 1,
  vocabulary: 10,
  context: 5,
  textDim: 64,
  textDepth: 2,
  textHeads: 1,
  embed: 8,
};

/** A weights file of this configuration, with something before every name. */
function fileOf(c: CLIPConfig, prefix = '') {
  const tensors = tensorsOf(seededWeights(clip(c), 1)).map((t) => ({ ...t, name: prefix + t.name }));
  return parseSafetensors(writeSafetensors(tensors), 'x.safetensors');
}

const rows = (t: TensorToWrite) => t.data as Uint8Array;
const floats = (t: TensorToWrite) => new Float32Array(rows(t).slice().buffer);

/** A matrix the other way round. */
function turned(t: TensorToWrite): TensorToWrite {
  const [high = 1, wide = 1] = t.shape;
  const from = floats(t);
  const data = from.map((_, i) => from[(i % high) * wide + Math.floor(i / high)]!);
  return { ...t, shape: [wide, high], data };
}

/** The graph's tensors as others store them, written down from their modules' names. */
const PUBLISHED: Readonly<Record<string, (t: TensorToWrite) => TensorToWrite[]>> = {
  OpenAI(t) {
    const name = t.name
      .replace(/^text\.blocks/, 'transformer.resblocks')
      .replace(/^visual\.blocks/, 'visual.transformer.resblocks')
      .replace(/norm([12])\.(\w+)$/, 'ln_$1.$2')
      .replace('attn.qkv.', 'attn.in_proj_')
      .replace('attn.proj', 'attn.out_proj')
      .replace('mlp.fc1', 'mlp.c_fc')
      .replace('mlp.fc2', 'mlp.c_proj')
      .replace('visual.patch_embed.proj', 'visual.conv1')
      .replace('visual.cls_token', 'visual.class_embedding')
      .replace('visual.pos_embed', 'visual.positional_embedding')
      .replace('visual.norm_pre', 'visual.ln_pre')
      .replace('visual.norm.', 'visual.ln_post.')
      .replace(/^text\./, '')
      .replace(/(visual\.proj|text_projection)\.weight/, '$1');
    if (/(visual\.proj|text_projection)$/.test(name)) return [{ ...turned(t), name }];
    return [
      {
        ...t,
        name,
        shape: /class_|visual\.pos/.test(name) ? t.shape.filter((n, i) => i > 0 && n !== 1) : t.shape,
      },
    ];
  },
  'Hugging Face'(t) {
    const name = t.name
      .replace(/^(text|visual)\.blocks/, '$1_model.encoder.layers')
      .replace(/norm([12])\.(\w+)$/, 'layer_norm$1.$2')
      .replace('attn.proj', 'self_attn.out_proj')
      .replace('visual.patch_embed.proj', 'visual_model.embeddings.patch_embedding')
      .replace('visual.cls_token', 'visual_model.embeddings.class_embedding')
      .replace('visual.pos_embed', 'visual_model.embeddings.position_embedding.weight')
      .replace('visual.norm_pre', 'visual_model.pre_layrnorm')
      .replace('visual.norm.', 'visual_model.post_layernorm.')
      .replace('visual.proj', 'visual_projection')
      .replace('text.token_embedding', 'text_model.embeddings.token_embedding')
      .replace('text.positional_embedding', 'text_model.embeddings.position_embedding.weight')
      .replace('text.ln_final', 'text_model.final_layer_norm')
      .replace('text.text_projection', 'text_projection')
      .replace('visual_model', 'vision_model');
    if (name.includes('attn.qkv.')) {
      const third = rows(t).length / 3;
      return ['q', 'k', 'v'].map((part, i) => ({
        ...t,
        name: name.replace('attn.qkv', `self_attn.${part}_proj`),
        shape: [t.shape[0]! / 3, ...t.shape.slice(1)],
        data: rows(t).subarray(i * third, (i + 1) * third),
      }));
    }
    return [
      {
        ...t,
        name,
        shape: /class_|vision_model\..*position/.test(name)
          ? t.shape.filter((n, i) => i > 0 && n !== 1)
          : t.shape,
      },
    ];
  },
};

describe('bare weights', () => {
  it('are told from a ViT’s, which a picture tower resembles, and tell their configuration', () => {
    const c = clipConfig(SMALL);
    for (const prefix of ['', 'module.']) {
      const file = fileOf(c, prefix);
      expect(recognise(file).id).toBe('clip');
      const { config, assumed } = CHECKPOINT.infer(file, {});
      expect(config).toEqual(c);
      expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'heads', 'textHeads']);
    }
  });

  it('with a LayerNorm before the blocks are taken for OpenAI’s', () => {
    const c = clipConfig({
      ...SMALL,
      normEps: 1e-5,
      preNorm: true,
      clsPosition: true,
      gelu: 'sigmoid',
      end: 9,
    });
    const { config, assumed } = CHECKPOINT.infer(fileOf(c), {});
    expect(config).toEqual(c);
    expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'heads', 'textHeads', 'gelu', 'end']);
  });

  it.each(Object.entries(PUBLISHED))('have the names of %s', (_, published) => {
    const c = clipConfig({
      ...SMALL,
      normEps: 1e-5,
      preNorm: true,
      clsPosition: true,
      gelu: 'sigmoid',
      end: 9,
    });
    const seeded = seededWeights(clip(c), 2, (__, z) => z);
    const own = tensorsOf(seeded);
    const file = parseSafetensors(writeSafetensors(own.flatMap(published)), 'x.safetensors');
    expect(recognise(file).id).toBe('clip');
    expect(CHECKPOINT.infer(file, {}).config).toEqual(c);
    const bound = CHECKPOINT.bind(file, c);
    for (const { name, shape } of own) {
      expect(bound.get(name)?.shape, name).toEqual(shape);
      expect(float32Of(bound, name), name).toEqual(float32Of(seeded, name));
    }
    const left = own.flatMap(published).filter(({ name }) => !/1\.(ln_2|layer_norm2)\.bias$/.test(name));
    const less = parseSafetensors(writeSafetensors(left), 'x.safetensors');
    expect(() => CHECKPOINT.bind(less, c)).toThrow('tensor "text.blocks.1.norm2.bias": it is missing');
  });

  it('ask for heads where the width does not tell them, and take what is set', () => {
    const file = fileOf(clipConfig({ ...SMALL, textDim: 12, textHeads: 3 }));
    expect(() => CHECKPOINT.infer(file, {})).toThrow('textHeads cannot be read from the weights');
    expect(CHECKPOINT.infer(file, { textHeads: 3 }).config.textHeads).toBe(3);
  });
});

it('texts are a variant: any number with the same weights, none that cannot be', () => {
  const c = clipConfig(SMALL);
  const weights = fileOf(c);
  const { config, weights: same } = FAMILY.variants!.adapt(weights, c, { texts: 7 });
  expect([config.texts, same]).toEqual([7, weights]);
  expect(clip(config).value('text.embedding').shape).toEqual([7, 8]);
  expect(() => FAMILY.variants!.adapt(weights, c, { texts: 0 })).toThrow('texts');
});
