import type { Condition } from '#lib/models/dit/config.ts';

/** How the built network is told time and class: as tokens of a U-ViT, or in one of DiT's four ways. */
export const MEANS = ['uvit', 'adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const;
export type Means = (typeof MEANS)[number];

export const FACTORS = [1, 4, 8, 16] as const;

/** In the order of the paper's figure 5, from the worst to the best. */
export const WAYS: readonly Condition[] = ['in-context', 'cross-attention', 'adaln', 'adaln-zero'];

/**
 * The parts of a block's modulation `[6D]` in the order of its rows (Peebles & Xie 2023, section 3.2): what is added
 * to, what multiplies, and what gates the attention, then the MLP.
 */
export const PARTS = ['shift_msa', 'scale_msa', 'gate_msa', 'shift_mlp', 'scale_mlp', 'gate_mlp'] as const;
export type Part = (typeof PARTS)[number];
