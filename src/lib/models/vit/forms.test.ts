import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import type { TensorToWrite } from '#lib/weights/safetensors.ts';
import { resizePositions } from '#lib/weights/resize.ts';
import { float32Of } from '#lib/weights/source.ts';
import { asHuggingFace, tensorsOf } from '#lib/weights/testing.ts';
import { checkWeights } from '../check.ts';
import { bindVit } from './bind.ts';
import { dinov2, halves, open, openai, rename, siglip, small, thirds, torchvision } from './forms.testing.ts';
import { inferWholeVit } from './infer.ts';
import { vit, vitConfig, type ViTConfig } from './graph.ts';

interface Form {
  readonly config: Partial<ViTConfig>;
  readonly file: (tensors: readonly TensorToWrite[]) => readonly TensorToWrite[];
  readonly set?: Partial<ViTConfig>;
}

const FORMS: Readonly<Record<string, Form>> = {
  torchvision: { config: {}, file: (t) => rename(t, torchvision) },
  'DINOv2: register_tokens, positions of CLS and patches': {
    config: { classes: 0, registers: 4, registerPosition: false, layerScale: true },
    file: (t) => rename(t, (name) => name.replace('reg_token', 'register_tokens')),
  },
  'DINOv2 in Hugging Face’s names': {
    config: { classes: 0, layerScale: true },
    file(t) {
      const scales = t.filter(({ name }) => /\.ls\d\./.test(name));
      const hf = rename(
        asHuggingFace(
          t.filter((one) => !scales.includes(one)),
          'hf-v4',
          '',
        ),
        dinov2,
      );
      const named = rename(scales, (name) =>
        name.replace(/^blocks\.(\d+)\.ls(\d)\.gamma$/, 'encoder.layer.$1.layer_scale$2.lambda1'),
      );
      return [...hf, ...named];
    },
  },
  'timm’s registers, positions of patches alone': {
    config: { registers: 4, clsPosition: false },
    file: (t) => t,
  },
  'DeiT with its two heads': { config: { distToken: true, distHead: true }, file: (t) => t },
  'DeiT in Hugging Face’s names': {
    config: { distToken: true, distHead: true, normEps: 1e-12 },
    file(t) {
      const own = (name: string) => /^(dist_token|head)/.test(name);
      const hf = asHuggingFace(
        t.filter(({ name }) => !own(name)),
        'hf-v4',
        'deit.',
      );
      const named = rename(
        t.filter(({ name }) => own(name)),
        (name) =>
          name
            .replace('dist_token', 'deit.embeddings.distillation_token')
            .replace(/^head\./, 'cls_classifier.')
            .replace('head_dist.', 'distillation_classifier.'),
      );
      return [...hf, ...named];
    },
  },
  'a layer before the head': { config: { preLogits: 7 }, file: (t) => t },
  'queries and keys normalised': { config: { qkNorm: true }, file: (t) => t },
  'attention pooling without a CLS token (timm’s SigLIP)': {
    config: { pool: 'map', classToken: false, clsPosition: false },
    file: (t) => t,
  },
  'SigLIP in Hugging Face’s names': {
    config: { pool: 'map', classToken: false, clsPosition: false, classes: 0, gelu: 'tanh' },
    file: siglip,
  },
  'mean pooling before which the norm stands': {
    config: { pool: 'gap', headNorm: 'before' },
    set: { pool: 'gap' },
    file: (t) => t,
  },
  'the mean of all tokens where there is no CLS': {
    config: { pool: 'gap', headNorm: 'before', classToken: false, clsPosition: false },
    file: (t) => t,
  },
  'DINOv2 with its linear classifier': {
    config: { pool: 'both', layerScale: true },
    file: (t) => rename(t, (name) => (name.startsWith('head.') ? `linear_${name}` : `backbone.${name}`)),
  },
  'SwiGLU in DINOv2’s names': {
    config: { gatedMlp: true, layerScale: true },
    file: (t) => rename(t, (name) => name.replace('mlp.fc1', 'mlp.w12').replace('mlp.fc2', 'mlp.w3')),
  },
  'SwiGLU of two matrices (EVA-02)': {
    config: { gatedMlp: true },
    file: (t) =>
      t.flatMap((one) =>
        one.name.includes('mlp.fc1')
          ? halves(one).map((half, i) => ({
              ...half,
              name: one.name.replace('fc1', i === 0 ? 'fc1_g' : 'fc1_x'),
            }))
          : [one],
      ),
  },
  'BEiT: a table of distances in each block': {
    config: { relPositions: 'blocks', positions: 'none', clsPosition: false, layerScale: true, pool: 'gap' },
    file: (t) => rename(t, (name) => name.replace(/ls(\d)\.gamma/, 'gamma_$1')),
  },
  'BEiT: a table of distances that all share, and positions': {
    config: { relPositions: 'shared', pool: 'gap' },
    file: (t) => t,
  },
  'DINOv3 in timm’s names': {
    config: {
      registers: 4,
      positions: 'none',
      clsPosition: false,
      rotary: 'centred',
      layerScale: true,
      qkvBias: false,
      normEps: 1e-5,
    },
    set: { image: 16 },
    file: (t) => rename(t, (name) => name.replace(/ls(\d)\.gamma/, 'gamma_$1')),
  },
  'EVA-02 of query, key and value apart': {
    config: { gatedMlp: true, gatedNorm: true, rotary: 'grid' },
    file: (t) =>
      t.flatMap((one) =>
        one.name.includes('attn.qkv')
          ? thirds(one).map((third, i) => ({ ...third, name: one.name.replace('qkv', `${'qkv'[i]!}_proj`) }))
          : [one],
      ),
  },
  'CLIP’s picture tower in OpenAI’s names': {
    config: { preNorm: true, classes: 0, projection: 6, gelu: 'sigmoid', normEps: 1e-5 },
    file: (t) => t.map(openai),
  },
  'a picture of 16 × 24 pixels': {
    config: { imageWidth: 24 },
    set: { image: 16, imageWidth: 24 },
    file: (t) => t,
  },
};

