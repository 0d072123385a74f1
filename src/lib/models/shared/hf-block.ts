import type { Target } from './naming.ts';

/** Names inside a block to the graph's. */
export type BlockNames = Readonly<Record<string, string | Target>>;

const third = (of: 0 | 1 | 2): Target => ({ to: 'attn.qkv', part: [of, 3] });

/** What stands in a block of Hugging Face's ViT, DeiT, DINOv2 and ViTMAE, under the names of any version. */
export const HF_BLOCK: BlockNames = {
  layernorm_before: 'norm1',
  layernorm_after: 'norm2',
  norm1: 'norm1',
  norm2: 'norm2',
  'attention.attention.query': third(0),
  'attention.attention.key': third(1),
  'attention.attention.value': third(2),
  'attention.output.dense': 'attn.proj',
  'attention.q_proj': third(0),
  'attention.k_proj': third(1),
  'attention.v_proj': third(2),
  'attention.o_proj': 'attn.proj',
  'intermediate.dense': 'mlp.fc1',
  'output.dense': 'mlp.fc2',
  'mlp.fc1': 'mlp.fc1',
  'mlp.fc2': 'mlp.fc2',
  'layer_scale1.lambda1': 'ls1.gamma',
  'layer_scale2.lambda1': 'ls2.gamma',
};

/** What stands in a block of Hugging Face's CLIP and SigLIP, in either tower. */
export const HF_PRE_NORM_BLOCK: BlockNames = {
  layer_norm1: 'norm1',
  'self_attn.q_proj': third(0),
  'self_attn.k_proj': third(1),
  'self_attn.v_proj': third(2),
  'self_attn.out_proj': 'attn.proj',
  layer_norm2: 'norm2',
  'mlp.fc1': 'mlp.fc1',
  'mlp.fc2': 'mlp.fc2',
};

/**
 * Names of blocks in a file to those of the graph.
 * @param names what stands in a block, to the graph's names there
 * @param stems where blocks stand in a file, `#` for a block's number: `encoder.layer.#`
 * @param blocks the graph's: `blocks.#`
 */
export function blocksNamed(names: BlockNames, stems: readonly string[], blocks = 'blocks.#'): BlockNames {
  return Object.fromEntries(
    stems.flatMap((stem) =>
      Object.entries(names).map(([name, target]) => [
        `${stem}.${name}`,
        typeof target === 'string' ? `${blocks}.${target}` : { ...target, to: `${blocks}.${target.to}` },
      ]),
    ),
  );
}

/** Up to version 4 of transformers, which is what files on Hugging Face's hub hold, and from version 5 on. */
export const HF_STEMS = ['encoder.layer.#', 'layers.#', 'encoder.layers.#'] as const;
