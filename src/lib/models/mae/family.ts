import type { Family } from '../family.ts';
import { baseFields, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkMae, MAE_DEFAULTS, maeSizes, maskingOf, type MAEConfig } from './config.ts';
import { mae } from './graph.ts';
import { maeInterventions } from './interventions.ts';
import { visiblePatches } from './masking.ts';
import { maePresets } from './presets.ts';

/** Masked parts that a running model is offered. */
const RATIOS = Array.from({ length: 20 }, (_, i) => i / 20);

/** The masked autoencoder (He et al. 2022). What is masked is its input; how much, a variant of its graph. */
export const FAMILY: Family<MAEConfig> = {
  id: 'mae',
  title: { en: 'MAE', zh: 'MAE（掩码自编码器）' },
  order: 4,
  presets: maePresets,
  unpublished: ['mae-ti-2-cifar10'],
  groups: { mae: 'MAE' },
  defaults: MAE_DEFAULTS,
  fields: [
    ...baseFields(),
    MLP_RATIO,
    number('maskRatio', 'Masked part of the patches', '被遮住的图像块比例', 0, 0.95, 0.05),
    number('decoderDim', 'Width of the decoder', '解码器宽度', 64, 1024, 64),
    number('decoderDepth', 'Blocks of the decoder', '解码器层数', 1, 16),
    number('decoderHeads', 'Heads of the decoder', '解码器注意力头数', 1, 16),
    flag('normPixels', 'Trained on normalised patches', '以归一化的图像块为目标'),
    QKV_BIAS,
    GELU,
  ],
  check: checkMae,
  build: mae,
  inputs(c) {
    const { grid, patches, visible } = maeSizes(c);
    const control = { kind: 'patches', grid: [grid, grid], count: visible } as const;
    return [
      pictureInput('picture', c),
      { name: 'ids_keep', role: 'visible', shape: [visible], dims: ['V'], control },
      { name: 'ids_restore', role: 'restore', shape: [patches], dims: ['N'] },
      ...maeInterventions(c),
    ];
  },
  variants: {
    // No weight knows how many patches are seen.
    fields: ['maskRatio'],
    offered: () => RATIOS,
    adapt: (weights, config, { maskRatio }) => ({
      config: typeof maskRatio === 'number' ? { ...config, maskRatio } : config,
      weights,
    }),
  },
  feed(c, { picture, visible, seed }) {
    const { patches, visible: count } = maeSizes(c);
    return (
      picture && { x: picture, ...maskingOf(visiblePatches({ patches, count }, visible, seed), patches) }
    );
  },
  answer: ({ normPixels, image, patch, channels }) =>
    normPixels
      ? { kind: 'features', tensor: 'reconstruction' }
      : { kind: 'painting', tensor: 'reconstruction', visible: 'ids_keep', image, patch, channels },
  answers: () => ['reconstruction'],
};
