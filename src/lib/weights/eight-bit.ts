import { sizeOf } from '#lib/base/tensor.ts';
import { DTYPE_BYTES, halfBits, toFloat32 } from './dtype.ts';
import { shapeText, WeightsError, type StoredTensor } from './source.ts';

/*
 * Weights in 8 bits a value: a tensor I8 [out, …] with values q in −127 … 127 and beside it `<name>.scale`, F32 or F16
 * [out], one number s for each output channel. The weight is q·s, multiplied in float32 and rounded to the nearest half;
 * `training/export` rounds so too, and its golden tensors are computed from those very halves.
 */

/** The name of the tensor that holds the scales of another. */
export const scaleName = (name: string): string => `${name}.scale`;

/** A file's tensors and the bytes they lie in. */
interface Contents {
  readonly bytes: Uint8Array;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * The same tensors with those of 8 bits as halves, in a buffer of their own, so that whoever binds, resizes or encodes
 * weights sees F16 as ever; the scales are no tensors of the network and go. A file without such tensors stays as it is.
 * @param file its name, quoted in errors
 * @throws WeightsError when scales have another shape than one a channel or an element type that can't be read
 */
export function withoutEightBits({ bytes, tensors }: Contents, file: string): Contents {
  const scaled = [...tensors].filter(([name, { dtype }]) => dtype === 'I8' && tensors.has(scaleName(name)));
  if (scaled.length === 0) return { bytes, tensors };
  const scales = new Set(scaled.map(([name]) => scaleName(name)));
  const eight = new Set(scaled.map(([name]) => name));
  const laid = new Map<string, StoredTensor>();
  let end = 0;
  for (const [name, t] of tensors) {
    if (scales.has(name)) continue;
    const half = eight.has(name);
    const begin = Math.ceil(end / 16) * 16;
    end = begin + (half ? sizeOf(t.shape) * DTYPE_BYTES.F16 : t.end - t.begin);
    laid.set(name, { dtype: half ? 'F16' : t.dtype, shape: t.shape, begin, end });
  }
  const out = new Uint8Array(end);
  for (const [name, { begin, end: until }] of laid) {
    const from = tensors.get(name)!;
    const stored = bytes.subarray(from.begin, from.end);
    if (!eight.has(name)) out.set(stored, begin);
    else {
      const scale = scalesOf(bytes, from, tensors.get(scaleName(name))!, { file, tensor: scaleName(name) });
      widen(stored, scale, new Uint16Array(out.buffer, begin, (until - begin) / 2));
    }
  }
  return { bytes: out, tensors: laid };
}

function scalesOf(
  bytes: Uint8Array,
  of: StoredTensor,
  scale: StoredTensor,
  at: { file: string; tensor: string },
): Float32Array {
  const { dtype, shape } = scale;
  if (dtype !== 'F32' && dtype !== 'F16')
    throw new WeightsError(`its element type is ${dtype}; F32 and F16 can scale`, at);
  const channels = of.shape[0] ?? 1;
  if (shape.length !== 1 || shape[0] !== channels) {
    throw new WeightsError(`its shape is ${shapeText(shape)}, one scale a channel is [${channels}]`, at);
  }
  return toFloat32(bytes.subarray(scale.begin, scale.end), dtype);
}

/** Writes q·s of every channel as halves. */
function widen(stored: Uint8Array, scales: Float32Array, out: Uint16Array): void {
  const values = new Int8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  const width = values.length / Math.max(1, scales.length);
  for (let channel = 0; channel < scales.length; channel++) {
    const scale = scales[channel]!;
    const begin = channel * width;
    for (let i = begin; i < begin + width; i++) out[i] = halfBits(values[i]! * scale);
  }
}
