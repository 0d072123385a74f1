import { describe, type Description, type Graph } from '#lib/graph/index.ts';
import {
  FIRST_PRESET,
  FIRST_SIZES,
  FIRST_STORED,
  FIRST_TRAINED,
  type FirstConfig,
} from '#lib/models/first-model.ts';
import '#lib/models/first-family.ts';
import { graphOf, preset, type Blueprint } from '#lib/models/registry.ts';

/** A published size of the family of the model that Part I runs. */
function published(name: string): Blueprint<FirstConfig> {
  return preset(name) as Blueprint<FirstConfig>;
}
const sizeOf = <Name extends string>({ name, preset: of }: { name: Name; preset: string }) => ({
  name,
  preset: published(of).config,
});

const { architecture, config } = published(FIRST_PRESET);

/** Configuration of the model that Part I runs; the published Ti size where the model is not in this copy of the site. */
export const CONFIG: FirstConfig = FIRST_STORED ?? config;
/** Patch sizes the model was trained for, ascending. */
export const TRAINED: readonly number[] = FIRST_TRAINED ?? [CONFIG.patch];

/** The published sizes, 1000 classes: shapes only. */
export const PRESETS = {
  ti: sizeOf(FIRST_SIZES.ti),
  s: sizeOf(FIRST_SIZES.s),
  b: sizeOf(FIRST_SIZES.b),
  l: sizeOf(FIRST_SIZES.l),
  h: sizeOf(FIRST_SIZES.h),
} as const;

export interface Drawn {
  readonly graph: Graph;
  readonly description: Description;
}
const drawn = new Map<string, Drawn>();

/** A configuration's graph at a patch size, with its description; built once. No weights. */
export function shapesOf(config: FirstConfig, patch: number): Drawn {
  const key = JSON.stringify({ ...config, patch });
  let found = drawn.get(key);
  if (!found) {
    const graph = graphOf({ architecture, config: { ...config, patch } });
    found = { graph, description: describe(graph) };
    drawn.set(key, found);
  }
  return found;
}
