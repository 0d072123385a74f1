import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { foreignConfig } from '../foreign-config.ts';
import { apart, runAll } from '../held.testing.ts';
import { recognise } from '../registry.ts';
import { FORMS, type VivitConfig } from './config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { vivit, vivitConfig } from './graph.ts';

const checkpoint = CHECKPOINT;
const small = (change: Partial<VivitConfig> = {}) =>
  vivitConfig({
    frames: 8,
    image: 32,
    patch: 16,
    dim: 64,
    depth: 2,
    temporalDepth: 1,
    heads: 1,
    classes: 5,
    ...change,
  });

/** Names of transformers' `VivitForVideoClassification` to the graph's. */
const HF: readonly (readonly [RegExp, string])[] = [
  [/^patch_embed\.proj/, 'vivit.embeddings.patch_embeddings.projection'],
  [/^cls_token/, 'vivit.embeddings.cls_token'],
  [/^pos_embed/, 'vivit.embeddings.position_embeddings'],
  [/^norm\./, 'vivit.layernorm.'],
  [/^head\./, 'classifier.'],
  [/^blocks\.(\d+)\.norm1/, 'vivit.encoder.layer.$1.layernorm_before'],
  [/^blocks\.(\d+)\.norm2/, 'vivit.encoder.layer.$1.layernorm_after'],
  [/^blocks\.(\d+)\.attn\.proj/, 'vivit.encoder.layer.$1.attention.output.dense'],
  [/^blocks\.(\d+)\.mlp\.fc1/, 'vivit.encoder.layer.$1.intermediate.dense'],
  [/^blocks\.(\d+)\.mlp\.fc2/, 'vivit.encoder.layer.$1.output.dense'],
];

/** The same weights as transformers stores them: query, key and value apart. */
function asHuggingFace(of: WeightSource): WeightSource {
  const entries = new Map(
    of.names().flatMap((name) => {
      const entry = of.get(name)!;
      const [, block, kind] = /^blocks\.(\d+)\.attn\.qkv\.(weight|bias)$/.exec(name) ?? [];
      if (kind !== undefined) {
        const [rows = 0, ...rest] = entry.shape;
        const length = entry.length / 3;
        return ['query', 'key', 'value'].map((part, i) => {
          const shape = [rows / 3, ...rest];
          const to = `vivit.encoder.layer.${block}.attention.attention.${part}.${kind}`;
          return [to, { ...entry, shape, offset: entry.offset + i * length, length }] as const;
        });
      }
      const [from, to] = HF.find(([form]) => form.test(name))!;
      return [[name.replace(from, to), entry] as const];
    }),
  );
  return { get: (name) => entries.get(name), names: () => [...entries.keys()], buffers: of.buffers };
}

describe('a bare file of weights', () => {
  it.each(FORMS)('is told from a picture’s, and its form from its names: %s', (attention) => {
    const c = small({ attention, heads: attention === 'factorised-dot-product' ? 2 : 1 });
    const weights = seededWeights(vivit(c), 1);
    expect(recognise(weights).id).toBe('vivit');
    const { config, assumed } = checkpoint.infer(weights, { frames: 8, heads: c.heads });
    // A form without a second encoder has no number of its blocks.
    const known = attention === 'factorised-encoder' ? c : { ...c, temporalDepth: 4 };
    expect(config).toEqual(known);
    expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'gelu']);
    expect(checkpoint.bind(weights, config).names().sort()).toEqual(weights.names().sort());
  });

  it('of frames of 224 pixels says how long clips are by its positions', () => {
    const c = small({ frames: 6, image: 224 });
    const { config, assumed } = checkpoint.infer(seededWeights(vivit(c), 1), {});
    expect([config.frames, config.image, config.heads]).toEqual([6, 224, 1]);
    expect(assumed.map(({ field }) => field)).toEqual(['normEps', 'gelu', 'heads', 'image', 'frames']);
    expect(assumed.at(-1)?.why).toBe('frames of 224 pixels have 196 of the 588 positions');
  });

  it('of other frames asks for one of the two, and refuses what its positions are not', () => {
    const weights = seededWeights(vivit(small()), 1);
    expect(() => checkpoint.infer(weights, {})).toThrow(
      'frames cannot be read from the weights and must be set',
    );
    expect(checkpoint.infer(weights, { image: 32 }).config.frames).toBe(8);
    expect(() => checkpoint.infer(weights, { image: 48 })).toThrow(
      '17 positions are none of frames of 48 pixels',
    );
    expect(() => checkpoint.infer(weights, { frames: 6 })).toThrow(
      '17 positions are none of a clip of 6 frames',
    );
  });

  it('of the wrong form is refused by the first tensor that is missing or too many', () => {
    const weights = seededWeights(vivit(small()), 1);
    const two = small({ attention: 'factorised-encoder' });
    expect(() => checkpoint.bind(weights, two)).toThrow(/it is missing/);
    expect(() => checkpoint.bind(seededWeights(vivit(two), 1), small())).toThrow(/pos_embed|no place/);
  });
});

describe('a file of transformers', () => {
  const c = small({ gelu: 'tanh' });
  const own = seededWeights(vivit(c), 1);
  const foreign = asHuggingFace(own);

  it('is recognised, and its description tells what its tensors do not', () => {
    expect(recognise(foreign).id).toBe('vivit');
    const described = foreignConfig(
      JSON.stringify({
        model_type: 'vivit',
        hidden_act: 'gelu_fast',
        image_size: 32,
        layer_norm_eps: 1e-6,
        num_attention_heads: 1,
        num_frames: 8,
        tubelet_size: [2, 16, 16],
      }),
    );
    const { config, assumed } = checkpoint.infer(foreign, described.set);
    expect(config).toEqual({ ...c, temporalDepth: 4 });
    expect(assumed).toEqual([]);
  });

  it('gives the same numbers', async () => {
    const g = vivit(c);
    const x = Float32Array.from({ length: 8 * 3 * 32 * 32 }, (_, i) => Math.sin(i));
    const bound = checkpoint.bind(foreign, c);
    const [a, b] = await Promise.all([own, bound].map((weights) => runAll(g, { x }, weights)));
    for (const name of ['blocks.1.attn.probs', 'logits'])
      expect(apart(a![name]!.data, b![name]!.data)).toBe(0);
  });
});
