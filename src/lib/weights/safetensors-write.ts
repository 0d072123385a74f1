import { sizeOf } from '#lib/base/tensor.ts';
import { DTYPE_BYTES, fromFloat32 } from './dtype.ts';
import { shapeText, WeightsError, type WeightDType } from './source.ts';

/** Where everything goes in a file that is to be written piece by piece. */
export interface SafetensorsLayout {
  /** The file's beginning: header length and header, padded so that data begins at a multiple of 8 bytes. */
  readonly head: Uint8Array;
  /** First byte of each tensor, from the start of the file. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Bytes of the whole file. */
  readonly size: number;
}

/**
 * The head of a safetensors file whose tensors follow in the given order.
 * @throws WeightsError when a name occurs twice
 */
export function safetensorsLayout(
  tensors: Iterable<{
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype?: WeightDType;
  }>,
  metadata?: Readonly<Record<string, string>>,
): SafetensorsLayout {
  const header = new Map<string, unknown>();
  if (metadata) header.set('__metadata__', metadata);
  const begins = new Map<string, number>();
  let end = 0;
  for (const { name, shape, dtype = 'F32' } of tensors) {
    if (header.has(name)) throw new WeightsError('the name is given twice', { tensor: name });
    begins.set(name, end);
    header.set(name, { dtype, shape, data_offsets: [end, (end += sizeOf(shape) * DTYPE_BYTES[dtype])] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = Math.ceil((8 + json.byteLength) / 8) * 8;
  const head = new Uint8Array(start).fill(0x20, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(start - 8), true);
  head.set(json, 8);
  return {
    head,
    offsets: new Map([...begins].map(([name, begin]) => [name, start + begin])),
    size: start + end,
  };
}

/** A tensor to write: float32 values, rounded to `dtype` (F32 when not said), or bytes that already are of it. */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
  readonly dtype?: WeightDType;
}

/**
 * A safetensors file of the given tensors, in the given order.
 * @throws WeightsError when a tensor's values don't fill its shape, or a name occurs twice
 */
export function writeSafetensors(
  tensors: Iterable<TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const list = [...tensors];
  const { head, offsets, size } = safetensorsLayout(list, metadata);
  const file = new Uint8Array(size);
  file.set(head);
  for (const { name, shape, data, dtype = 'F32' } of list) {
    const bytes = data instanceof Float32Array ? fromFloat32(data, dtype) : data;
    const expected = sizeOf(shape) * DTYPE_BYTES[dtype];
    if (bytes.byteLength !== expected) {
      const rule = `${dtype} ${shapeText(shape)} takes ${expected} bytes, ${bytes.byteLength} given`;
      throw new WeightsError(rule, { tensor: name });
    }
    file.set(bytes, offsets.get(name)!);
  }
  return file;
}
