import { sizeOf } from '#lib/base/tensor.ts';
import { DTYPE_BYTES, toFloat32 } from './dtype.ts';
import { fileKind, MAX_HEADER, wrongKind } from './file-kind.ts';
import { repeatedKey } from './jsonkeys.ts';
import { withoutEightBits } from './eight-bit.ts';
import {
  shapeText,
  WeightsError,
  type StoredTensor,
  type WeightDType,
  type WeightEntry,
  type WeightsFile,
} from './source.ts';

/*
 * safetensors: 8 bytes little-endian header length n, n bytes of JSON (name → dtype, shape, data_offsets), then the
 * tensors' bytes without gap or overlap. Format: https://huggingface.co/docs/safetensors, section "Format".
 */

/** Bits of every element type the format knows; those that are not `WeightDType` are checked for size only. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
  C64: 64,
};

/** One tensor's values as they are stored, or as halves where that is in 8 bits. `data` is a view. */
export interface StoredView {
  readonly dtype: WeightDType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A checked safetensors file; a `WeightSource` with one buffer, the whole file (see eight-bit.ts for the exception). */
export class SafetensorsFile implements WeightsFile {
  /** The name it was opened under, for sentences; may be a path. */
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly buffers: ReadonlyMap<string, Uint8Array>;
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #bytes: Uint8Array;
  /** The buffer's name: the file's without its folders, since ONNX allows no absolute path for data beside a model. */
  readonly #buffer: string;

