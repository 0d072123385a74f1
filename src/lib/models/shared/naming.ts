import { toFloat32 } from '#lib/weights/dtype.ts';
import {
  bytesOf,
  overlay,
  shapeText,
  WeightsError,
  type OverlayTensor,
  type WeightEntry,
  type WeightSource,
} from '#lib/weights/source.ts';
import type { Graph } from '#lib/graph/index.ts';
import { checkFit, fileOf, prefixBefore } from './bind.ts';

/** What a tensor of a file becomes under the graph's names. */
export interface Target {
  readonly to: string;
  /** Query, key and value apart: it is this third of the tensor, whose parts are laid one after another. */
  readonly third?: 0 | 1 | 2;
  /** The graph's tensor has so many dimensions; those before the file's are of size 1. */
  readonly rank?: number;
  /** A matrix that is stored the other way round. */
  readonly transposed?: true;
}

/** Names that a network has been published with, translated to the graph's. */
export interface Naming {
  readonly id: string;
  /** Whose names they are, for sentences. */
  readonly title: string;
  /** A tensor that every such file has; what stands before its name stands before the others', too. */
  readonly landmark: string;
  /**
   * The file's names, or what stands before their `.weight` or `.bias`, to the graph's; `#` is the first number in it, the
   * block's. Absent: the
   * file has the graph's own names.
   */
  readonly names?: Readonly<Record<string, string | Target>>;
  /** Of a file with the graph's own names: names that are others all the same. */
  readonly except?: Readonly<Record<string, string>>;
}

/** Where a tensor of the graph comes from: names in the file, three for one that is laid together. */
export interface Origin {
  readonly from: readonly string[];
  readonly target: Target;
}

export interface NameMap {
  readonly naming: Naming;
  /** The graph's name → where it comes from. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Names of the file that the naming knows nothing of. */
  readonly strangers: readonly string[];
}

/**
 * Finds the naming of a file by its landmark, and maps all of its names.
 * @returns undefined where no landmark is in it
 */
export function mapNames(names: readonly string[], namings: readonly Naming[]): NameMap | undefined {
  for (const naming of namings) {
    const prefix = prefixBefore(names, naming.landmark);
    if (prefix !== undefined) return mapped(names, prefix, naming);
  }
  return undefined;
}

function mapped(names: readonly string[], prefix: string, naming: Naming): NameMap {
  const origins = new Map<string, Origin>();
  const strangers: string[] = [];
  const thirds = new Map<string, { parts: string[]; target: Target }>();
  for (const name of names) {
    const target = targetOf(withoutParents(name, prefix), naming);
    if (!target || origins.has(target.to)) strangers.push(name);
    else if (target.third === undefined) origins.set(target.to, { from: [name], target });
    else {
      const found = thirds.get(target.to) ?? { parts: [], target };
      found.parts[target.third] = name;
      thirds.set(target.to, found);
    }
  }
  for (const [to, { parts, target }] of thirds) {
    const whole = parts.length === 3 && parts[0] !== undefined && parts[1] !== undefined;
    if (whole) origins.set(to, { from: parts, target });
    else strangers.push(...parts.filter((part) => part !== undefined));
  }
  return { naming, origins, strangers };
}

/** A name without the prefix, or without as much of its parents as it has: `module.vit.` and `module.classifier.weight`. */
function withoutParents(name: string, prefix: string): string {
  for (let parent = prefix; parent !== ''; parent = parent.replace(/[^.]*\.$/, '')) {
    if (name.startsWith(parent)) return name.slice(parent.length);
  }
  return name;
}

function targetOf(name: string, { names, except }: Naming): Target | undefined {
  if (!names) return { to: except?.[name] ?? name };
  const index = /(?<=[._])\d+(?=\.)/.exec(name)?.[0] ?? '#';
  const general = name.replace(/(?<=[._])\d+(?=\.)/, '#');
  const [, stem = '', suffix = ''] = /^(.*?)(\.weight|\.bias)?$/.exec(general) ?? [];
  const whole = Object.hasOwn(names, general) ? names[general] : undefined;
  const found = whole ?? (Object.hasOwn(names, stem) ? names[stem] : undefined);
  if (found === undefined) return undefined;
  const target = typeof found === 'string' ? { to: found } : found;
  const to = (whole === undefined ? target.to + suffix : target.to).replace('#', index);
  return { ...target, to };
}