describe('forms a ViT has been published in', () => {
  it.each(Object.entries(FORMS))('%s: its weights and its configuration', (_, { config, file, set }) => {
    const wanted = vitConfig({ ...small, ...config });
    const seeded = seededWeights(vit(wanted), 3, (__, z) => z);
    const tensors = tensorsOf(seeded);
    const source = open(file(tensors));
    const inferred = inferWholeVit(source, { heads: 3, ...set });
    expect(inferred.config).toEqual(wanted);
    const bound = bindVit(source, inferred.config);
    for (const { name, shape } of tensors) {
      expect(bound.get(name)?.shape, name).toEqual(shape);
      expect(float32Of(bound, name), name).toEqual(float32Of(seeded, name));
    }
  });

  it('says everything that no tensor tells, as data for a form', () => {
    const source = open(tensorsOf(seededWeights(vit(vitConfig(small)), 1)));
    const { assumed, preprocessing } = inferWholeVit(source, { heads: 3 });
    expect(assumed.map(({ field }) => field)).toEqual(['pool', 'image', 'normEps', 'gelu', 'blockNorm']);
    expect(preprocessing?.mean).toEqual([0.5, 0.5, 0.5]);
    const set = { heads: 3, pool: 'cls', image: 16, normEps: 1e-6, gelu: 'erf', blockNorm: 'before' };
    expect(inferWholeVit(source, set).assumed).toEqual([]);
    const dino = vit(vitConfig({ ...small, layerScale: true }));
    const { mean } = inferWholeVit(open(tensorsOf(seededWeights(dino, 1))), { heads: 3 }).preprocessing!;
    expect(mean).toEqual([0.485, 0.456, 0.406]);
  });

  it('puts zeros where keys alone have no bias, and nowhere else', () => {
    const wanted = vitConfig({ ...small, relPositions: 'blocks', positions: 'none', clsPosition: false });
    const tensors = tensorsOf(seededWeights(vit(wanted), 3, (_, z) => z));
    const parts = (t: TensorToWrite) =>
      [0, 1, 2].map((i) => (t.data as Uint8Array).subarray(i * 48, (i + 1) * 48));
    const apart = (names: readonly (string | undefined)[]) =>
      tensors.flatMap((t) =>
        t.name.endsWith('qkv.bias')
          ? parts(t).flatMap((data, i) =>
              names[i] === undefined
                ? []
                : [{ ...t, name: t.name.replace('qkv.bias', names[i]), shape: [12], data }],
            )
          : [t],
      );
    const source = open(apart(['q_bias', undefined, 'v_bias']));
    const { config, assumed, preprocessing } = inferWholeVit(source, { heads: 3 });
    expect(config).toEqual(wanted);
    expect(assumed.find(({ field }) => field === 'image')?.why).toContain('distances of 4 × 4 patches');
    expect(preprocessing?.mean).toEqual([0.5, 0.5, 0.5]);
    const bound = bindVit(source, config);
    const whole = tensors.find(({ name }) => name === 'blocks.1.attn.qkv.bias')!;
    const [q, , v] = parts(whole).map((part) => new Float32Array(part.slice().buffer));
    expect(float32Of(bound, 'blocks.1.attn.qkv.bias')).toEqual(
      Float32Array.from([...q!, ...new Array<number>(12).fill(0), ...v!]),
    );

    // In a file where keys have biases, one that is missing is missing.
    const hf = asHuggingFace(tensorsOf(seededWeights(vit(vitConfig(small)), 1)), 'hf-v4');
    const holed = open(hf.filter(({ name }) => name !== 'vit.encoder.layer.1.attention.attention.key.bias'));
    expect(() => bindVit(holed, vitConfig({ ...small, normEps: 1e-12 }))).toThrow(
      /"blocks\.1\.attn\.qkv\.bias": it is missing/,
    );
  });

  it('leaves a text tower out, and says so', () => {
    const picture = siglip(
      tensorsOf(
        seededWeights(vit(vitConfig({ ...small, ...FORMS['SigLIP in Hugging Face’s names']!.config })), 1),
      ),
    );
    const word = { shape: [2, 2], data: new Float32Array(4) };
    const texts = [
      { ...word, name: 'text_model.head.weight' },
      { ...word, name: 'logit_bias', shape: [4] },
    ];
    const source = open([...picture, ...texts]);
    const { config } = inferWholeVit(source, { heads: 3 });
    expect(checkWeights(source, { architecture: 'vit', config }).leftOut).toEqual(
      texts.map(({ name }) => ({ tensor: name, why: 'the text tower, which pictures do not need' })),
    );
    expect(() =>
      checkWeights(open([...picture, { ...word, name: 'extra.weight' }]), { architecture: 'vit', config }),
    ).toThrow('"extra.weight": the configuration has no place for it');
  });

  it('says so where positions could be of two grids', () => {
    const source = open(tensorsOf(seededWeights(vit(vitConfig({ ...small, image: 12, imageWidth: 20 })), 1)));
    const { config, assumed } = inferWholeVit(source, { heads: 3 });
    expect(config).toMatchObject({ image: 16, clsPosition: false });
    expect(assumed.find(({ field }) => field === 'clsPosition')?.why).toContain('16 positions');
    expect(() => inferWholeVit(source, { heads: 3, image: 20 })).toThrow(
      '16 positions are none of a picture of 5 × 5 patches',
    );
    expect(inferWholeVit(source, { heads: 3, image: 12, imageWidth: 20 }).config).toMatchObject({
      clsPosition: true,
    });
  });

  it('sees pictures of other sides, with its positions resized, and says so', () => {
    const own = vitConfig({ ...small, registers: 2, registerPosition: false });
    const source = open(tensorsOf(seededWeights(vit(own), 1)));
    const { config, assumed } = inferWholeVit(source, { heads: 3, image: 24, imageWidth: 16 });
    expect(config).toMatchObject({ image: 24, imageWidth: 16, storedImage: 16, registerPosition: false });
    expect(assumed.find(({ field }) => field === 'storedImage')).toEqual({
      field: 'storedImage',
      value: 16,
      why: 'positions of 4 × 4 patches, resized to 6 × 4',
    });
    const [table, bound] = [
      float32Of(source, 'pos_embed')!,
      float32Of(bindVit(source, config), 'pos_embed')!,
    ];
    const resized = resizePositions(table.subarray(12), [4, 4], [6, 4], 12);
    expect(bound).toEqual(Float32Array.of(...table.subarray(0, 12), ...resized));
    // Of a grid that is no square the reader says which it is.
    const wide = open(tensorsOf(seededWeights(vit(vitConfig({ ...small, image: 12, imageWidth: 24 })), 1)));
    const stored = { heads: 3, image: 24, storedImage: 12, storedImageWidth: 24 };
    expect(() => inferWholeVit(wide, { heads: 3, image: 24 })).toThrow(
      '19 positions are none of a picture of 6 × 6',
    );
    const at = inferWholeVit(wide, stored).config;
    expect(float32Of(bindVit(wide, at), 'pos_embed')).toHaveLength((1 + 36) * 12);
    expect(() => vitConfig({ ...small, storedImage: 8, positions: 'none' })).toThrow(
      'storedImage: needs learned positions',
    );
  });
});
