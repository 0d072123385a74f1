import type { Target } from './naming.ts';

/** Names inside a block to the graph's. */
export type BlockNames = Readonly<Record<string, string | Target>>;

const third = (of: 0 | 1 | 2): Target => ({ to: 'attn.qkv', part: [of, 3] });
/** A bias of the three, of which keys may have none (BEiT, whose softmax it would not change). */
const bias = (of: 0 | 1 | 2): Target => ({ to: 'attn.qkv.bias', part: [of, 3], zeros: true });
export const halfOf = (of: 0 | 1): Target => ({ to: 'mlp.fc1', part: [of, 2] });

/** What stands for others in a block of timm's and of Meta's: SwiGLU, LayerScale and attention of DINOv2, BEiT and EVA. */
export const TIMM_BLOCK: BlockNames = {
  'mlp.w12': 'mlp.fc1',
  'mlp.w3': 'mlp.fc2',
  // EVA-02, EVA-CLIP and DINOv3: gate, value, and what reads them.
  'mlp.w1': halfOf(0),
  'mlp.w2': halfOf(1),
  'mlp.ffn_ln': 'mlp.norm',
  'attn.inner_attn_ln': 'attn.norm',
  'attn.qkv.bias_mask': { to: 'attn.qkv.bias', masks: true },
  'mlp.fc1_g': halfOf(0),
  'mlp.fc1_x': halfOf(1),
  gamma_1: 'ls1.gamma',
  gamma_2: 'ls2.gamma',
  'attn.q_bias': bias(0),
  'attn.v_bias': bias(2),
  'attn.q_proj': third(0),
  'attn.k_proj': third(1),
  'attn.v_proj': third(2),
  'attn.q_proj.bias': bias(0),
  'attn.k_proj.bias': bias(1),
  'attn.v_proj.bias': bias(2),
};

/** What stands in a block of Hugging Face's ViT, DeiT, DINOv2 and ViTMAE, under the names of any version. */
export const HF_BLOCK: BlockNames = {
  layernorm_before: 'norm1',
  layernorm_after: 'norm2',
  norm1: 'norm1',
  norm2: 'norm2',
  'attention.attention.query': third(0),
  'attention.attention.key': third(1),
  'attention.attention.value': third(2),
  'attention.attention.query.bias': bias(0),
  'attention.attention.key.bias': bias(1),
  'attention.attention.value.bias': bias(2),
  'attention.attention.relative_position_bias.relative_position_bias_table':
    'attn.relative_position_bias_table',
  'attention.output.dense': 'attn.proj',
  'attention.q_proj.bias': bias(0),
  'attention.k_proj.bias': bias(1),
  'attention.v_proj.bias': bias(2),
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
  lambda_1: 'ls1.gamma',
  lambda_2: 'ls2.gamma',
  // DINOv3: gated where there is a gate.
  'mlp.gate_proj': halfOf(0),
  'mlp.down_proj': 'mlp.fc2',
  'mlp.weights_in': 'mlp.fc1',
  'mlp.weights_out': 'mlp.fc2',
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

/** What stands in a block of OpenAI's CLIP, in either tower. */
export const OPENAI_BLOCK: BlockNames = {
  ln_1: 'norm1',
  'attn.in_proj_weight': 'attn.qkv.weight',
  'attn.in_proj_bias': 'attn.qkv.bias',
  'attn.out_proj': 'attn.proj',
  ln_2: 'norm2',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
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
