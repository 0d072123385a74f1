import type { Family } from '../family.ts';
import { baseFields, choice, flag, GELU_OF_THREE, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { embedPatches, PATCH_TENSORS, PATCH_WEIGHTS } from '../shared/embed-patches.ts';
import { pictureInput } from '../shared/inputs.ts';
import { commonInterventions } from '../shared/interventions.ts';
import { checkVit, featuresOf, VIT_DEFAULTS, type ViTConfig } from './config.ts';
import { vit, vitExtent } from './graph.ts';
import { vitPresets } from './presets.ts';
import { resizePatch } from './resize.ts';

/** Most patches along a side that a running model is offered: 56² tokens are as many as a page can hold. */
const MOST_ALONG = 56;

/** The Vision Transformer (Dosovitskiy et al. 2021), with DeiT's and FlexiViT's sizes among its presets. */
export const FAMILY: Family<ViTConfig> = {
  id: 'vit',
  title: { en: 'ViT', zh: 'ViT（视觉 Transformer）' },
  order: 1,
  presets: vitPresets,
  groups: { vit: 'ViT', deit: 'DeiT', flexivit: 'FlexiViT' },
  defaults: VIT_DEFAULTS,
  optional: {
    classToken: true,
    patchBias: true,
    imageWidth: 224,
    headNorm: 'before',
    blockNorm: 'before',
    preLogits: 0,
    qkNorm: false,
    registerPosition: true,
    distToken: false,
    distHead: false,
    gatedMlp: false,
    relPositions: 'none',
    rotary: 'none',
    gatedNorm: false,
    storedImage: 0,
    storedImageWidth: 0,
    attnNorm: false,
    projection: 0,
    projectionBias: false,
  },
  fields: [
    ...baseFields(),
    MLP_RATIO,
    number('classes', 'Classes', '类别数', 0, 1000),
    choice('pool', 'What the head reads', '分类头读取', {
      cls: ['the CLS token', '分类词元（CLS）'],
      gap: ['the mean of the patch tokens', '图像块词元 的平均值'],
      map: ['all tokens, by attention', '全部词元（注意力池化）'],
      both: ['CLS and the mean, side by side', 'CLS 与平均值并列'],
    }),
    choice('positions', 'Positions', '位置编码', {
      learned: ['learned', '可学习'],
      sincos2d: ['fixed sine and cosine', '固定的正弦余弦'],
      none: ['none', '无'],
    }),
    flag('clsPosition', 'CLS has a position too', 'CLS 也加位置编码'),
    number('registers', 'Register tokens', '寄存器词元（register）数', 0, 16),
    QKV_BIAS,
    flag('layerScale', 'LayerScale', 'LayerScale'),
    flag('preNorm', 'LayerNorm before the blocks', '第 0 层之前的层归一化'),
    GELU_OF_THREE,
  ],
  check: checkVit,
  build: vit,
  inputs: (c) => [pictureInput('picture', c), ...commonInterventions(vitExtent(c))],
  variants: {
    fields: ['patch'],
    offered: ({ image, imageWidth = image, patch, relPositions = 'none' }) =>
      Array.from({ length: 64 }, (_, i) => i + 1).filter(
        (p) =>
          // Tables of distances are not resized.
          (relPositions === 'none' || p === patch) &&
          image % p === 0 &&
          imageWidth % p === 0 &&
          p >= Math.max(image, imageWidth) / MOST_ALONG,
      ),
    covers: ({ image, imageWidth = image, patch }) => image % patch === 0 && imageWidth % patch === 0,
    adapt: (weights, config, { patch = config.patch }) => resizePatch(weights, config, patch),
  },
  first: {
    tensors: PATCH_TENSORS,
    // Positions are resized with the kernel.
    weights: ({ positions }) => (positions === 'learned' ? [...PATCH_WEIGHTS, 'pos_embed'] : PATCH_WEIGHTS),
    compute: embedPatches,
  },
  feed: (_, { picture }) => picture && { x: picture },
  answer: (c) =>
    c.classes > 0
      ? { kind: 'classes', logits: 'logits', probs: 'probs' }
      : { kind: 'features', tensor: featuresOf(c) },
  answers: (c) => (c.classes > 0 ? ['logits', 'probs'] : [featuresOf(c)]),
};
