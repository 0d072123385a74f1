import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { float32Of } from '#lib/weights/source.ts';
import { asHuggingFace, tensorsOf } from '#lib/weights/testing.ts';
import { CHECKPOINT as VIT } from '../vit/checkpoint.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { mae, maeConfig } from './graph.ts';

const config = maeConfig({
  ...{ image: 16, patch: 4, dim: 16, depth: 2, heads: 2, decoderDim: 12, decoderDepth: 1, decoderHeads: 3 },
});
const weights = seededWeights(mae(config), 3);
const open = (tensors: readonly TensorToWrite[]) =>
  parseSafetensors(writeSafetensors(tensors), 'w.safetensors');

/** The graph's names as `ViTMAEForPreTraining` has them, written down from its module. */
function hf(tensors: readonly TensorToWrite[], style: 'hf-v4' | 'hf-v5'): TensorToWrite[] {
  const own = tensors.filter(({ name }) => /^(decoder_(embed|norm|pred|pos_embed)|mask_token)/.test(name));
  const blocks = tensors.filter(({ name }) => name.startsWith('decoder_blocks.'));
  const encoder = tensors.filter((t) => !own.includes(t) && !blocks.includes(t));
  const inDecoder = asHuggingFace(
    blocks.map((t) => ({ ...t, name: t.name.replace('decoder_blocks.', 'blocks.') })),
    style,
    'X.',
  ).map((t) => ({ ...t, name: t.name.replace(/^X\.(encoder\.layer|layers)\./, 'decoder.decoder_layers.') }));
  return [
    ...asHuggingFace(encoder, style, 'vit.'),
    ...own.map((t) => ({ ...t, name: `decoder.${t.name}` })),
    ...inDecoder,
  ];
}

describe('a masked autoencoder with its decoder', () => {
  it.each(['hf-v4', 'hf-v5'] as const)('in Hugging Face’s names, %s', (style) => {
    const file = open(hf(tensorsOf(weights), style));
    expect(CHECKPOINT.recognise(file)).toBeGreaterThan(VIT.recognise(file));
    const set = { image: 16, heads: 2, decoderHeads: 3 };
    const { config: read, assumed } = CHECKPOINT.infer(file, set);
    expect(read).toEqual({ ...config, normEps: 1e-12 });
    expect(assumed.find(({ field }) => field === 'normEps')?.why).toContain('Hugging Face');
    const bound = CHECKPOINT.bind(file, read);
    for (const { name, kind } of mae(config).values.values()) {
      if (kind !== 'weight') continue;
      expect(float32Of(bound, name), name).toEqual(float32Of(weights, name));
    }
  });

  it('is refused where a part of the decoder is missing, by the file’s names', () => {
    const file = open(hf(tensorsOf(weights), 'hf-v4').filter(({ name }) => !name.includes('decoder_pred')));
    const { config: read } = CHECKPOINT.infer(file, { image: 16, heads: 2, decoderHeads: 3 });
    expect(() => CHECKPOINT.bind(file, read)).toThrow(/decoder_pred\.\w+".*Hugging Face/);
  });

  it('is no masked autoencoder without it', () => {
    const encoder = hf(tensorsOf(weights), 'hf-v4').filter(({ name }) => !name.startsWith('decoder.'));
    expect(CHECKPOINT.recognise(open(encoder))).toBe(0);
  });
});
