import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { recognise } from '../registry.ts';
import { clip, clipConfig, type CLIPConfig } from './graph.ts';
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

describe('bare weights', () => {
  it('are told from a ViT’s, which a picture tower resembles, and tell their configuration', () => {
    const c = clipConfig(SMALL);
    for (const prefix of ['', 'module.']) {
      const file = fileOf(c, prefix);
      expect(recognise(file).id).toBe('clip');
      const { config, assumed } = FAMILY.checkpoint.infer(file, {});
      expect(config).toEqual(c);
      expect(assumed.map(({ field }) => field)).toEqual(['heads', 'textHeads']);
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
    const { config, assumed } = FAMILY.checkpoint.infer(fileOf(c), {});
    expect(config).toEqual(c);
    expect(assumed.map(({ field }) => field)).toEqual(['heads', 'textHeads', 'gelu', 'end']);
  });

  it('ask for heads where the width does not tell them, and take what is set', () => {
    const file = fileOf(clipConfig({ ...SMALL, textDim: 12, textHeads: 3 }));
    expect(() => FAMILY.checkpoint.infer(file, {})).toThrow('textHeads cannot be read from the weights');
    expect(FAMILY.checkpoint.infer(file, { textHeads: 3 }).config.textHeads).toBe(3);
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
