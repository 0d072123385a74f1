import { familyOf, pictureOf, type Blueprint, type Variant } from '#lib/models/registry.ts';
import type { Graph } from '#lib/graph/index.ts';
import { nearest } from '#lib/base/nearest.ts';
import { UsageError } from './usage.ts';

/** What `--patch` changes of a network whose weights allow it; nothing where it is the stored size. @throws UsageError */
export function variantWith(of: Blueprint, patch: number | undefined): Variant {
  if (patch === undefined) return {};
  const stored = of.config as { readonly patch?: unknown };
  const { variants, title } = familyOf(of.architecture);
  if (patch === stored.patch) return {};
  if (!variants?.fields.includes('patch')) {
    const own =
      typeof stored.patch === 'number' ? `this model's patches have ${stored.patch} pixels` : 'it cuts none';
    throw new UsageError(`--patch cannot change a ${title.en}: ${own}`);
  }
  const { height, width } = pictureOf(of)!;
  if (patch > Math.min(height, width)) {
    const size = height === width ? height : `${height} × ${width}`;
    throw new UsageError(`--patch ${patch} is larger than the picture, ${size} pixels`);
  }
  return { patch };
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
