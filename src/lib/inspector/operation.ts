import type { Text } from '#lib/base/lang.ts';
import { kindOf, type NodeKind } from '#lib/figures/block/kinds.ts';
import type { Outline, OutlineNode } from '#lib/graph/outline.ts';

/** What is told apart by colour in the drawn graph. */
export type Operation = 'linear' | 'norm' | 'attention' | 'activation' | 'moves' | 'ends';

/** In the order of the legend. */
export const OPERATIONS = ['linear', 'norm', 'attention', 'activation', 'moves', 'ends'] as const;

/** Custom properties of tokens.css (Okabe & Ito 2008, and the grey of controls): told apart by the colour-blind too. */
export const OPERATION_COLOUR: Readonly<Record<Operation, string>> = {
  linear: 'kind-1',
  norm: 'kind-3',
  attention: 'kind-4',
  activation: 'kind-2',
  moves: 'control',
  ends: 'kind-5',
};

export const OPERATION_NAME: Readonly<Record<Operation, Text>> = {
  linear: { en: 'linear, convolution, lookup', zh: '线性、卷积、查表' },
  norm: { en: 'normalization', zh: '归一化' },
  attention: { en: 'attention: products, softmax', zh: '注意力：乘积、softmax' },
  activation: { en: 'activation', zh: '激活函数' },
  moves: { en: 'sums, reshaping, others', zh: '相加、重排等' },
  ends: { en: 'input, output', zh: '输入、输出' },
};

const OPERATION: Readonly<Record<NodeKind, Operation>> = {
  input: 'ends',
  norm: 'norm',
  linear: 'linear',
  matmul: 'attention',
  softmax: 'attention',
  activation: 'activation',
  add: 'moves',
  layout: 'moves',
  other: 'moves',
};

/** What makes a tensor, read from the operations folded into it: nothing is known of its name. */
function operationOf(node: OutlineNode): Operation {
  const kind = kindOf(node);
  // A row of a table of weights, taken by its index, is the table times a one-hot vector.
  if (kind === 'other' && node.ops.includes('Gather') && node.weights.length > 0) return 'linear';
  // Divided by its own length: L2 normalization.
  if (kind === 'other' && node.ops.at(-1) === 'Div' && node.ops.includes('Sqrt')) return 'norm';
  return OPERATION[kind];
}

/** What makes each tensor of a graph, by name. What is fed, and what nothing reads, are the graph's ends. */
export function operationsOf({ nodes, edges }: Outline): ReadonlyMap<string, Operation> {
  const read = new Set(edges.map(({ from }) => from));
  return new Map(nodes.map((node) => [node.name, read.has(node.name) ? operationOf(node) : 'ends']));
}
