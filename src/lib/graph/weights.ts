import { sizeOf } from '#lib/base/tensor.ts';
import { GraphError } from './errors.ts';
import type { Value, WeightEntry, WeightSource } from './types.ts';

/** Bytes of one element as stored. */
export const STORED_BYTES: Readonly<Record<WeightEntry['dtype'], number>> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Where a weight of the graph lies. Throws GraphError when the source has no such tensor, when its shape is another
 * (a different number of dimensions with the same values in the same order is accepted only if `shape` says so),
 * or when its bytes do not fit its shape or its buffer.
 */
export function entryOf(value: Value, source: WeightSource): WeightEntry {
  const entry = source.get(value.name);
  const wanted = `[${value.shape.join(', ')}]`;
  if (!entry) throw new GraphError(`The weights have no tensor ${value.name} ${wanted}.`);
  const found = `[${entry.shape.join(', ')}]`;
  if (found !== wanted) {
    throw new GraphError(`${value.name}: the graph needs ${wanted}, the weights have ${found}.`);
  }
  const bytes = sizeOf(entry.shape) * STORED_BYTES[entry.dtype];
  if (entry.length !== bytes) {
    throw new GraphError(
      `${value.name} ${found} ${entry.dtype}: needs ${bytes} bytes, the weights have ${entry.length}.`,
    );
  }
  const buffer = source.buffers.get(entry.file);
  if (!buffer) throw new GraphError(`${value.name}: there is no buffer ${entry.file}.`);
  if (entry.offset < 0 || entry.offset + bytes > buffer.byteLength) {
    throw new GraphError(
      `${value.name}: bytes ${entry.offset} to ${entry.offset + bytes} lie outside ${entry.file}, ${buffer.byteLength} bytes.`,
    );
  }
  return entry;
}
