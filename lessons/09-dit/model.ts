import type { DiTConfig } from '#lib/models/dit/graph.ts';
import { processOf, type DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import { ditSizes } from '#lib/models/dit/graph.ts';
import { uvitSizes, type UViTConfig } from '#lib/models/uvit/graph.ts';
import { describe } from '#lib/graph/index.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import { FAMILY as DIT_FAMILY } from '#lib/models/dit/family.ts';
import { FAMILY as UVIT_FAMILY } from '#lib/models/uvit/family.ts';
import type { Text } from '#lib/base/lang.ts';

know(UVIT_FAMILY, DIT_FAMILY);

/** What the page needs of a config.json before anything arrives. */
interface Stored<C> {
  readonly config: C;
  readonly diffusion: DiffusionSpec;
  readonly labels: readonly (Text & { readonly id: string })[];
}
const uvits = import.meta.glob<Stored<UViTConfig>>('/models/uvit-*/config.json', {
  eager: true,
  import: 'default',
});
const dits = import.meta.glob<Stored<DiTConfig>>('/models/dit-*/config.json', {
  eager: true,
  import: 'default',
});
const at = <C>(stored: Record<string, Stored<C>>, name: string) => stored[`/models/${name}/config.json`];

/** The two networks of the lesson, folders under `models/`; the small fixtures where the larger are not in this copy. */
const trained = at(dits, 'dit-cifar10') !== undefined && at(uvits, 'uvit-cifar10') !== undefined;
export const UVIT = trained ? 'uvit-cifar10' : 'uvit-tiny';
export const DIT = trained ? 'dit-cifar10' : 'dit-tiny';

/** The two kinds, in the order they stand on the stage. */
export const KINDS = ['uvit', 'dit'] as const;
export type Kind = (typeof KINDS)[number];
export const TITLE: Readonly<Record<Kind, string>> = { uvit: 'U-ViT', dit: 'DiT' };
export const FOLDER: Readonly<Record<Kind, string>> = { uvit: UVIT, dit: DIT };

export const UVIT_CONFIG: UViTConfig = at(uvits, UVIT)!.config;
export const DIT_CONFIG: DiTConfig = at(dits, DIT)!.config;
export const UVIT_SIZES = uvitSizes(UVIT_CONFIG);
export const DIT_SIZES = ditSizes(DIT_CONFIG);
/** How noise is added; both networks were trained with the same process. */
export const PROCESS = processOf(at(dits, DIT)!.diffusion);
/** Classes in the order of their indices. */
export const LABELS = at(dits, DIT)!.labels;
/** Numbers of one picture, C · S · S: both networks see pictures of one size. */
export const EACH = DIT_CONFIG.channels * DIT_CONFIG.image ** 2;

/** Graph and description without weights. */
function drawn(kind: Kind) {
  const graph = graphOf({ architecture: kind, config: kind === 'dit' ? DIT_CONFIG : UVIT_CONFIG });
  return { graph, description: describe(graph) };
}
export const SHAPES = { uvit: drawn('uvit'), dit: drawn('dit') } as const;

/** Blocks in the order they run, with their attention. */
export const BLOCKS: Readonly<Record<Kind, readonly string[]>> = {
  uvit: blocksOf('uvit'),
  dit: blocksOf('dit'),
};
function blocksOf(kind: Kind): string[] {
  return SHAPES[kind].graph
    .tensorNames()
    .filter((name) => name.endsWith('.attn.probs'))
    .map((name) => name.slice(0, -'.attn.probs'.length));
}
/** Patches of one side, and tokens before the patches. */
export const GRID: Readonly<Record<Kind, number>> = { uvit: UVIT_SIZES.grid, dit: DIT_SIZES.grid };
export const PREFIX: Readonly<Record<Kind, number>> = { uvit: UVIT_SIZES.extras, dit: 0 };
/** Indices of U-ViT's tokens before the patches: the label comes first, where there is one. */
export const LABEL_TOKEN = UVIT_CONFIG.classes > 0 ? 0 : undefined;
export const TIME_TOKEN = UVIT_CONFIG.classes > 0 ? 1 : 0;
