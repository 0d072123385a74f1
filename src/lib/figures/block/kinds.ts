import type { OutlineNode } from '#lib/graph/outline.ts';
import type { Text } from '#lib/base/lang.ts';

/** What a node of a block does, in the words of a lesson. */
export type NodeKind =
  'input' | 'norm' | 'linear' | 'matmul' | 'softmax' | 'activation' | 'add' | 'layout' | 'other';

/** The operations that only move values about. */
const MOVES = new Set(['Reshape', 'Transpose', 'Gather', 'Slice', 'Split', 'Concat', 'Identity', 'Expand']);

/** Read from the operations folded into the node: nothing is known of its name. */
export function kindOf(node: OutlineNode): NodeKind {
  const has = (op: string) => node.ops.includes(op);
  if (node.boundary || node.ops.length === 0) return 'input';
  if (has('LayerNormalization') || has('BatchNormalization')) return 'norm';
  if (has('Gemm') || has('Conv')) return 'linear';
  if (has('MatMul')) return node.weights.length > 0 ? 'linear' : 'matmul';
  if (has('Softmax')) return 'softmax';
  if (has('Erf') || has('Tanh') || has('Sigmoid') || node.ops.at(-1) === 'Relu') return 'activation';
  if (node.ops.every((op) => MOVES.has(op))) return 'layout';
  return node.ops.at(-1) === 'Add' ? 'add' : 'other';
}

const KIND: Readonly<Record<NodeKind, Text>> = {
  input: { en: 'input', zh: '输入' },
  norm: { en: 'LayerNorm', zh: '层归一化 LN' },
  linear: { en: 'Linear', zh: '线性层' },
  matmul: { en: 'product', zh: '矩阵乘法' },
  softmax: { en: 'softmax', zh: 'softmax' },
  activation: { en: 'activation', zh: '激活函数' },
  add: { en: '+', zh: '+' },
  layout: { en: 'reshape', zh: '重排' },
  other: { en: 'operation', zh: '运算' },
};

/** Names of the steps of a transformer block by the last part of the tensor's name; the rest go by their kind. */
const STEP: Readonly<Record<string, Text>> = {
  qkv: { en: 'Linear qkv', zh: '线性层 qkv' },
  q: { en: 'q', zh: 'q' },
  k: { en: 'k', zh: 'k' },
  v: { en: 'v', zh: 'v' },
  scores: { en: 'q · kᵀ / √d', zh: 'q · kᵀ / √d' },
  probs: { en: 'softmax', zh: 'softmax' },
  out: { en: 'probs · v', zh: 'probs · v' },
  merged: { en: 'merge heads', zh: '合并各头' },
  proj: { en: 'Linear proj', zh: '线性层 proj' },
  fc1: { en: 'Linear fc1', zh: '线性层 fc1' },
  gelu: { en: 'GELU', zh: 'GELU' },
  fc2: { en: 'Linear fc2', zh: '线性层 fc2' },
  norm1: { en: 'LayerNorm 1', zh: '层归一化 LN 1' },
  norm2: { en: 'LayerNorm 2', zh: '层归一化 LN 2' },
  norm_cross: { en: 'LayerNorm', zh: '层归一化 LN' },
  c_silu: { en: 'condition', zh: '条件' },
  adaLN_modulation: { en: 'Linear', zh: '线性层' },
  shift_msa: { en: 'β₁', zh: 'β₁' },
  scale_msa: { en: 'γ₁', zh: 'γ₁' },
  gate_msa: { en: 'α₁', zh: 'α₁' },
  shift_mlp: { en: 'β₂', zh: 'β₂' },
  scale_mlp: { en: 'γ₂', zh: 'γ₂' },
  gate_mlp: { en: 'α₂', zh: 'α₂' },
  modulated1: { en: '· (1 + γ₁) + β₁', zh: '· (1 + γ₁) + β₁' },
  modulated2: { en: '· (1 + γ₂) + β₂', zh: '· (1 + γ₂) + β₂' },
  gated: { en: '· α', zh: '· α' },
};

/** What stands on a node. A sum is a plus sign, whatever its tensor is called. */
export function stepName(node: OutlineNode): Text {
  const kind = kindOf(node);
  const part = node.name.split('.').at(-1) ?? '';
  const named = STEP[part];
  if (kind === 'input') return part === 'c_silu' && named ? named : KIND[kind];
  // A sum is a plus sign; adaLN's shift has a name of its own.
  return named ?? KIND[kind];
}