/** The shape of a tensor once it is bound; undefined where there is none of that name. */
export function shapeUnder(source: WeightSource, map: NameMap, name: string): readonly number[] | undefined {
  const origin = map.origins.get(name);
  const stored = origin && source.get(origin.from[0]!)?.shape;
  return stored && shapeAs(stored, origin.target);
}

/** A file's tensors under the graph's names, as far as shapes go: nothing is joined, and no bytes are to be read of it. */
export function namedShapesOf(source: WeightSource, map: NameMap): WeightSource {
  return {
    ...fileOf(source),
    get(name) {
      const entry = source.get(map.origins.get(name)?.from[0] ?? '');
      const shape = shapeUnder(source, map, name);
      return entry && shape && { ...entry, shape };
    },
    names: () => [...map.origins.keys()],
    buffers: source.buffers,
  };
}

function shapeAs(stored: readonly number[], { third, rank = 0, transposed }: Target): readonly number[] {
  const shape = transposed ? [...stored].reverse() : stored;
  const [first = 1, ...rest] = shape;
  if (third !== undefined) return [3 * first, ...rest];
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/**
 * The weights of a graph from a file of other names.
 * @throws WeightsError as `checkFit`
 */
export function bindNamed(source: WeightSource, map: NameMap, graph: Graph): WeightSource {
  const bound = renamed(source, map);
  const own = map.naming.names === undefined;
  checkFit(bound, graph, {
    at: fileOf(source),
    style: own ? '' : `; the file's names are those of ${map.naming.title}`,
    needless: () => false,
    strangers: map.strangers,
    stored: (name) => map.origins.get(name)?.from[0] ?? name,
  });
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
    if (target.third !== undefined) made.push(joined(source, name, from));
    else if (target.transposed) made.push(turned(source, name, from[0]!));
  }
  const base: WeightSource = {
    get: (name) => {
      const origin = map.origins.get(name);
      if (!origin || origin.target.third !== undefined || origin.target.transposed) return undefined;
      const entry = source.get(origin.from[0]!);
      return entry && { ...entry, shape: shapeAs(entry.shape, origin.target) };
    },
    names: () => [...map.origins.keys()],
    buffers: source.buffers,
  };
  return made.length > 0 ? overlay(base, 'qkv.bin', made) : base;
}

/** Query, key and value as one tensor, in their own element type, or in float32 where they differ. */
function joined(source: WeightSource, name: string, parts: readonly string[]): OverlayTensor {
  const entries = parts.map((part) => source.get(part)!);
  const [q] = entries as [WeightEntry];
  for (const [i, entry] of entries.entries()) {
    if (shapeText(entry.shape) === shapeText(q.shape)) continue;
    const rule = `its shape is ${shapeText(entry.shape)}, that of "${parts[0]}" ${shapeText(q.shape)}`;
    throw new WeightsError(rule, { ...fileOf(source), tensor: parts[i]! });
  }
  const dtype = entries.every((entry) => entry.dtype === q.dtype) ? q.dtype : 'F32';
  const pieces = entries.map((entry) => {
    const bytes = bytesOf(source, entry);
    if (dtype === entry.dtype) return bytes;
    const values = toFloat32(bytes, entry.dtype);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  const data = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  const [first = 1, ...rest] = q.shape;
  return { name, dtype, shape: [3 * first, ...rest], data };
}

/** A matrix the other way round, as float32. @throws WeightsError for what is no matrix */
function turned(source: WeightSource, name: string, from: string): OverlayTensor {
  const entry = source.get(from)!;
  const [rows = 0, columns = 0] = entry.shape;
  if (entry.shape.length !== 2) {
    const rule = `its shape is ${shapeText(entry.shape)}; a matrix is needed`;
    throw new WeightsError(rule, { ...fileOf(source), tensor: from });
  }
  const values = toFloat32(bytesOf(source, entry), entry.dtype);
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[c * rows + r] = values[r * columns + c]!;
  return { name, dtype: 'F32', shape: [columns, rows], data };
}
