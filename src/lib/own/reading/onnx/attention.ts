import type { Text } from '#lib/base/lang.ts';
import type { OnnxGraph, OnnxNode } from './graph.ts';
import { unfuse } from './unfused.ts';

/** An attention of a graph: the value that holds its weights `[…, T, T]`, or the fused node that keeps them inside. */
export interface OnnxAttention {
  /** The value to ask for, of a fused node computed beside it; undefined where that cannot be. */
  readonly probs: string | undefined;
  /** The node's name, or its output's, for a list. */
  readonly title: string;
  /** Of a fused node, its operator. */
  readonly fused: string | undefined;
  /** Of a fused node without a value to ask for: why. */
  readonly why?: Text;
}

/** A graph with its attentions, and what is computed beside it for those that are fused. */
export interface Attentions {
  readonly graph: OnnxGraph;
  readonly attentions: readonly OnnxAttention[];
  /** A message that follows the file's own. */
  readonly beside: Uint8Array | undefined;
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
 * sides are equal is checked where the file says them; else a run tells. Fused ones are unfused (`unfuse`).
 */
export function attentionsIn(given: OnnxGraph): Attentions {
  const { graph, message, found: unfused } = unfuse(given, (op) => FUSED.test(op));
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
  const attentions = given.nodes.flatMap((node): OnnxAttention[] => {
    const [output] = node.outputs;
    if (output === undefined) return [];
    const title = node.name || output;
    const told = unfused.get(node);
    if (typeof told === 'string') return [{ probs: told, title, fused: node.op }];
    if (told) return [{ probs: undefined, title, fused: node.op, why: told }];
    const found =
      node.op === 'Softmax' &&
      fedByProduct(node.inputs[0], MOST_BETWEEN) &&
      feedsProduct(output, MOST_BETWEEN) &&
      square(output);
    return found ? [{ probs: output, title, fused: undefined }] : [];
  });
  return { graph, attentions, beside: message };
}