  constructor(
    file: string,
    bytes: Uint8Array,
    tensors: ReadonlyMap<string, StoredTensor>,
    metadata: Readonly<Record<string, string>>,
  ) {
    this.file = file;
    this.#buffer = file.replace(/^.*[/\\]/, '');
    this.metadata = metadata;
    this.buffers = new Map([[this.#buffer, bytes]]);
    this.#tensors = tensors;
    this.#bytes = bytes;
  }

  names(): string[] {
    return [...this.#tensors.keys()];
  }

  get(name: string): WeightEntry | undefined {
    const t = this.#tensors.get(name);
    if (!t) return undefined;
    if (!isWeightDType(t.dtype)) {
      throw new WeightsError(`its element type is ${t.dtype}; F32, F16 and BF16 can be read`, {
        file: this.file,
        tensor: name,
      });
    }
    return { dtype: t.dtype, shape: t.shape, file: this.#buffer, offset: t.begin, length: t.end - t.begin };
  }

  /** A tensor's stored bytes, a view. @throws WeightsError when there is none of that name or its dtype can't be read. */
  tensor(name: string): StoredView {
    const entry = this.get(name);
    if (!entry) throw new WeightsError('there is no tensor of that name', { file: this.file, tensor: name });
    return {
      dtype: entry.dtype,
      shape: entry.shape,
      data: this.#bytes.subarray(entry.offset, entry.offset + entry.length),
    };
  }

  /** A tensor as float32: a view when it is F32 at a multiple of four bytes, else converted. @throws WeightsError as `tensor`. */
  float32(name: string): Float32Array {
    const t = this.tensor(name);
    return toFloat32(t.data, t.dtype);
  }
}

function isWeightDType(dtype: string): dtype is WeightDType {
  return Object.hasOwn(DTYPE_BYTES, dtype);
}

/**
 * Reads and checks a whole safetensors file. No tensor byte is copied, unless the file has weights in 8 bits a value:
 * those are then halves (eight-bit.ts).
 * @param bytes the file
 * @param file its name or path, quoted in errors; the buffer's name is the last part of it
 * @throws WeightsError naming the tensor and the rule: header length, JSON, dtype, shape, offsets in range, sizes,
 *   no overlap, no gap, no name twice, scales that fit their weights
 */
export function parseSafetensors(bytes: Uint8Array, file = 'model.safetensors'): SafetensorsFile {
  const fail = failing(file);
  const kind = fileKind(bytes);
  if (kind !== 'safetensors' && kind !== 'unknown') throw notWeights(bytes, file);
  if (bytes.byteLength < 8) fail(`the file has ${bytes.byteLength} bytes; the header length alone takes 8`);
  const headerLength = headerLengthOf(bytes, fail);
  if (8 + headerLength > bytes.byteLength) {
    fail(`the header should have ${headerLength} bytes, the file ends after ${bytes.byteLength - 8} of them`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const start = 8 + headerLength;
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, record] of Object.entries(header)) {
    if (name === '__metadata__') metadata = checkMetadata(record, fail);
    else tensors.set(name, checkTensor(name, record, start, bytes.byteLength, fail));
  }
  checkLayout(tensors, start, bytes.byteLength, fail);
  const contents = withoutEightBits({ bytes, tensors }, file);
  return new SafetensorsFile(file, contents.bytes, contents.tensors, metadata);
}

/** The error of a file of another kind: one sentence that says which, and the way to open it. */
export function notWeights(bytes: Uint8Array, file: string): WeightsError {
  return new WeightsError(wrongKind(fileKind(bytes), bytes), { file });
}

export type Fail = (rule: string, tensor?: string, cause?: unknown) => never;

/** What throws the WeightsError of a broken rule, naming the file. */
export const failing =
  (file: string): Fail =>
  (rule, tensor, cause) => {
    throw new WeightsError(rule, { file, ...(tensor === undefined ? {} : { tensor }) }, cause);
  };

/** Bytes of the header, which the first eight bytes say. @throws WeightsError for more than the format allows */
export function headerLengthOf(bytes: Uint8Array, fail: Fail): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER) fail(`the header length is ${length} bytes; this is not a safetensors file`);
  return length;
}

/** The header's entries by name. @throws WeightsError where it is not JSON, or has a name twice */
export function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail('the header is not UTF-8 text; this is not a safetensors file', undefined, cause);
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    return fail('the header is not JSON', undefined, cause);
  }
  if (!isRecord(header)) return fail('the header is not a JSON object');
  const twice = repeatedKey(text);
  if (twice !== undefined) return fail('the name occurs twice in the header', twice);
  return header;
}

function checkMetadata(record: unknown, fail: Fail): Record<string, string> {
  if (!isRecord(record)) return fail('__metadata__ is not a JSON object');
  for (const [key, value] of Object.entries(record)) {
    if (typeof value !== 'string') return fail(`__metadata__ "${key}" is not a string`);
  }
  return record as Record<string, string>;
}

/** One entry of the header, checked. @param fileEnd bytes of the file @throws WeightsError for the rule it breaks */
export function checkTensor(
  name: string,
  record: unknown,
  start: number,
  fileEnd: number,
  fail: Fail,
): StoredTensor {
  if (!isRecord(record)) return fail('its header entry is not a JSON object', name);
  const { dtype, shape, data_offsets: offsets } = record;
  const bits = typeof dtype === 'string' && Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (typeof dtype !== 'string' || bits === undefined) {
    return fail(`its element type ${JSON.stringify(dtype)} is unknown`, name);
  }
  if (!isCounts(shape)) return fail(`its shape ${JSON.stringify(shape)} is not a list of sizes`, name);
  if (!isCounts(offsets) || offsets.length !== 2) {
    return fail(`its data_offsets ${JSON.stringify(offsets)} are not two byte positions`, name);
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) return fail(`its bytes end at ${end}, before they begin at ${begin}`, name);
  if (start + end > fileEnd) {
    return fail(
      `its bytes end at ${end}, the file's data at ${fileEnd - start}: the file is cut short`,
      name,
    );
  }
  const expected = (sizeOf(shape) * bits) / 8;
  if (end - begin !== expected) {
    return fail(
      `${dtype} ${shapeText(shape)} takes ${expected} bytes, its offsets span ${end - begin}`,
      name,
    );
  }
  return { dtype, shape, begin: start + begin, end: start + end };
}

function checkLayout(
  tensors: ReadonlyMap<string, StoredTensor>,
  start: number,
  fileEnd: number,
  fail: Fail,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let at = start;
  let before: string | undefined;
  for (const [name, t] of inOrder) {
    if (t.begin < at) fail(`its bytes overlap those of tensor "${before}"`, name);
    if (t.begin > at) fail(`${t.begin - at} bytes before it belong to no tensor`, name);
    at = t.end;
    before = name;
  }
  if (at !== fileEnd) fail(`${fileEnd - at} bytes at the end belong to no tensor`);
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

function isCounts(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((n) => Number.isSafeInteger(n) && n >= 0);
}

export {
  safetensorsLayout,
  writeSafetensors,
  type SafetensorsLayout,
  type TensorToWrite,
} from './safetensors-write.ts';
