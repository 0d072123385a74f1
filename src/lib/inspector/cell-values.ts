import type { ReadCell } from '#lib/analysis/cell/compute.ts';
import { isBatchOfOne, type Tensor } from '#lib/base/tensor.ts';
import { partAxis, partName, type Box, type Graph, type Value } from '#lib/graph/index.ts';
import { valueAt } from './shown.ts';

/** What the values of cells are read of. */
interface Cells {
  readonly graph: Graph;
  /** Of a tensor or of a part of one; undefined while there are none. */
  tensor(name: string): Tensor | undefined;
  tooLarge(name: string): boolean;
}

/**
 * The name under which a box of a tensor is fetched: the tensor's own, or that of the one part the box lies in where the
 * tensor is too large to be fetched whole. Undefined where it would take several parts.
 */
export function fetchedAs(value: Value, box: Box, tooLarge: boolean): string | undefined {
  if (!tooLarge) return value.name;
  const axis = value.kind === 'node' ? partAxis(value) : undefined;
  const [from, to] = (axis !== undefined && box[axis]) || [0, 0];
  return to - from === 1 ? partName(value.name, from) : undefined;
}

/** Reads cells of the tensors that are on the page, by their full index. */
export function cellReader({ graph, tensor, tooLarge }: Cells): ReadCell {
  const found = new Map<string, Tensor | undefined>();
  const once = (name: string) => {
    if (!found.has(name)) found.set(name, tensor(name));
    return found.get(name);
  };
  return (name, index) => {
    const value = graph.value(name);
    const axis = tooLarge(name) ? partAxis(value) : undefined;
    const from = once(axis === undefined ? name : partName(name, index[axis] ?? 0));
    const batch = isBatchOfOne(value) || (axis !== undefined && value.dims[0] === 'B');
    return (
      from &&
      valueAt(
        from,
        index.filter((_, d) => d !== axis && !(d === 0 && batch)),
      )
    );
  };
}
