import { vit, vitPresets, type VitConfig } from '../../src/lib/architectures/vit.ts';
import { describe, type Description, type Graph } from '../../src/lib/graph/index.ts';

/** The model's own configuration, as built into the page: shapes are known before any weights are asked for. */
const configs = import.meta.glob<VitConfig>('/models/vit-flexi/config.json', {
  eager: true,
  import: 'config',
});
const sizes = import.meta.glob<number[]>('/models/vit-flexi/config.json', {
  eager: true,
  import: 'patchSizes',
});

/** Configuration of the model this lesson runs; the published Ti size where the model is not in this copy of the site. */
export const CONFIG: VitConfig = Object.values(configs)[0] ?? vitPresets['vit-ti-16']!;
/** Patch sizes the model was trained for, ascending. */
export const TRAINED: readonly number[] = Object.values(sizes)[0] ?? [CONFIG.patch];

/** Models of the comparison, shapes only: the published sizes, 1000 classes. */
export const PRESETS = {
  ti: { name: 'ViT-Ti', preset: vitPresets['vit-ti-16']! },
  b: { name: 'ViT-B', preset: vitPresets['vit-b-16']! },
  l: { name: 'ViT-L', preset: vitPresets['vit-l-16']! },
  h: { name: 'ViT-H', preset: vitPresets['vit-h-14']! },
} as const;

interface Drawn {
  readonly graph: Graph;
  readonly description: Description;
}
const drawn = new Map<string, Drawn>();

/** A configuration's graph at a patch size, with its description; built once. No weights. */
export function shapesOf(config: VitConfig, patch: number): Drawn {
  const key = `${config.dim}/${config.depth}/${config.heads}/${config.classes}/${config.image}/${patch}`;
  let found = drawn.get(key);
  if (!found) {
    const graph = vit({ ...config, patch });
    found = { graph, description: describe(graph) };
    drawn.set(key, found);
  }
  return found;
}

/** The tensors of this lesson's way, in order; those that a configuration does not have are left out. */
export const WAY = ['x', 'patches', 'patch_embed', 'tokens', 'logits'] as const;
