import { Fault } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';
import type { WeightEntry, WeightSource } from '#lib/graph/types.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { DistantBytes } from './distant.ts';
import { DTYPE_BYTES, toFloat32, type WeightDType } from './dtype.ts';

export type { WeightDType, WeightEntry, WeightSource };

/**
 * A weights file, or a tensor in it, that breaks a rule. The message is one sentence that names both;
 * `details` carries `file`, `tensor` (when one is to blame) and `rule` for the page's sentence.
 */
export class WeightsError extends Fault {
  /**
   * @param said the rule, in English alone or in both languages
   * @param at `gone`: the file was right when it was opened, and cannot be read any more
   */
  constructor(
    said: string | Text,
    at: { file?: string; tensor?: string; gone?: 'gone' } = {},
    cause?: unknown,
  ) {
    const rule = typeof said === 'string' ? said : said.en;
    super('weights-invalid', { ...at, rule, ...(typeof said !== 'string' && { ruleZh: said.zh }) }, cause);
    this.name = 'WeightsError';
    const where = [at.file, at.tensor === undefined ? undefined : `tensor "${at.tensor}"`]
      .filter(Boolean)
      .join(', ');
    this.message = where ? `${where}: ${rule}` : rule;
  }
}

/** Weights that were read from a file, or from several that belong together. */
export interface WeightsFile extends WeightSource {
  /** The name it was opened under, for sentences; may be a path. */
  readonly file: string;
}

export function isWeightsFile(source: WeightSource): source is WeightsFile {
  return 'file' in source && typeof source.file === 'string';
}

/** The name of a weights file, for errors. */
export function fileOf(source: WeightSource): { readonly file?: string } {
  return isWeightsFile(source) ? { file: source.file } : {};
}

/** A tensor as a file has it: `dtype` is any the format knows, `begin` and `end` are bytes of the file. */
export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The tensor as float32: a view where it is F32 at a multiple of four bytes, else converted. Undefined when absent. */
export function float32Of(source: WeightSource, name: string): Float32Array | undefined {
  const entry = source.get(name);
  if (!entry) return undefined;
  return toFloat32(bytesOf(source, entry), entry.dtype);
}

/** The bytes of an entry, a view. */
export function bytesOf(source: WeightSource, entry: WeightEntry): Uint8Array {
  const buffer = source.buffers.get(entry.file);
  if (!buffer) throw new WeightsError('its bytes are not there', { file: entry.file });
  return buffer.subarray(entry.offset, entry.offset + entry.length);
}

/** Tensors to lay over a source: converted values, in one buffer of their own, or how to convert them. */
export interface OverlayTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: WeightDType;
  readonly data: Uint8Array | Float32Array | (() => Uint8Array);
}

/**
 * `base` with some tensors replaced or added, theirs in one new buffer called `file`; nothing of `base` is copied.
 * Each tensor begins at a multiple of 16 bytes. Where the bytes of `base` are not in memory, those of the new tensors are
 * not either: they are made whenever they are asked for.
 * @throws WeightsError for values that do not fill their shape; of tensors that are made later, when they are asked for
 */
export function overlay(base: WeightSource, file: string, tensors: readonly OverlayTensor[]): WeightSource {
  const entries = new Map<string, WeightEntry>();
  let end = 0;
  for (const t of tensors) {
    const length = sizeOf(t.shape) * DTYPE_BYTES[t.dtype];
    if (typeof t.data !== 'function') checkLength(t, t.data.byteLength, length);
    entries.set(t.name, { dtype: t.dtype, shape: t.shape, file, offset: end, length });
    end = Math.ceil((end + length) / 16) * 16;
  }
  const pieces = tensors.map((t) => {
    const { offset: begin, length } = entries.get(t.name)!;
    const make = (): Uint8Array => {
      const data = typeof t.data === 'function' ? t.data() : t.data;
      checkLength(t, data.byteLength, length);
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    };
    return { begin, end: begin + length, make };
  });
  const distant = [...base.buffers.values()].find(isDistant);
  const bytes = distant?.made(end, pieces) ?? new Uint8Array(end);
  if (!distant) for (const { begin, make } of pieces) bytes.set(make(), begin);
  return {
    get: (name) => entries.get(name) ?? base.get(name),
    names: () => [...new Set([...base.names(), ...entries.keys()])],
    buffers: new Map([...base.buffers, [file, bytes]]),
  };
}

/** By what it can do, since pages that only read weights need nothing of how files are read again. */
const isDistant = (buffer: Uint8Array): buffer is DistantBytes => 'made' in buffer;

function checkLength({ name, dtype, shape }: OverlayTensor, given: number, length: number): void {
  if (given === length) return;
  throw new WeightsError(`${given} bytes given for ${dtype} ${shapeText(shape)}`, { tensor: name });
}

/**
 * Weights whose files are in memory no longer than they are held: the same tensors, without a copy of the files.
 * @param files their bytes; what was converted while they were read keeps its own
 */
export function withFiles(
  weights: WeightsFile,
  files: readonly { readonly of: Uint8Array; readonly bytes: Uint8Array }[],
): WeightsFile {
  const entries = new Map<string, WeightEntry | undefined>();
  const refused = new Map<string, unknown>();
  const names = weights.names();
  for (const name of names) {
    try {
      entries.set(name, weights.get(name));
    } catch (error) {
      refused.set(name, error);
    }
  }
  const whole = (buffer: Uint8Array) =>
    files.find(({ of }) => of.buffer === buffer.buffer && of.byteLength === buffer.byteLength)?.bytes;
  return {
    file: weights.file,
    names: () => names,
    buffers: new Map([...weights.buffers].map(([name, buffer]) => [name, whole(buffer) ?? buffer])),
    get(name) {
      if (refused.has(name)) throw refused.get(name);
      return entries.get(name);
    },
  };
}

/** `[768, 3, 16, 16]`, as shapes are written everywhere. */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
