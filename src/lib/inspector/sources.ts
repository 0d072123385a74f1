import '#lib/models/all.ts';
import { familyOf, familyIds, preset, type Blueprint } from '#lib/models/registry.ts';
import { OPENED, type OwnModel } from '#lib/own/page/opened.svelte.ts';
import type { DiffusionSpec, ModelConfig, ModelLabel } from '#lib/models/model-config.ts';

/** Something the inspector can open. */
export interface Source {
  /** A folder under `models/`, or a preset's name. */
  readonly name: string;
  /** Weights lie beside it: its tensors have values. */
  readonly trained: boolean;
  readonly blueprint: Blueprint;
  /** Patch sizes it was trained for; empty for a preset. */
  readonly patchSizes: readonly number[];
  /** Process and time of a denoiser. */
  readonly diffusion?: DiffusionSpec | undefined;
  /** Names of the classes; empty for a preset and for a model without classes. */
  readonly labels: readonly ModelLabel[];
  /** Of a model of the reader's: all that is needed to run it. */
  readonly own?: ModelConfig;
}

export interface SourceGroup {
  readonly id: string;
  readonly title: string;
  readonly names: readonly string[];
}

/** What the page needs of a model's config.json at once; built into it, so that shapes stand before anything arrives. */
interface Stored {
  readonly architecture: string;
  readonly config: Blueprint['config'];
  readonly patchSizes?: readonly number[];
  readonly diffusion?: DiffusionSpec;
  readonly labels?: readonly ModelLabel[];
}
const configs = import.meta.glob<Stored>('/models/*/config.json', { eager: true, import: 'default' });

const folder = (path: string) => path.split('/').at(-2) ?? path;

/** The models of this copy of the site, by name. Those of a family the library does not know are left out. */
export const MODELS: ReadonlyMap<string, Source> = new Map(
  Object.entries(configs).flatMap(
    ([path, { architecture, config, patchSizes = [], diffusion, labels = [] }]) => {
      if (!familyIds().includes(architecture)) return [];
      const blueprint = { architecture, config };
      const name = folder(path);
      return [[name, { name, trained: true, blueprint, patchSizes, diffusion, labels }]];
    },
  ),
);

const sources = new WeakMap<OwnModel, Source>();

/** A model of the reader's as something the inspector can open; the same object as long as it stays the same model. */
function ownSource(model: OwnModel): Source {
  const { name, architecture, config, patchSizes, diffusion, labels } = model.config;
  const made = { name, trained: true, blueprint: { architecture, config }, patchSizes, diffusion, labels };
  const source = sources.get(model) ?? { ...made, own: model.config };
  sources.set(model, source);
  return source;
}

/** What a link's `m` means; undefined when nothing has that name. Reactive: the reader may open models of his own. */
export function sourceOf(name: string): Source | undefined {
  const own = OPENED.get(name);
  const model = own ? ownSource(own) : MODELS.get(name);
  if (model) return model;
  const blueprint = preset(name);
  return blueprint && { name, trained: false, blueprint, patchSizes: [], labels: [] };
}

/** The published sizes in groups, as their families sort them: by the first word of their names. */
export const PRESET_GROUPS: readonly SourceGroup[] = familyIds().flatMap((id) => {
  const { presets, groups = {}, title } = familyOf(id);
  const names = new Map<string, string[]>();
  for (const name of Object.keys(presets)) {
    const group = name.split('-')[0] ?? name;
    names.set(group, [...(names.get(group) ?? []), name]);
  }
  return [...names].map(([group, list]) => ({
    id: `${id}-${group}`,
    title: groups[group] ?? title.en,
    names: list,
  }));
});
