import { vit, vitPresets, type VitConfig } from '#lib/models/vit/graph.ts';
import { describe, type Description, type Graph } from '#lib/graph/index.ts';

/** The model's own configuration, as built into the page: shapes are known before any weights are asked for. */
const configs = import.meta.glob<VitConfig>('/models/vit-flexi/config.json', {
  eager: true,
  import: 'config',
});
const sizes = import.meta.glob<number[]>('/models/vit-flexi/config.json', {
  eager: true,
  import: 'patchSizes',
});

/** Configuration of the model that Part I runs; the published Ti size where the model is not in this copy of the site. */
export const CONFIG: VitConfig = Object.values(configs)[0] ?? vitPresets['vit-ti-16']!;
/** Patch sizes the model was trained for, ascending. */
export const TRAINED: readonly number[] = Object.values(sizes)[0] ?? [CONFIG.patch];

/** The published sizes, 1000 classes: shapes only. */
export const PRESETS = {
  ti: { name: 'ViT-Ti', preset: vitPresets['vit-ti-16']! },
  s: { name: 'ViT-S', preset: vitPresets['vit-s-16']! },
  b: { name: 'ViT-B', preset: vitPresets['vit-b-16']! },
  l: { name: 'ViT-L', preset: vitPresets['vit-l-16']! },
  h: { name: 'ViT-H', preset: vitPresets['vit-h-14']! },
} as const;

export interface Drawn {
  readonly graph: Graph;
  readonly description: Description;
}
const drawn = new Map<string, Drawn>();

/** A configuration's graph at a patch size, with its description; built once. No weights. */
export function shapesOf(config: VitConfig, patch: number): Drawn {
  const key = JSON.stringify({ ...config, patch });
  let found = drawn.get(key);
  if (!found) {
    const graph = vit({ ...config, patch });
    found = { graph, description: describe(graph) };
    drawn.set(key, found);
  }
  return found;
}
