import type { Graph } from '#lib/graph/index.ts';
import type { Architecture, BaseConfig, BuildOptions } from './family.ts';
import { DIT } from './dit/family.ts';
import { MAE } from './mae/family.ts';
import { UVIT } from './uvit/family.ts';
import { VIT } from './vit/family.ts';

export * from './family.ts';
export { ConfigError } from '#lib/base/config-error.ts';

/** Every architecture by its id, which is the `architecture` of a model's config.json. */
export const ARCHITECTURES = { vit: VIT, uvit: UVIT, dit: DIT, mae: MAE } as const;

export type ArchitectureId = keyof typeof ARCHITECTURES;
/** The configuration of one architecture. */
export type ConfigOf<Id extends ArchitectureId> = (typeof ARCHITECTURES)[Id]['defaults'];

export const ARCHITECTURE_IDS = Object.keys(ARCHITECTURES) as ArchitectureId[];

/** A network without weights: an architecture and its configuration, which belong together. */
export type Blueprint = {
  [Id in ArchitectureId]: { readonly architecture: Id; readonly config: ConfigOf<Id> };
}[ArchitectureId];

/** The architecture of a blueprint; its methods take that blueprint's configuration. */
export function architectureOf(id: ArchitectureId): Architecture<BaseConfig> {
  // Methods are compared loosely: a blueprint's type keeps the configuration and the id together.
  return ARCHITECTURES[id] as Architecture<never> as Architecture<BaseConfig>;
}

/** A published size by name (`vit-b-16`), undefined for an unknown one. */
export function preset(name: string): Blueprint | undefined {
  for (const id of ARCHITECTURE_IDS) {
    const { presets } = ARCHITECTURES[id];
    if (Object.hasOwn(presets, name)) return { architecture: id, config: presets[name] } as Blueprint;
  }
  return undefined;
}

/** Names of all presets, by architecture in the order of the registry. */
export const PRESET_NAMES: readonly string[] = ARCHITECTURE_IDS.flatMap((id) =>
  Object.keys(ARCHITECTURES[id].presets),
);

/** The graph of a blueprint. Throws ConfigError for a configuration that cannot be built. */
export function build(of: Blueprint, options?: BuildOptions): Graph {
  return architectureOf(of.architecture).build(of.config, options);
}

/** The same network cut into patches of another size. */
export function withPatch<B extends Blueprint>(of: B, patch: number): B {
  return { ...of, config: { ...of.config, patch } };
}
