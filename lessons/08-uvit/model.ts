import { momentOf, type DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import { FAMILY } from '#lib/models/uvit/family.ts';
import { uvitConfig, uvitSizes, type UViTConfig } from '#lib/models/uvit/graph.ts';
import { describe, type Description, type Graph } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Places } from './attention-measures.ts';
import { uShapeOf } from './u-shape.ts';

know(FAMILY);

/** The model this lesson runs, and the one trained without long skips. Folders under `models/`. */
export const NAME = 'uvit-cifar10';
export const TWIN = 'uvit-cifar10-noskip';

/** What the page needs of a config.json before anything arrives. */
interface Stored {
  readonly config: UViTConfig;
  readonly diffusion: DiffusionSpec;
  readonly labels: readonly (Text & { readonly id: string })[];
}
const stored = import.meta.glob<Stored>('/models/uvit-*/config.json', { eager: true, import: 'default' });
const of = (name: string): Stored | undefined => stored[`/models/${name}/config.json`];

/** Configuration of the model; the library's defaults where it is not in this copy of the site. */
export const CONFIG: UViTConfig = of(NAME)?.config ?? uvitConfig({});
export const SIZES = uvitSizes(CONFIG);
/** Classes in the order of their indices. */
export const LABELS = of(NAME)?.labels ?? [];
/** How it was trained; as U-ViT's authors do it for pixels, where it is not in this copy of the site. */
export const DIFFUSION: DiffusionSpec = of(NAME)?.diffusion ?? {
  process: 'vp',
  prediction: 'eps',
  time: '999t',
};
/** What the network is fed for a time t of the clock, 1 (noise) … 0 (clean). */
export const fedTime = (t: number): number => momentOf(DIFFUSION, t).fed;
/** The twin is in this copy of the site. */
export const HAS_TWIN = of(TWIN) !== undefined;

/** Index of a token before the patches; the label comes first, where there is one. */
export const LABEL_TOKEN = CONFIG.classes > 0 ? 0 : undefined;
export const TIME_TOKEN = CONFIG.classes > 0 ? 1 : 0;

export interface Drawn {
  readonly graph: Graph;
  readonly description: Description;
}
const drawn = new Map<string, Drawn>();

/** A configuration's graph with its description; built once. No weights. @throws ConfigError */
export function shapesOf(config: UViTConfig): Drawn {
  const key = JSON.stringify(config);
  let found = drawn.get(key);
  if (!found) {
    const graph = graphOf({ architecture: 'uvit', config });
    found = { graph, description: describe(graph) };
    drawn.set(key, found);
  }
  return found;
}

/** Graph and description of the model. */
export const SHAPES = shapesOf(CONFIG);
/** The way down, the turn, the way up, and the long skips across. */
export const U = uShapeOf(SHAPES.graph);
/** Blocks in the order they run, and their attention. */
export const BLOCKS: readonly string[] = [...U.down, U.middle, ...U.up];
export const ATTENTION: readonly string[] = BLOCKS.map((name) => `${name}.attn.probs`);
/** Where the tokens lie. */
export const PLACES: Places = {
  grid: SIZES.grid,
  prefix: SIZES.extras,
  time: TIME_TOKEN,
  label: LABEL_TOKEN,
};
