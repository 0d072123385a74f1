import type { Graph } from '#lib/graph/index.ts';
import { familyOf, inputWith, type Blueprint } from '#lib/models/registry.ts';
import { patchesIn } from './lookup.ts';
import type { Source } from './sources.ts';

/** Why there are shapes and no values. */
export type Silence = 'preset' | 'changed' | 'too-many' | 'remainder' | 'wordless' | 'timeless';

/** More tokens than this are not run in a page: a layer's attention would take too long and too much memory. */
const MOST_TOKENS = 3200;

/**
 * Why the tensors of an opened model have no values; undefined: they have.
 * @param fits its weights fit what was changed of its configuration
 * @param config what the graph was built from
 */
export function silenceOf(
  { trained, blueprint, own, diffusion }: Source,
  fits: boolean,
  { config }: Blueprint,
  graph: Graph,
): Silence | undefined {
  if (!trained) return 'preset';
  if (!fits) return 'changed';
  const { variants, denoises } = familyOf(blueprint.architecture);
  // What a file of weights alone does not tell, and no reader can be asked for.
  if (own && !own.tokenizer && inputWith(blueprint, 'token')) return 'wordless';
  if (own && denoises && !diffusion) return 'timeless';
  const patchOf = (of: object) => (of as { readonly patch?: unknown }).patch;
  if (patchOf(config) !== patchOf(blueprint.config) && !variants?.fields.includes('patch')) return 'changed';
  if (patchesIn(graph) > MOST_TOKENS) return 'too-many';
  return variants?.covers?.(config) === false ? 'remainder' : undefined;
}
