import type { OnnxGraph, OnnxNode } from './graph.ts';

/** An attention of a graph: the value that holds its weights `[…, T, T]`, or the fused node that keeps them inside. */
export interface OnnxAttention {
  /** The value to ask for; undefined for a fused node. */
  readonly probs: string | undefined;
  /** The node's name, or its output's, for a list. */
  readonly title: string;
  /** Of a fused node, its operator. */
  readonly fused: string | undefined;
}

/** What may stand between the product of queries and keys and the softmax: scaling, masks, casts. */
const BEFORE = /^(Mul|Div|Add|Sub|Where|Cast|Identity|Clip|Reshape)$/;
/** What may stand between the softmax and the product with the values. */
const AFTER = /^(Cast|Identity|Dropout|Where|Mul|Reshape)$/;
/** How many such nodes there may be in a row. */
const MOST_BETWEEN = 6;
const PRODUCT = /^(MatMul|Einsum|Gemm|com\.microsoft\.(FusedMatMul|TransposeMatMul))$/;
const FUSED =
  /^(Attention|com\.microsoft\.(Attention|MultiHeadAttention|PackedAttention|PackedMultiHeadAttention|GroupQueryAttention|QAttention|DecoderMaskedMultiHeadAttention))$/;

/**
 * The attentions of a graph, by their pattern: a softmax that is fed by a product and followed by one. That its last two
 * sides are equal is checked where the file says them; else a run tells.
 */
export function attentionsIn(graph: OnnxGraph): readonly OnnxAttention[] {
  const giver = new Map<string, OnnxNode>();
  const users = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    for (const name of node.outputs) giver.set(name, node);
    for (const name of node.inputs) users.set(name, [...(users.get(name) ?? []), node]);
  }
  const shapes = new Map(graph.values.map(({ name, shape }) => [name, shape]));
  const fedByProduct = (name: string | undefined, left: number): boolean => {
    const node = name === undefined ? undefined : giver.get(name);
    if (!node || left < 0) return false;
    if (PRODUCT.test(node.op)) return true;
    return BEFORE.test(node.op) && node.inputs.some((input) => fedByProduct(input, left - 1));
  };
  const feedsProduct = (name: string, left: number): boolean =>
    left >= 0 &&
    (users.get(name) ?? []).some(
      (node) =>
        PRODUCT.test(node.op) ||
        (AFTER.test(node.op) && node.outputs.some((output) => feedsProduct(output, left - 1))),
    );
  const square = (name: string): boolean => {
    const shape = shapes.get(name);
    if (!shape) return true;
    const [rows, columns] = shape.slice(-2);
    return shape.length >= 2 && (rows === columns || typeof rows !== 'number' || typeof columns !== 'number');
  };
  return graph.nodes.flatMap((node): OnnxAttention[] => {
    const [output] = node.outputs;
    if (output === undefined) return [];
    const title = node.name || output;
    if (FUSED.test(node.op)) return [{ probs: undefined, title, fused: node.op }];
    const found =
      node.op === 'Softmax' &&
      fedByProduct(node.inputs[0], MOST_BETWEEN) &&
      feedsProduct(output, MOST_BETWEEN) &&
      square(output);
    return found ? [{ probs: output, title, fused: undefined }] : [];
  });
}
