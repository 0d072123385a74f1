import type { Graph } from '#lib/graph/index.ts';
import { SafetensorsFile } from '#lib/weights/safetensors.ts';
import { shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';

/** The name of a weights file, for errors. */
export function fileOf(source: WeightSource): { readonly file?: string } {
  return source instanceof SafetensorsFile ? { file: source.file } : {};
}

/** What stands before a landmark's name in a file (`module.`); undefined where the landmark is not in it. */
export function prefixBefore(names: readonly string[], landmark: string): string | undefined {
  const found = names.find((name) => name === landmark || name.endsWith(`.${landmark}`));
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
  /** Whether a tensor that the graph doesn't use may be there all the same. */
  readonly needless: (name: string) => boolean;
}

/**
 * Holds weights against the graph that is to run with them.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the network
 */
export function checkFit(bound: WeightSource, graph: Graph, { at, style = '', needless }: Fit): void {
  const needed = [...graph.values.values()].filter((value) => value.kind === 'weight');
  const missing = needed.filter((value) => !bound.get(value.name));
  if (missing[0]) {
    const more = missing.length > 1 ? `, and ${missing.length - 1} more with it` : '';
    throw new WeightsError(`it is missing${more}${style}`, { ...at, tensor: missing[0].name });
  }
  for (const { name, shape } of needed) {
    const found = bound.get(name)!.shape;
    if (shapeText(found) !== shapeText(shape)) {
      throw new WeightsError(
        `its shape is ${shapeText(found)}, the configuration needs ${shapeText(shape)}`,
        { ...at, tensor: name },
      );
    }
  }
  const used = new Set(needed.map((value) => value.name));
  const left = bound.names().find((name) => !used.has(name) && !needless(name));
  if (left !== undefined) {
    throw new WeightsError('the configuration has no place for it, so the answers would be wrong', {
      ...at,
      tensor: left,
    });
  }
}

/** Tables that follow from the configuration, which some files store all the same. */
const TABLES = /^(decoder_)?pos_embed$/;

/**
 * Weights under the names of the published code, which are the graph's; a common prefix (`module.`) is taken off.
 * @param landmark a tensor that every such file has
 * @throws WeightsError as `checkFit`
 */
export function bindPublished(source: WeightSource, landmark: string, graph: Graph): WeightSource {
  const bound = withoutPrefix(source, prefixBefore(source.names(), landmark) ?? '');
  checkFit(bound, graph, { at: fileOf(source), needless: (name) => TABLES.test(name) });
  return bound;
}
