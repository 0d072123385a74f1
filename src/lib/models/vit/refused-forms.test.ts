import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import type { TensorToWrite } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { bindVit } from './bind.ts';
import { open, rename, small } from './forms.testing.ts';
import { inferWholeVit } from './infer.ts';
import { vit, vitConfig } from './graph.ts';

describe('forms that are no vision transformer of this site', () => {
  it.each<[string, (t: TensorToWrite[]) => TensorToWrite[], RegExp]>([
    [
      'attention pooling',
      (t) => [...t, { name: 'attn_pool.latent', shape: [1, 1, 12], data: new Float32Array(12) }],
      /"attn_pool\.q\.weight": it is missing, and 11 more with it/,
    ],
    [
      'a head of several layers',
      (t) => rename(t, (name) => name.replace(/^head\./, 'head.fc1.')),
      /"head\.fc1\.weight": the configuration has no place for it/,
    ],
    [
      'half a norm inside attention',
      (t) => [...t, { name: 'blocks.0.attn.norm.weight', shape: [12], data: new Float32Array(12) }],
      /"blocks\.0\.attn\.norm\.bias": it is missing/,
    ],
    [
      'a mask of biases with other numbers than 0 and 1',
      (t) => [
        ...t,
        { name: 'blocks.0.attn.qkv.bias_mask', shape: [36], data: new Float32Array(36).fill(0.5) },
      ],
      /"blocks\.0\.attn\.qkv\.bias_mask": a mask of a bias has 0 and 1, and this has 0\.5/,
    ],
    [
      'a norm of CLS apart',
      (t) => [...t, { name: 'cls_norm.weight', shape: [12], data: new Float32Array(12) }],
      /"cls_norm\.weight": .* it is part of a norm of CLS and registers apart/,
    ],
    [
      'stored rotary positions that are not those computed',
      (t) => [...t, { name: 'rope.freqs_cos', shape: [16, 4], data: new Float32Array(64) }],
      /"rope\.freqs_cos": its values are not those of the rotary positions that this network computes \(0 for 1 at 0\)/,
    ],
    [
      'frequencies of another base than DINOv3’s',
      (t) => [
        ...t.filter(({ name }) => name !== 'pos_embed'),
        { name: 'reg_token', shape: [1, 2, 12], data: new Float32Array(24) },
        { name: 'rope_embed.periods', shape: [1], data: Float32Array.of(10000) },
      ],
      /"rope_embed\.periods": its values are not those/,
    ],
    [
      'rotary positions that are learned',
      (t) => [...t, { name: 'rope.freqs', shape: [2, 6], data: new Float32Array(12) }],
      /"rope\.freqs": .* it is part of rotary positions/,
    ],
    [
      'a table of distances of no square',
      (t) => [
        ...t,
        { name: 'rel_pos_bias.relative_position_bias_table', shape: [40, 3], data: new Float32Array(120) },
      ],
      /"rel_pos_bias\.relative_position_bias_table": its shape is \[40, 3\], the configuration needs \[52, 3\]/,
    ],
    [
      'positions of no square, with no token among them',
      (t) =>
        t.flatMap((one) =>
          one.name === 'cls_token'
            ? []
            : [
                one.name === 'pos_embed'
                  ? { ...one, shape: [1, 8, 12], data: new Float32Array(96), dtype: 'F32' as const }
                  : one,
              ],
        ),
      /"pos_embed": its shape is \[1, 8, 12\]; 8 positions make no square grid; .*imageWidth=… must be set/,
    ],
    [
      'blocks of other names',
      (t) =>
        rename(t, (name) =>
          name
            .replace(/^blocks\.(\d)\.mlp\.fc(\d)/, 'transformer.layers.$1.linear$2')
            .replace(/^blocks/, 'transformer.layers'),
        ),
      /no transformer block is in it under timm's.*it has "transformer\.layers\.0.*torch\.nn\.TransformerEncoder/,
    ],
    [
      'blocks of attention and MLP side by side (ParallelScalingBlock)',
      (t) =>
        t.flatMap((one) =>
          /^blocks\.\d+\.(norm1|attn\.proj|mlp\.fc2)/.test(one.name)
            ? [
                {
                  ...one,
                  name: one.name
                    .replace('norm1', 'in_norm')
                    .replace('attn.proj', 'attn_out_proj')
                    .replace('mlp.fc2', 'mlp_out_proj'),
                },
              ]
            : one.name.startsWith('blocks.')
              ? []
              : [one],
        ),
      /it has "blocks\.0\.in_norm\.weight", .*, blocks whose attention and MLP run side by side \(timm’s parallel blocks/,
    ],
    [
      'blocks of several attentions side by side (ParallelThingsBlock)',
      (t) =>
        rename(t, (name) =>
          name
            .replace(/^(blocks\.\d+)\.(norm1|attn)/, '$1.attns.0.$2')
            .replace(/^(blocks\.\d+)\.(norm2|mlp)/, '$1.ffns.0.$2'),
        ),
      /it has "blocks\.0\.attns\.0\.norm1\.weight", .*, blocks whose attention and MLP run side by side/,
    ],
    [
      'a name that is almost right',
      (t) => rename(t, (name) => name.replace('blocks.1.mlp.fc2.bias', 'blocks.1.mlp.fc2.bais')),
      /"blocks\.1\.mlp\.fc2\.bias": it is missing; "blocks\.1\.mlp\.fc2\.bais" of the file has no place/,
    ],
  ])('refuses %s by name', (_, change, message) => {
    const tensors = change(tensorsOf(seededWeights(vit(vitConfig(small)), 1)));
    const source = open(tensors);
    const bare = !source.names().includes('pos_embed');
    expect(() =>
      bindVit(source, inferWholeVit(source, { heads: 3, ...(bare && { image: 16 }) }).config),
    ).toThrow(message);
  });
});
