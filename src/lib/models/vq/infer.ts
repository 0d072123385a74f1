import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { coderRead } from '../shared/coder-infer.ts';
import { completed, Shapes } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { HALVES } from '../shared/preprocessing.ts';
import { VQ_DEFAULTS, vqConfig, type VqConfig } from './config.ts';
import { LANDMARK, vqNames } from './keymaps.ts';

/** Convolutions of the scales, by which a file of several scales is known. */
const PHIS = 'quantize.quant_resi.qresi_ls';

/**
 * The configuration of a bare weights file: all but the groups, the picture's side and the scales is told by the shapes.
 * @throws WeightsError for shapes that contradict each other; ConfigError for values that cannot be
 */
export function inferVq(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<VqConfig> {
  const map = vqNames(source);
  if (!map) throw new WeightsError('no encoder and decoder with a codebook between them are in it');
  const shapes = new Shapes(namedShapesOf(source, map), LANDMARK);
  const [codes = 0, latent = 0] = shapes.of(LANDMARK, 2);
  const quantKernel = shapes.of('quant_conv.weight', 4)[2] ?? 1;
  const phis = shapes.count(PHIS);
  const read = { ...coderRead(shapes), codes, latent, quantKernel, phis: Math.max(1, phis) };
  const { config, assumed } = completed<VqConfig>(read, set, {
    groups: { value: VQ_DEFAULTS.groups, why: 'as in the published code' },
    image: { value: VQ_DEFAULTS.image, why: 'published ones saw pictures of 256 pixels' },
    scales:
      phis > 0
        ? { value: VQ_DEFAULTS.scales, why: 'as in VAR, since its convolutions are there' }
        : { value: [], why: 'no convolutions of scales are there' },
    phiShare: { value: VQ_DEFAULTS.phiShare, why: 'as in VAR' },
  });
  return { config: vqConfig(config), assumed, preprocessing: HALVES };
}
