import type { Family } from '../family.ts';
import { number } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkCnn, CNN_DEFAULTS, type CnnConfig } from './config.ts';
import { cnn } from './graph.ts';

/** A small convolutional classifier of CIFAR-10 (after Jordan 2024): no tokens, no attention, no positions. */
export const FAMILY: Family<CnnConfig> = {
  id: 'cnn',
  title: { en: 'CNN', zh: 'CNN（卷积网络）' },
  order: 5,
  presets: { 'cnn-64-cifar10': CNN_DEFAULTS },
  groups: { cnn: 'CNN' },
  defaults: CNN_DEFAULTS,
  fields: [
    number('image', 'Picture side, pixels', '图像边长（像素）', 16, 128, 16),
    number('width', 'Channels of the first stage', '第一阶段通道数', 16, 256, 16),
    number('classes', 'Classes', '类别数', 1, 1000),
    number('channels', 'Channels', '通道数', 1, 4),
  ],
  check: checkCnn,
  build: cnn,
  inputs: (c) => [pictureInput('picture', c)],
  feed: (_, { picture }) => picture && { x: picture },
  answer: () => ({ kind: 'classes', logits: 'logits', probs: 'probs' }),
  answers: () => ['logits', 'probs'],
};
