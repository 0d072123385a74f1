import { formatValue, GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import { opSpec } from './ops/index.ts';
import type { Box, Operand, Range, Value } from './types.ts';

function sameBox(a: Box, b: Box): boolean {
  return a.every((r, i) => r[0] === b[i]?.[0] && r[1] === b[i]?.[1]);
}

/**
 * "How was this cell computed": the named tensors, weights and inputs that the cell `index` of tensor `name` is made
 * from, each with the box of its cells. Follows the graph back through helpers without a name, so the answer is that
 * of the nearest named things (`blocks.0.attn.scores` at `[0, h, i, j]` → row i of q and row j of k). Each box is the
 * smallest that holds every cell read. Constants are left out. An input has no operands.
 *
 * Throws GraphError for an unknown tensor or an index outside its shape.
 */
export function cellOperands(graph: Graph, name: string, index: readonly number[]): readonly Operand[] {
  const value = graph.value(name);
  const inside =
    index.length === value.shape.length && index.every((i, d) => i >= 0 && i < (value.shape[d] ?? 0));
  if (!inside) throw new GraphError(`There is no cell [${index.join(', ')}] in ${formatValue(value)}.`);
  if (value.doc?.cell) return value.doc.cell(index);

  const found: Operand[] = [];
  const follow = (v: Value, box: Box): void => {
    const node = v.producer;
    if (!node) return;
    const boxes = opSpec(node.op).reads(box, node.inputs, node.attributes, node.outputs.indexOf(v));
    node.inputs.forEach((input, i) => {
      const read = boxes[i];
      if (!read || input.kind === 'constant') return;
      if (input.internal) return follow(input, read);
      const known = found.some((o) => o.name === input.name && sameBox(o.ranges, read));
      if (!known) found.push({ name: input.name, kind: input.kind, ranges: read });
    });
  };
  follow(
    value,
    index.map((i): Range => [i, i + 1]),
  );
  return found;
}
