import type { Graph } from '#lib/graph/index.ts';
import { nearest } from '#lib/base/nearest.ts';
import { fileOf, float32Of, shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { harmless, partNamed } from './parts.ts';
import { sincos2d } from './positions.ts';

/** What stands before a landmark's name in a file (`module.`, in JAX `params/`); undefined where the landmark is not in it. */
export function prefixBefore(names: readonly string[], landmark: string): string | undefined {
  const between = landmark.includes('/') ? '/' : '.';
  const found = names.find((name) => name === landmark || name.endsWith(between + landmark));
  return found?.slice(0, found.length - landmark.length);
}

/** How many landmarks a file has, one prefix before all of them; 0 unless it has every one. */
export function landmarksIn(source: WeightSource, landmarks: readonly [string, ...string[]]): number {
  const names = new Set(source.names());
  const prefix = prefixBefore([...names], landmarks[0]);
  if (prefix === undefined) return 0;
  return landmarks.every((name) => names.has(prefix + name)) ? landmarks.length : 0;
}

/** The tensors whose names begin with a prefix, without it. */
export function withoutPrefix(source: WeightSource, prefix: string): WeightSource {
  return {
    get: (name) => source.get(prefix + name),
    names: () =>
      source
        .names()
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length)),
    buffers: source.buffers,
  };
}

export interface Fit {
  /** The weights file, for errors. */
  readonly at: { readonly file?: string };
  /** Said after the name of a missing tensor. */
  readonly style?: string;
  /** Whether a tensor that the graph doesn't use may be there all the same, beside those that never matter. */
  readonly needless: (name: string) => boolean;
  /** Names of the file that mean nothing to the family. */
  readonly strangers?: readonly string[];
  /** The file's name of a bound tensor. */
  readonly stored?: (name: string) => string;
}

/** What keeps weights from being those of a graph. */
export interface Differences {
  /** Tensors of the graph that the file has not, with the unused name of the file that is nearest. */
  readonly missing: readonly { readonly name: string; readonly nearest?: string }[];
  readonly misshapen: readonly {
    readonly name: string;
    readonly found: readonly number[];
    readonly needed: readonly number[];
  }[];
  /** Tensors of the file, under its own names, that the graph has no place for. */
  readonly unused: readonly string[];
}

/** Weights that are not those of a graph: the message says the first difference, `differences` are all. */
export class Misfit extends WeightsError {
  readonly differences: Differences;

  constructor(rule: string, at: { file?: string; tensor?: string }, found: Differences) {
    super(rule, at);
    this.name = 'Misfit';
    this.differences = found;
  }
}

/** Everything in which weights differ from what a graph needs. */
export function differences(bound: WeightSource, graph: Graph, fit: Omit<Fit, 'at'>): Differences {
  const { needless, strangers = [], stored = (name) => name } = fit;
  const needed = [...graph.values.values()].filter((value) => value.kind === 'weight');
  const used = new Set(needed.map((value) => value.name));
  const left = bound.names().filter((name) => !used.has(name) && !needless(name));
  const unused = [...left.map(stored), ...strangers].filter((name) => !harmless(name));
  const missing = needed
    .filter((value) => !bound.get(value.name))
    .map(({ name }) => {
      const similar = nearest(name, unused);
      return { name, ...(similar !== undefined && { nearest: similar }) };
    });
  const misshapen = needed.flatMap(({ name, shape }) => {
    const found = bound.get(name)?.shape;
    return found && shapeText(found) !== shapeText(shape) ? [{ name, found, needed: shape }] : [];
  });
  return { missing, misshapen, unused };
}

/**
 * Holds weights against the graph that is to run with them.
 * @throws Misfit for the first tensor that is missing, has another shape, or has no place in the network
 */
export function checkFit(bound: WeightSource, graph: Graph, fit: Fit): void {
  const { at, style = '', stored = (name) => name } = fit;
  const found = differences(bound, graph, fit);
  const { missing, misshapen, unused } = found;
  const part = unused.map(partNamed).find((found) => found !== undefined);
  if (missing[0]) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more with it` : '';
    const [first] = unused;
    const other = missing[0].nearest ?? (part === undefined ? first : undefined);
    const instead =
      part !== undefined
        ? `; the file has ${part}, which the configuration has no place for`
        : other === undefined
          ? ''
          : `; "${other}" of the file has no place`;
    const where = { ...at, tensor: missing[0].name };
    throw new Misfit(`it is missing${more}${style}${instead}`, where, found);
  }
  if (misshapen[0]) {
    const { name, found: shape, needed } = misshapen[0];
    const rule = `its shape is ${shapeText(shape)}, the configuration needs ${shapeText(needed)}`;
    throw new Misfit(rule, { ...at, tensor: stored(name) }, found);
  }
  if (unused[0] !== undefined) {
    const what = part === undefined ? '' : `: it is part of ${part}`;
    const more = unused.length > 1 ? ` (nor for ${unused.length - 1} more)` : '';
    const rule = `the configuration has no place for it${more}, so the answers would be wrong${what}`;
    throw new Misfit(rule, { ...at, tensor: unused[0] }, found);
  }
}

/** A table of sines and cosines: its grid and width, and the rows of zeros before those of the patches. */
export interface FixedTable {
  readonly rows: number;
  readonly columns: number;
  readonly dim: number;
  readonly before: number;
}

/**
 * Holds a stored table of positions against the fixed one of sines and cosines, which is computed in its place.
 * @throws WeightsError where it is another one, since the answers would be wrong
 */
export function checkTable(
  bound: WeightSource,
  name: string,
  { rows, columns, dim, before }: FixedTable,
  at: { readonly file?: string },
): void {
  const stored = float32Of(bound, name);
  if (!stored) return;
  const table = new Float32Array((before + rows * columns) * dim);
  table.set(sincos2d(rows, columns, dim), before * dim);
  const shape = shapeText(bound.get(name)!.shape);
  if (stored.length !== table.length) {
    const rule = `its shape is ${shape}, the configuration needs ${shapeText([1, before + rows * columns, dim])}`;
    throw new WeightsError(rule, { ...at, tensor: name });
  }
  // Halves of numbers up to 1 are off by 2⁻¹² at the most, those of bfloat16 by 2⁻⁹.
  const far = stored.findIndex((value, i) => !(Math.abs(value - table[i]!) <= 0.002));
  if (far >= 0) {
    const rule = `its values are not those of the fixed table of sines and cosines (${stored[far]} for ${table[far]} at ${far}), which this network computes`;
    throw new WeightsError(rule, { ...at, tensor: name });
  }
}

/**
 * Weights under the names of the published code, which are the graph's; a common prefix (`module.`) is taken off.
 * @param landmark a tensor that every such file has
 * @param tables fixed tables of positions that some files store all the same, by name
 * @throws WeightsError as `checkFit` and `checkTable`
 */
export function bindPublished(
  source: WeightSource,
  landmark: string,
  graph: Graph,
  tables: Readonly<Record<string, FixedTable>> = {},
): WeightSource {
  const at = fileOf(source);
  const prefix = prefixBefore(source.names(), landmark) ?? '';
  const bound = withoutPrefix(source, prefix);
  const stored = (name: string) => prefix + name;
  checkFit(bound, graph, { at, stored, needless: (name) => Object.hasOwn(tables, name) });
  for (const [name, table] of Object.entries(tables)) checkTable(bound, name, table, at);
  return bound;
}
