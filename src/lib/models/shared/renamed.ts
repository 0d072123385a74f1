import type { Graph } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { DTYPE_BYTES, toFloat32, type WeightDType } from '#lib/weights/dtype.ts';
import { permuted } from '#lib/weights/permuted.ts';
import {
  bytesOf,
  fileOf,
  overlay,
  shapeText,
  WeightsError,
  type OverlayTensor,
  type WeightSource,
} from '#lib/weights/source.ts';
import { checkFit, checkTable, type FixedTable } from './bind.ts';
import { laid, shapeAs, ZEROS, type NameMap, type Target } from './naming.ts';

/**
 * The weights of a graph from a file of other names.
 * @param tables fixed tables of positions that some files store all the same, by the graph's names
 * @throws WeightsError as `checkFit` and `checkTable`
 */
export function bindNamed(
  source: WeightSource,
  map: NameMap,
  graph: Graph,
  tables: Readonly<Record<string, FixedTable>> = {},
): WeightSource {
  const bound = renamed(source, map);
  const own = map.naming.names === undefined;
  checkFit(bound, graph, {
    at: fileOf(source),
    style: own ? '' : `; the file's names are those of ${map.naming.title}`,
    needless: (name) => Object.hasOwn(tables, name),
    strangers: map.strangers,
    stored: (name) => map.origins.get(name)?.from[0] ?? name,
  });
  for (const [name, table] of Object.entries(tables)) checkTable(bound, name, table, fileOf(source));
  return bound;
}

/**
 * The tensors of a file under the graph's names. What is joined or transposed lies in a buffer of its own, all other
 * bytes stay where they are.
 * @throws WeightsError where three that belong together have different shapes
 */
export function renamed(source: WeightSource, map: NameMap): WeightSource {
  const made: OverlayTensor[] = [];
  for (const [name, { from, target }] of map.origins) {
    if (target.part) made.push(joined(source, name, from, target));
    else if (target.rows) made.push({ name, ...someRows(source, from[0]!, target.rows) });
    else if (target.masks) made.push({ name, ...masked(source, from) });
    else if (target.axes) made.push({ name, ...turned(source, from[0]!, target) });
  }
  const base: WeightSource = {
    get: (name) => {
      const origin = map.origins.get(name);
      if (!origin || isMade(origin.target)) return undefined;
      const entry = source.get(origin.from[0]!);
      return entry && { ...entry, shape: shapeAs(entry.shape, origin.target) };
    },
    names: () => [...map.origins.keys()],
    buffers: source.buffers,
  };
  return made.length > 0 ? overlay(base, 'qkv.bin', made) : base;
}

/** Whether a tensor gets bytes of its own; of others only name and sizes change. */
const isMade = ({ part, rows, axes, masks }: Target): boolean => Boolean(part ?? rows ?? axes ?? masks);

/** A tensor's element type and sizes as they are wanted, and what makes its bytes. */
interface Laid {
  readonly dtype: WeightDType;
  readonly shape: readonly number[];
  readonly data: () => Uint8Array;
}

/** Some of the thirds of a tensor's rows. @throws WeightsError where the rows make no three parts */
function someRows(source: WeightSource, from: string, [start, end]: readonly [number, number]): Laid {
  const entry = source.get(from)!;
  const { dtype, shape } = entry;
  const [all = 0, ...rest] = shape;
  if (all % 3 !== 0) {
    const rule = `its shape is ${shapeText(shape)}; query, key and value make three equal parts`;
    throw new WeightsError(rule, { ...fileOf(source), tensor: from });
  }
  const data = () => {
    const bytes = bytesOf(source, entry);
    const third = bytes.length / 3;
    return bytes.subarray(start * third, end * third);
  };
  return { dtype, shape: [((end - start) * all) / 3, ...rest], data };
}

/** A bias times its mask. @throws WeightsError for a mask of another shape, or with anything but 0 and 1 in it */
function masked(source: WeightSource, [bias = '', mask = '']: readonly string[]): Laid {
  const [entry, over] = [source.get(bias)!, source.get(mask)!];
  const fails = (rule: string): never => {
    throw new WeightsError(rule, { ...fileOf(source), tensor: mask });
  };
  if (shapeText(over.shape) !== shapeText(entry.shape))
    fails(`its shape is ${shapeText(over.shape)}, that of "${bias}" ${shapeText(entry.shape)}`);
  const factors = toFloat32(bytesOf(source, over), over.dtype);
  const other = factors.find((factor) => factor !== 0 && factor !== 1);
  if (other !== undefined) fails(`a mask of a bias has 0 and 1, and this has ${other}`);
  const data = () =>
    inBytes(toFloat32(bytesOf(source, entry), entry.dtype).map((value, i) => (factors[i] === 0 ? 0 : value)));
  return { dtype: 'F32', shape: entry.shape, data };
}

/** Query, key and value (or key and value) as one tensor, in their own element type, or in float32 where they differ. */
function joined(source: WeightSource, name: string, parts: readonly string[], target: Target): OverlayTensor {
  const q = asWanted(source, parts[0]!, target);
  const none = { ...q, data: () => new Uint8Array(sizeOf(q.shape) * DTYPE_BYTES[q.dtype]) };
  const pieces = parts.map((part, i) =>
    i === 0 ? q : part === ZEROS ? none : asWanted(source, part, target),
  );
  for (const [i, { shape }] of pieces.entries()) {
    if (shapeText(shape) === shapeText(q.shape)) continue;
    const rule = `its shape is ${shapeText(shape)}, that of "${parts[0]}" ${shapeText(q.shape)}`;
    throw new WeightsError(rule, { ...fileOf(source), tensor: parts[i]! });
  }
  const dtype = pieces.every((piece) => piece.dtype === q.dtype) ? q.dtype : 'F32';
  const data = () => {
    const out = new Uint8Array(pieces.length * sizeOf(q.shape) * DTYPE_BYTES[dtype]);
    let at = 0;
    for (const piece of pieces) {
      const stored = piece.data();
      const bytes = dtype === piece.dtype ? stored : inBytes(toFloat32(stored, piece.dtype));
      out.set(bytes, at);
      at += bytes.length;
    }
    return out;
  };
  const [first = 1, ...rest] = q.shape;
  return { name, dtype, shape: [parts.length * first, ...rest], data };
}

function asWanted(source: WeightSource, from: string, target: Target): Laid {
  if (target.axes) return turned(source, from, target);
  const entry = source.get(from)!;
  return { dtype: entry.dtype, shape: laid(entry.shape, target), data: () => bytesOf(source, entry) };
}

const inBytes = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A tensor with its axes in another order, as float32. @throws WeightsError for one of another number of axes */
function turned(source: WeightSource, from: string, target: Target): Laid {
  const entry = source.get(from)!;
  const axes = target.axes ?? [];
  if (entry.shape.length !== axes.length) {
    const needed = axes.length === 2 ? 'a matrix is needed' : `${axes.length} dimensions are needed`;
    const rule = `its shape is ${shapeText(entry.shape)}; ${needed}`;
    throw new WeightsError(rule, { ...fileOf(source), tensor: from });
  }
  const data = () => inBytes(permuted(toFloat32(bytesOf(source, entry), entry.dtype), entry.shape, axes));
  return { dtype: 'F32', shape: laid(entry.shape, target), data };
}
