import { formatValue, GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import { opSpec } from './ops/index.ts';
import type { Box, Operand, Range, Value } from './types.ts';

function sameBox(a: Box, b: Box): boolean {
  return a.every((r, i) => r[0] === b[i]?.[0] && r[1] === b[i]?.[1]);
}

/** A value and the box of one of its cells. Throws GraphError for an unknown tensor or an index outside its shape. */
function cellOf(graph: Graph, name: string, index: readonly number[]): { value: Value; box: Box } {
  const value = graph.value(name);
  const inside =
    index.length === value.shape.length && index.every((i, d) => i >= 0 && i < (value.shape[d] ?? 0));
  if (!inside) throw new GraphError(`There is no cell [${index.join(', ')}] in ${formatValue(value)}.`);
  return { value, box: index.map((i): Range => [i, i + 1]) };
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
  const { value, box: cell } = cellOf(graph, name, index);
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
  follow(value, cell);
  return found;
}

/** The smallest box that holds both. */
const around = (a: Box, b: Box | undefined): Box =>
  b ? a.map(([from, to], d): Range => [Math.min(from, b[d]?.[0] ?? from), Math.max(to, b[d]?.[1] ?? to)]) : a;

/**
 * The receptive field of a cell, as the graph has it: the smallest box of the value `source` (an input, say) that the
 * cell `index` of tensor `name` can depend on, cut off where the source ends. Undefined where it depends on none of it.
 *
 * Throws GraphError for an unknown tensor or an index outside its shape.
 */
export function receptiveBox(
  graph: Graph,
  name: string,
  index: readonly number[],
  source: string,
): Box | undefined {
  const start = cellOf(graph, name, index);
  const boxes = new Map<Value, Box>([[start.value, start.box]]);
  // What is made last is made of what was made before it, so one walk backwards meets every reader of a value first.
  for (const node of [...graph.nodes].reverse())
    node.outputs.forEach((output, place) => {
      const box = boxes.get(output);
      if (!box) return;
      const reads = opSpec(node.op).reads(box, node.inputs, node.attributes, place);
      node.inputs.forEach((input, i) => {
        const read = reads[i];
        if (read && input.kind !== 'constant') boxes.set(input, around(read, boxes.get(input)));
      });
    });
  return boxes.get(graph.value(source));
}
