import { sizeOf } from '#lib/base/tensor.ts';
import { failing, type Fail } from './safetensors.ts';
import type { WeightsFile } from './source.ts';
import { tensorFile, type FoundTensor } from './tensor-file.ts';
import { entryBytes, zipEntries } from './zip.ts';

/*
 * NumPy's archives: a ZIP of `.npy` files. Each begins with \x93NUMPY, a version, the length of a header, and the header,
 * a dict of Python as text. Format: numpy.lib.format.
 */

/** Element types of NumPy in safetensors' names. JAX stores bfloat16 as two bytes of no type, `V2`. */
const TYPES: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  f4: ['F32', 4],
  f2: ['F16', 2],
  f8: ['F64', 8],
  V2: ['BF16', 2],
  i8: ['I64', 8],
  i4: ['I32', 4],
  i2: ['I16', 2],
  i1: ['I8', 1],
  u1: ['U8', 1],
  b1: ['BOOL', 1],
};

/** @throws WeightsError for a broken archive or array, and for arrays of objects, which are pickles */
export function parseNpz(bytes: Uint8Array, file = 'model.npz'): WeightsFile {
  const fail: Fail = (rule, tensor, cause) =>
    failing(file)(`(an archive of NumPy arrays) ${rule}`, tensor, cause);
  const entries = zipEntries(bytes, fail);
  const tensors = [...entries.values()]
    .filter(({ name }) => name.endsWith('.npy'))
    .map((entry) => arrayIn(entryBytes(bytes, entry, fail), entry.name.slice(0, -'.npy'.length), fail));
  if (tensors.length === 0) fail('no array is in the archive');
  return tensorFile(file, bytes, tensors);
}

function arrayIn(bytes: Uint8Array, name: string, fail: Fail): FoundTensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d) return fail('it is no NumPy array', name);
  const wide = bytes[6]! >= 2;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length)
    return fail(`its header should have ${length} bytes, the array ends before`, name);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + Math.min(length, 10_000)));
  const [, order = '', type = ''] = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header) ?? [];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === '' || shape === undefined) return fail('its header says no element type and shape', name);
  if (type.startsWith('O')) return fail('it is an array of Python objects, which are not read', name);
  const found = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!found || order === '>') return fail(`its element type ${order}${type} is not read`, name);
  const sizes = shape
    .split(',')
    .map((size) => size.trim())
    .filter(Boolean)
    .map(Number);
  const [dtype, width] = found;
  const expected = sizeOf(sizes) * width;
  const data = bytes.subarray(start + length);
  if (!sizes.every(Number.isSafeInteger) || data.length !== expected)
    return fail(`its shape is (${shape}) and takes ${expected} bytes, it has ${data.length}`, name);
  const byColumns = /'fortran_order':\s*True/.test(header) && sizes.length > 1;
  return { name, dtype, shape: sizes, data: byColumns ? byRows(data, sizes, width) : data };
}

/** Values that lie column by column, row by row. */
function byRows(data: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const out = new Uint8Array(data.length);
  const count = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < count; i++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis]! + index[axis]!;
    out.set(data.subarray(from * width, (from + 1) * width), i * width);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return out;
}
