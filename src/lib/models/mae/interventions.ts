import type { Graph, Value } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import type { InputSpec } from '../family.ts';
import { factors } from '../shared/interventions.ts';
import { maeSizes, type MAEConfig } from './config.ts';

const TITLES: Readonly<Record<string, Text>> = {
  patch_scale: { en: 'Factors on the patch embeddings', zh: '图像块嵌入的系数' },
  mask_scale: { en: 'Factor on the mask token', zh: '掩码词元的系数' },
  mask_mean: { en: 'Part of the mean of the seen tokens', zh: '可见词元平均值所占的比例' },
  decoder_places: { en: 'Place that the decoder is told of each patch', zh: '解码器得知的各图像块位置' },
};

/**
 * What may be changed of a running masked autoencoder, each with the value that changes nothing.
 * `patch_scale` `[N]`: factor on each patch's embedding before its position; at 0 the encoder is given a place alone, as
 * by a mask token of zeros. `mask_scale`, `mask_mean`: the mask token becomes `mask_scale` times itself and `mask_mean`
 * times the mean of what the decoder is handed of the seen patches. `decoder_places` `[N]`: whose position each patch is
 * given in the decoder.
 */
export function maeInterventions(c: MAEConfig): readonly InputSpec[] {
  const { patches } = maeSizes(c);
  const places = Float32Array.from({ length: patches }, (_, n) => n);
  return [
    factors('patch_scale', [patches], ['N']),
    factors('mask_scale', [], []),
    { name: 'mask_mean', role: 'intervention', shape: [], dims: [], neutral: new Float32Array(1) },
    { name: 'decoder_places', role: 'intervention', shape: [patches], dims: ['N'], neutral: places },
  ];
}

/** The declared inputs. */
export interface MaeLive {
  /** `[N, 1]` */
  readonly patchScale: Value;
  /** Scalars. */
  readonly maskScale: Value;
  readonly maskMean: Value;
  /** `[N]`, indices. */
  readonly places: Value;
}

export function declareMaeLive(g: Graph, c: MAEConfig): MaeLive {
  const { patches } = maeSizes(c);
  const declared = new Map(
    maeInterventions(c).map(({ name, shape, dims }) => {
      const title = TITLES[name];
      return [name, g.input(name, shape, dims, 'float32', title && { title })];
    }),
  );
  return {
    patchScale: g.reshape(declared.get('patch_scale')!, [patches, 1], ['N', '1']),
    maskScale: declared.get('mask_scale')!,
    maskMean: declared.get('mask_mean')!,
    places: g.cast(declared.get('decoder_places')!, 'int32'),
  };
}
