import { ConfigError } from '#lib/base/config-error.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import type { Graph } from '#lib/graph/index.ts';
import { fileOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { BuildOptions, Family, InputRole, InputSpec, Variant } from './family.ts';
import { CHECKPOINTS, FAMILIES, know } from './known.ts';

export * from './family.ts';
export { ConfigError, know };

// A page brings only the families that it needs; everybody else knows all.
if (!import.meta.env || import.meta.env.SSR)
  await Promise.all([import('./all.ts'), import('./checkpoints.ts')]);

/**
 * Ids of the families that are here, in the order of lists: each is the `architecture` of a model's config.json and the
 * name of its folder. In a page these are all only after `all.ts` was imported.
 */
export const familyIds = (): readonly string[] => [...FAMILIES.keys()];

/** A network without weights: the id of a family, and a configuration of it. */
export interface Blueprint<C extends object = object> {
  readonly architecture: string;
  readonly config: C;
}

/** The family of that id. @throws ConfigError for an unknown one */
export function familyOf(id: string): Family {
  const family = FAMILIES.get(id);
  if (!family) throw new ConfigError('architecture', `must be one of ${familyIds().join(', ')}, not ${id}.`);
  return family;
}

/** A published size by name (`vit-b-16`), undefined for an unknown one. */
export function preset(name: string): Blueprint | undefined {
  for (const { id, presets } of FAMILIES.values()) {
    if (Object.hasOwn(presets, name)) return { architecture: id, config: presets[name]! };
  }
  return undefined;
}

/** Names of all presets of the families that are here, family by family. */
export const presetNames = (): readonly string[] =>
  [...FAMILIES.values()].flatMap(({ presets }) => Object.keys(presets));

/** The graph of a blueprint, the caller's own. @throws ConfigError for a configuration that cannot be built */
export function buildGraph({ architecture, config }: Blueprint, options?: BuildOptions): Graph {
  return familyOf(architecture).build(config, options);
}

/** Graphs that were built last, by what they were built from; a request's page side and its figures share one. */
const graphs = new Map<string, Graph>();
const MOST_GRAPHS = 12;

/**
 * The graph of a blueprint, built once for all who ask for the same. Nobody may change it.
 * @throws ConfigError for a configuration that cannot be built
 */
export function graphOf(of: Blueprint, { batch = 1, interventions = false }: BuildOptions = {}): Graph {
  const key = JSON.stringify([of.architecture, of.config, batch, interventions]);
  const graph = graphs.get(key) ?? buildGraph(of, { batch, interventions });
  graphs.delete(key);
  graphs.set(key, graph);
  for (const oldest of graphs.keys()) {
    if (graphs.size <= MOST_GRAPHS) break;
    graphs.delete(oldest);
  }
  return graph;
}

/** The same network with other values of some fields. */
export function withVariant<B extends Blueprint>(of: B, variant: Variant): B {
  return { ...of, config: { ...of.config, ...variant } };
}

/** The values of the fields that may change while the weights stay, as they are stored. */
export function variantOf({ architecture, config }: Blueprint): Variant {
  const fields = familyOf(architecture).variants?.fields ?? [];
  const stored = config as Readonly<Record<string, number | readonly number[] | undefined>>;
  return Object.fromEntries(
    fields.flatMap((field) => (stored[field] === undefined ? [] : [[field, stored[field]]])),
  );
}

/** Whether two values of a field are the same, lists number by number. */
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Whether two variants are the same; one that names a field is another than one that does not. */
export function sameVariant(a: Variant = {}, b: Variant = {}): boolean {
  const fields = Object.keys(a);
  return fields.length === Object.keys(b).length && fields.every((field) => same(a[field], b[field]));
}

/**
 * A network with its weights at another variant.
 * @throws WeightsError for a field whose stored value cannot be changed
 */
export function atVariant<B extends Blueprint>(
  weights: WeightSource,
  of: B,
  variant: Variant = {},
): { of: B; weights: WeightSource } {
  const { variants, title } = familyOf(of.architecture);
  const stored = of.config as Readonly<Record<string, unknown>>;
  const changed = Object.entries(variant).filter(([field, value]) => !same(stored[field], value));
  if (changed.length === 0) return { of, weights };
  for (const [field, value] of changed) {
    if (variants?.fields.includes(field)) continue;
    const rule = `its ${field} is ${String(stored[field])} and cannot be changed to ${String(value)}: the weights of ${title.en} fit one alone`;
    throw new WeightsError(rule);
  }
  const adapted = variants!.adapt(weights, of.config, Object.fromEntries(changed));
  return { of: { ...of, config: adapted.config }, weights: adapted.weights };
}

/**
 * The family that a weights file is of, by its tensors' names. A page or a worker imports `checkpoints.ts` before.
 * @throws WeightsError for names that no family has been published with
 */
export function recognise(source: WeightSource): Family {
  const [best] = [...FAMILIES.values()]
    .map((family) => ({ family, marks: CHECKPOINTS.get(family.id)?.recognise(source) ?? 0 }))
    .filter(({ marks }) => marks > 0)
    .sort((a, b) => b.marks - a.marks);
  if (best) return best.family;
  const names = source.names();
  const some = names.slice(0, 3).map((name) => `"${name}"`);
  const more = names.length > 3 ? ', …' : '';
  throw new WeightsError(
    `its names are those of no network known here; its tensors are ${some.length ? some.join(', ') : 'none'}${more}`,
    fileOf(source),
  );
}

/** Every input of a network, interventions among them. */
export function inputsOf({ architecture, config }: Blueprint): readonly InputSpec[] {
  return familyOf(architecture).inputs(config);
}

/** The input with a role; undefined where there is none. */
export function inputWith(of: Blueprint, ...roles: readonly InputRole[]): InputSpec | undefined {
  return inputsOf(of).find(({ role }) => roles.includes(role));
}

/** Values of the intervention inputs that leave a network as it is, with their shapes, by input name. */
export function neutralOf(
  of: Blueprint,
): Readonly<Record<string, { data: Float32Array; shape: readonly number[] }>> {
  return Object.fromEntries(
    inputsOf(of)
      .filter(({ role }) => role === 'intervention')
      .map(({ name, shape, neutral }) => [
        name,
        { data: neutral ?? new Float32Array(sizeOf(shape)).fill(1), shape },
      ]),
  );
}

/** The input that pixels are fed to: a picture, frames, or a state of a picture; undefined where there is none. */
export function pixelInputOf(of: Blueprint): InputSpec | undefined {
  return inputWith(of, 'picture', 'state', 'frames');
}

/** Channels, height and width of the picture, or of each frame, that a network is fed; undefined for one that is fed none. */
export function pictureOf(
  of: Blueprint,
): { readonly channels: number; readonly height: number; readonly width: number } | undefined {
  const [channels, height, width] = pixelInputOf(of)?.shape.slice(-3) ?? [];
  if (channels === undefined || height === undefined || width === undefined) return undefined;
  return { channels, height, width };
}

/** Classes that a network is told or tells apart: their number, and the index of "none" where it is told so. */
export function classesOf(of: Blueprint): { readonly count: number; readonly none?: number } {
  const told = inputWith(of, 'class')?.classes;
  if (told) return told;
  const { classes } = of.config as { readonly classes?: unknown };
  return { count: typeof classes === 'number' ? classes : 0 };
}
