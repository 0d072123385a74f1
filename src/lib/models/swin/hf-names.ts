import type { Naming, Target } from '../shared/naming.ts';

/** A tensor that every such file has; a ViT's of the same library has it as well, without blocks in stages. */
export const HF_LANDMARK = 'embeddings.patch_embeddings.projection.weight';

/** Parts of a block, by the file's names; queries, keys and values are apart there. */
const BLOCK: Readonly<Record<string, string | Target>> = {
  layernorm_before: 'norm1',
  ...qkv('weight'),
  ...qkv('bias'),
  'attention.self.relative_position_bias_table': 'attn.relative_position_bias_table',
  'attention.output.dense': 'attn.proj',
  layernorm_after: 'norm2',
  'intermediate.dense': 'mlp.fc1',
  'output.dense': 'mlp.fc2',
};

function qkv(kind: 'weight' | 'bias'): Readonly<Record<string, Target>> {
  const parts = ['query', 'key', 'value'] as const;
  return Object.fromEntries(
    parts.map((part, i) => [`attention.self.${part}.${kind}`, { to: `attn.qkv.${kind}`, part: [i, 3] }]),
  );
}

/**
 * Names of Hugging Face's `SwinModel` and `SwinForImageClassification` (transformers, `modeling_swin.py`), for the stages
 * and blocks that a file has. Patches are merged at the end of a stage there.
 */
export function hfNaming(names: readonly string[]): Naming | undefined {
  const known: Record<string, string | Target> = {
    'embeddings.patch_embeddings.projection': 'patch_embed.proj',
    'embeddings.norm': 'patch_embed.norm',
    layernorm: 'norm',
    classifier: 'head.fc',
  };
  const places = new Set(
    names.flatMap((name) => /encoder\.layers\.\d+\.(?:blocks\.\d+|downsample)(?=\.)/.exec(name)?.[0] ?? []),
  );
  for (const place of places) {
    const [, stage = '', block] = /^encoder\.layers\.(\d+)\.(?:blocks\.(\d+)|downsample)$/.exec(place) ?? [];
    if (block === undefined) {
      for (const part of ['norm', 'reduction'])
        known[`${place}.${part}`] = `layers.${Number(stage) + 1}.downsample.${part}`;
      continue;
    }
    const at = (to: string) => `layers.${stage}.blocks.${block}.${to}`;
    for (const [part, target] of Object.entries(BLOCK))
      known[`${place}.${part}`] = typeof target === 'string' ? at(target) : { ...target, to: at(target.to) };
  }
  if (places.size === 0) return undefined;
  return {
    id: 'hf-stages',
    title: 'Hugging Face',
    landmark: HF_LANDMARK,
    names: known,
    leaves: [[/\.relative_position_index$/, 'a table that follows from the sizes']],
  };
}
