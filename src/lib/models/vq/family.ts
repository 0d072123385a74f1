import type { Family, InputSpec } from '../family.ts';
import { CODER_FIELDS } from '../shared/coder-fields.ts';
import { number } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkVq, VQ_DEFAULTS, vqSizes, type VqConfig } from './config.ts';
import { vq } from './graph.ts';
import { vqPresets } from './presets.ts';
import { gridName } from './quantize.ts';

/** What the graph begins with. */
function input(c: VqConfig): InputSpec {
  const { grid, tokens } = vqSizes(c);
  if (c.fromLatents === 1)
    return { name: 'z', role: 'embedding', shape: [1, c.latent, grid, grid], dims: ['B', 'C', 'H', 'W'] };
  if (c.fromCodes === 1) return { name: 'codes', role: 'embedding', shape: [1, tokens], dims: ['B', 'N'] };
  return pictureInput('picture', c);
}

/** A switch that a variant names, or the stored one. */
const switched = (field: 'fromCodes' | 'fromLatents', value: unknown) =>
  typeof value === 'number' ? { [field]: value } : {};

/** Convolutional autoencoders whose latents are codes, on one grid or on several scales (VQ-VAE, VQGAN, VAR's tokenizer). */
export const FAMILY: Family<VqConfig> = {
  id: 'vq',
  title: { en: 'VQ autoencoder', zh: '向量量化自编码器（VQ）' },
  order: 21,
  presets: vqPresets,
  groups: { var: 'VAR', vqgan: 'VQGAN' },
  defaults: VQ_DEFAULTS,
  optional: { fromCodes: 0, fromLatents: 0 },
  fields: [
    ...CODER_FIELDS,
    number('codes', 'Codes', '码本大小', 2, 16384),
    { name: 'scales', title: { en: 'Sides of the scales', zh: '各尺度的边长' }, kind: 'numbers' },
    number('phis', 'Convolutions that scales share', '各尺度共用的卷积数', 1, 10),
    number('phiShare', 'Share that goes through them', '经过卷积的比例', 0, 1, 0.1),
    number('quantKernel', 'Kernels around the codes', '码字前后卷积核的边长', 1, 5, 2),
  ],
  check: checkVq,
  build: vq,
  inputs: (c) => [input(c)],
  variants: {
    // No weight knows where the graph begins.
    fields: ['fromCodes', 'fromLatents'],
    offered: () => [],
    adapt: (weights, config, { fromCodes, fromLatents }) => ({
      config: { ...config, ...switched('fromCodes', fromCodes), ...switched('fromLatents', fromLatents) },
      weights,
    }),
  },
  codeBook(c) {
    const { grid, sides } = vqSizes(c);
    return {
      count: c.codes,
      width: c.latent,
      grid,
      sides,
      read: {
        input: 'codes',
        variant: { fromCodes: 1 },
        shares: c.scales.length > 0 ? sides.map((_, k) => `${gridName(k)}.phi`) : ['z'],
      },
      decode: { input: 'z', variant: { fromLatents: 1 }, picture: 'reconstruction' },
    };
  },
  feed: ({ fromCodes, fromLatents }, { picture }) =>
    picture && fromCodes !== 1 && fromLatents !== 1 ? { x: picture } : undefined,
  answer: () => ({ kind: 'picture', tensor: 'reconstruction' }),
  answers: () => ['codes', 'reconstruction'],
};
