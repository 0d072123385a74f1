import type { Architecture } from '../family.ts';
import { baseFields, flag, GELU, MLP_RATIO, number, QKV_BIAS } from '../shared/fields.ts';
import { checkMae, MAE_DEFAULTS, type MaeConfig } from './config.ts';
import { maePresets } from './presets.ts';
import { mae } from './graph.ts';

/** The masked autoencoder (He et al. 2022). It has no interventions: what is masked is its input. */
export const MAE: Architecture<MaeConfig> = {
  id: 'mae',
  title: { en: 'MAE', zh: 'MAE（掩码自编码器）' },
  presets: maePresets,
  defaults: MAE_DEFAULTS,
  fields: [
    ...baseFields(),
    MLP_RATIO,
    number('maskRatio', 'Masked part of the patches', '被遮住的图像块比例', 0, 0.95, 0.05),
    number('decoderDim', 'Width of the decoder', '解码器宽度', 64, 1024, 64),
    number('decoderDepth', 'Blocks of the decoder', '解码器块数', 1, 16),
    number('decoderHeads', 'Heads of the decoder', '解码器注意力头数', 1, 16),
    flag('normPixels', 'Trained on normalised patches', '以归一化的图像块为目标'),
    QKV_BIAS,
    GELU,
  ],
  check: checkMae,
  build: mae,
  neutral: () => ({}),
  answers: () => ['reconstruction'],
};
