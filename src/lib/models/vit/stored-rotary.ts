import { fileOf, float32Of, shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { NameMap } from '../shared/naming.ts';
import { storedSides, vitSizes, type ViTConfig } from './config.ts';
import { rotaryAngles } from './rotary.ts';

/** Halves of periods in bfloat16 are off by 2⁻⁹ of themselves. */
const OFF = 0.004;

/**
 * Holds what a file stores of rotary positions against what is computed in its place: DINOv3's periods, EVA-CLIP's tables
 * of cosines and sines.
 * @throws WeightsError where they are others, since the answers would be wrong
 */
export function checkRotary(source: WeightSource, { left }: NameMap, c: ViTConfig): void {
  if ((c.rotary ?? 'none') === 'none') return;
  for (const { tensor } of left) {
    const wanted = /rope(_embed)?\.periods$/.test(tensor)
      ? periodsOf(c)
      : /rope\.freqs_(cos|sin)$/.test(tensor)
        ? tableOf({ ...c, ...storedSides(c) }, tensor.endsWith('cos') ? Math.cos : Math.sin)
        : undefined;
    const stored = wanted && float32Of(source, tensor);
    if (!stored) continue;
    const fails = (rule: string): never => {
      throw new WeightsError(rule, { ...fileOf(source), tensor });
    };
    if (stored.length !== wanted.length)
      fails(
        `its shape is ${shapeText(source.get(tensor)!.shape)}, the configuration needs ${wanted.length} values`,
      );
    const far = stored.findIndex(
      (value, i) => !(Math.abs(value - wanted[i]!) <= OFF * Math.max(1, wanted[i]!)),
    );
    if (far >= 0)
      fails(
        `its values are not those of the rotary positions that this network computes (${stored[far]} for ${wanted[far]} at ${far})`,
      );
  }
}

/** Periods `[d/4]` of the pairs along one axis, 100^(4i/d). */
function periodsOf(c: ViTConfig): Float32Array {
  const quarter = vitSizes(c).headDim / 4;
  return Float32Array.from({ length: quarter }, (_, i) => 100 ** (i / quarter));
}

/** Cosines or sines `[N, d]`, each twice, since neighbours are a pair. */
function tableOf(c: ViTConfig, of: (angle: number) => number): Float32Array {
  const angles = rotaryAngles(c);
  return Float32Array.from({ length: 2 * angles.length }, (_, i) => of(angles[i >> 1]!));
}
