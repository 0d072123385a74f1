import type { Graph, Value } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { Text } from '#lib/base/lang.ts';
import type { InputSpec } from '../family.ts';
import { coderSizes } from '../shared/coder-config.ts';
import type { AutoencoderConfig } from './config.ts';

const TITLES: Readonly<Record<string, Text>> = {
  latent_noise: {
    en: 'Noise that the latents are drawn with, in standard deviations',
    zh: '抽取隐变量所用的噪声（以标准差为单位）',
  },
  latent_shift: { en: 'What is added to the latents', zh: '加到隐变量上的数' },
};

/**
 * What may be changed of a running autoencoder, each with the value that changes nothing: `latent_noise`
 * `[latent, h, w]`, noise in units of each latent's own deviation; `latent_shift` of the same shape, added to the latents.
 * A graph that begins at latents has none, since they are what is fed.
 */
export function autoencoderInterventions(c: AutoencoderConfig): readonly InputSpec[] {
  if (c.fromLatents === 1) return [];
  const { grid } = coderSizes(c);
  const shape = [c.latent, grid, grid];
  return Object.keys(TITLES).map((name) => ({
    name,
    role: 'intervention',
    shape,
    dims: ['C', 'H', 'W'],
    neutral: new Float32Array(sizeOf(shape)),
  }));
}

/** The declared inputs, by name. */
export function declareLive(g: Graph, c: AutoencoderConfig): ReadonlyMap<string, Value> {
  return new Map(
    autoencoderInterventions(c).map(({ name, shape, dims }) => {
      const title = TITLES[name];
      return [name, g.input(name, shape, dims, 'float32', title && { title })];
    }),
  );
}
