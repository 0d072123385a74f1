import { sizeOf } from '#lib/base/tensor.ts';
import { Named, Opaque, type PickleOptions, type PickleValue } from './pickle.ts';
import type { Fail } from './safetensors.ts';
import type { FoundTensor } from './tensor-file.ts';

/** Values of one storage, which lie outside the pickle. */
export class Storage {
  readonly dtype: string;
  readonly key: string;
  /** Elements. */
  readonly count: number;
  constructor(dtype: string, key: string, count: number) {
    this.dtype = dtype;
    this.key = key;
    this.count = count;
  }
}

/** A tensor as its pickle says it: a part of a storage. Sizes in elements. */
export class StoredPart {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  constructor(storage: Storage, offset: number, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.stride = stride;
  }
}

/** Element types of PyTorch's storages, in safetensors' names, and their bytes. */
const STORAGES: Readonly<Record<string, string>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};
export const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

const isCounts = (x: PickleValue | undefined): x is number[] =>
  Array.isArray(x) && x.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);

/** What the pickle of a PyTorch file may name: tensors, dicts, and objects that say nothing of weights. */
export function torchPickle(fail: Fail): PickleOptions {
  const rebuild = (args: readonly PickleValue[]): PickleValue => {
    const [storage, offset, shape, stride] = args;
    if (!(storage instanceof Storage)) return fail('a tensor in its pickle has no storage');
    const fits =
      isCounts([offset as number]) && isCounts(shape) && isCounts(stride) && shape.length === stride.length;
    if (!fits || shape.length > 16) return fail('a tensor in its pickle has sizes that no tensor has');
    return new StoredPart(storage, offset as number, shape, stride);
  };
  const dict = (args: readonly PickleValue[]): PickleValue => {
    const [pairs] = args;
    const list = Array.isArray(pairs)
      ? pairs.filter((pair): pair is PickleValue[] => Array.isArray(pair))
      : [];
    return new Map(list.map(([key, value]) => [String(key), value ?? null]));
  };
  const opaque = () => new Opaque();
  const calls: Readonly<Record<string, ((args: readonly PickleValue[]) => PickleValue) | undefined>> = {
    'collections.OrderedDict': dict,
    'collections.defaultdict': () => new Map(),
    'torch._utils._rebuild_tensor': rebuild,
    'torch._utils._rebuild_tensor_v2': rebuild,
    'torch._utils._rebuild_parameter': ([data]) => data ?? null,
    'torch._utils._rebuild_parameter_with_state': ([data]) => data ?? null,
    'torch.Size': ([sizes]) => sizes ?? [],
    'torch.device': opaque,
    'argparse.Namespace': opaque,
    'numpy.core.multiarray.scalar': opaque,
    'numpy._core.multiarray.scalar': opaque,
    'numpy.dtype': opaque,
    '_codecs.encode': opaque,
    '__builtin__.set': ([list]) => list ?? [],
    'builtins.set': ([list]) => list ?? [],
  };
  const named = (name: string): Named | undefined => {
    if (Object.hasOwn(calls, name)) return new Named(name, calls[name]);
    const storage = /^torch\.(\w+Storage)$/.exec(name)?.[1];
    if (storage !== undefined && Object.hasOwn(STORAGES, storage)) return new Named(STORAGES[storage]!);
    if (/^torch\.(float|double|half|bfloat16|float16|float32|float64|int\d+|uint8|bool|long)$/.test(name))
      return new Named(name);
    return undefined;
  };
  const outside = (id: PickleValue): PickleValue => {
    const [kind, type, key, , count] = Array.isArray(id) ? id : [];
    if (kind !== 'storage' || !(type instanceof Named) || !Object.hasOwn(ELEMENT_BYTES, type.name))
      return fail('its pickle names a storage of a kind that is not known');
    if (!isCounts([count as number])) return fail(`a storage in its pickle has ${String(count)} values`);
    if (Array.isArray(id) && Array.isArray(id[5]))
      return fail('a storage in its pickle is a view of another');
    return new Storage(type.name, String(key), count as number);
  };
  return { named, outside };
}

/** Tensors lie in dicts, and those in dicts, so deep at the most. */
const MOST_DEPTH = 8;
const MOST_TENSORS = 100_000;

/**
 * The tensors in the dicts of a pickle, by their keys with dots between them.
 * @param bytesOf the bytes of a storage
 * @throws what `fail` throws where there are none, and for a tensor that is not within its storage
 */
export function tensorsIn(
  value: PickleValue,
  bytesOf: (storage: Storage) => Uint8Array,
  fail: Fail,
): FoundTensor[] {
  const found: FoundTensor[] = [];
  const walk = (of: PickleValue, path: string, depth: number) => {
    if (of instanceof StoredPart) {
      if (found.length >= MOST_TENSORS) fail(`there are more than ${MOST_TENSORS} tensors in it`);
      found.push({
        name: path,
        dtype: of.storage.dtype,
        shape: of.shape,
        data: valuesOf(of, bytesOf(of.storage), path, fail),
      });
    } else if (of instanceof Map) {
      if (depth > MOST_DEPTH) fail(`dicts lie in each other more than ${MOST_DEPTH} deep`, path);
      for (const [key, inner] of of)
        walk(inner as PickleValue, path === '' ? String(key) : `${path}.${key}`, depth + 1);
    }
  };
  walk(value, '', 0);
  if (found.length === 0) fail('it is a PyTorch file, but no dict of tensors is in it');
  return found;
}

/** Values row by row: a view where they lie so, else a copy. */
function valuesOf(
  { storage, offset, shape, stride }: StoredPart,
  bytes: Uint8Array,
  name: string,
  fail: Fail,
): Uint8Array {
  const width = ELEMENT_BYTES[storage.dtype]!;
  const count = sizeOf(shape);
  if (count === 0) return new Uint8Array(0);
  const last = shape.reduce((at, n, i) => at + (n - 1) * stride[i]!, offset);
  if (!(last < storage.count) || !(count <= storage.count))
    fail(`its ${count} values are not within the ${storage.count} of their storage`, name);
  if (bytes.length < storage.count * width)
    fail(`its storage should have ${storage.count * width} bytes, it has ${bytes.length}`, name);
  let step = 1;
  let inOrder = true;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== step) inOrder = false;
    step *= shape[i]!;
  }
  if (inOrder) return bytes.subarray(offset * width, (offset + count) * width);
  const out = new Uint8Array(count * width);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    out.set(bytes.subarray(from * width, (from + 1) * width), i * width);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
