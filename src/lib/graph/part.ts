import { withoutBatch, type Dims } from '#lib/base/tensor.ts';
import { GraphError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Value } from './types.ts';

/**
 * A part of a tensor that is too large to be fetched whole, by its name: `blocks.0.attn.scores[2]` is index 2 of the
 * first dimension after the batch, here one head. The part has no such dimension: `[B, h, T, T]` becomes `[B, T, T]`.
 */
export interface Part {
  readonly whole: string;
  readonly index: number;
}

const PART = /^(.+)\[(\d{1,6})\]$/;

/** What a name with an index at its end means; undefined for a whole tensor's. */
export function partOf(name: string): Part | undefined {
  const [, whole, index] = PART.exec(name) ?? [];
  return whole === undefined ? undefined : { whole, index: Number(index) };
}

/** The whole tensor's name, of a part or of itself. */
export function wholeOf(name: string): string {
  return partOf(name)?.whole ?? name;
}

export function partName(whole: string, index: number): string {
  return `${whole}[${index}]`;
}

/** The dimension that parts are taken along: the first, a batch aside. Undefined where nothing would be left. */
export function partAxis({ dims }: Pick<Value, 'dims'>): number | undefined {
  const axis = dims[0] === 'B' ? 1 : 0;
  return dims.length > axis + 1 ? axis : undefined;
}

/**
 * A tensor's shape as it is shown: without a batch of one, and of a part without the dimension it is taken along.
 * @param name the tensor's, or one of its parts'
 */
export function shownShape(value: Value | undefined, name: string): Dims {
  if (!value) return { shape: [], dims: [] };
  const axis = partOf(name) ? partAxis(value) : undefined;
  if (axis === undefined) return withoutBatch(value);
  const rest = (_: unknown, i: number) => i !== axis && (i > 0 || value.dims[0] !== 'B');
  return { shape: value.shape.filter(rest), dims: value.dims.filter(rest) };
}

/** Dimension names of a tensor or of a part of it. @throws GraphError for an unknown tensor */
export function dimsOf(g: Graph, name: string): readonly string[] {
  const whole = g.value(wholeOf(name));
  const axis = partOf(name) ? partAxis(whole) : undefined;
  return axis === undefined ? whole.dims : whole.dims.filter((_, i) => i !== axis);
}

/**
 * A tensor of the graph, or a part of one, which is added to the graph at its first use: it is cut out where it is
 * computed, and the rest never leaves the device.
 * @throws GraphError for an unknown tensor, and for a part that lies outside it
 */
export function tensorOrPart(g: Graph, name: string): Value {
  const part = partOf(name);
  const known = g.values.get(name);
  if (!part || known) return known ?? g.value(name);
  const whole = g.value(part.whole);
  const axis = partAxis(whole);
  const size = axis === undefined ? 0 : (whole.shape[axis] ?? 0);
  if (axis === undefined || part.index >= size) throw new GraphError(`${whole.name} has no part ${name}.`);
  return g.gather(whole, axis, part.index, { name });
}
