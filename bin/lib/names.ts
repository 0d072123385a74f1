import type { Blueprint } from '#lib/models/registry.ts';
import type { Graph } from '#lib/graph/index.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './usage.ts';

/** The patch size to run with: the wished one, or the stored one. @throws UsageError */
export function patchOf({ architecture, config }: Blueprint, wished: number | undefined): number {
  if (wished !== undefined && wished !== config.patch && architecture !== 'vit') {
    throw new UsageError(`--patch changes a ViT alone; this model's patches have ${config.patch} pixels`);
  }
  if (wished !== undefined && wished > config.image) {
    throw new UsageError(`--patch ${wished} is larger than the picture, ${config.image} pixels`);
  }
  return wished ?? config.patch;
}

/**
 * The names of a `--tensors` list, each a tensor of the graph; all of them for `all`.
 * @throws UsageError for an unknown one, with the nearest known name
 */
export function tensorNames(list: string, graph: Graph): string[] {
  const known = graph.tensorNames();
  if (list === 'all') return known;
  const names = [...new Set(list.split(',').map((name) => name.trim()))].filter(Boolean);
  if (names.length === 0) throw new UsageError('--tensors needs names with commas between them, or all');
  for (const name of names) {
    if (known.includes(name)) continue;
    const similar = nearest(name, known);
    throw new UsageError(
      `there is no tensor "${name}"; ${similar ? `did you mean ${similar}` : 'patchwork describe lists them'}`,
    );
  }
  return names;
}
