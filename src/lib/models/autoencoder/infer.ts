import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { coderRead } from '../shared/coder-infer.ts';
import { completed, Shapes } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { HALVES } from '../shared/preprocessing.ts';
import { AUTOENCODER_DEFAULTS, autoencoderConfig, type AutoencoderConfig } from './config.ts';
import { autoencoderNames, LANDMARK } from './keymaps.ts';

/**
 * The configuration of a bare weights file: all but the groups, the picture's side and the factor on the latents is told
 * by the shapes.
 * @throws WeightsError for shapes that contradict each other; ConfigError for values that cannot be
 */
export function inferAutoencoder(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<AutoencoderConfig> {
  const map = autoencoderNames(source);
  if (!map) throw new WeightsError('no encoder and decoder with Gaussian latents are in it');
  const shapes = new Shapes(namedShapesOf(source, map), LANDMARK);
  const read = { ...coderRead(shapes), latent: shapes.of('post_quant_conv.weight', 4)[1] ?? 0 };
  const known = read.factor === AUTOENCODER_DEFAULTS.factor && read.latent === AUTOENCODER_DEFAULTS.latent;
  const { config, assumed } = completed<AutoencoderConfig>(read, set, {
    groups: { value: AUTOENCODER_DEFAULTS.groups, why: 'as in the published code' },
    image: { value: AUTOENCODER_DEFAULTS.image, why: 'the weights fit any size' },
    scalingFactor: known
      ? { value: AUTOENCODER_DEFAULTS.scalingFactor, why: 'as in Stable Diffusion' }
      : { value: 1, why: 'it is measured on pictures, and no tensor tells it' },
  });
  return { config: autoencoderConfig(config), assumed, preprocessing: HALVES };
}
