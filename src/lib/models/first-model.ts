import type { ViTConfig } from './vit/config.ts';

/** The model that a page shows where nobody has chosen one: a folder under `models/`. Links leave it out. */
export const FIRST_MODEL = 'vit-flexi';

/** A model of the same family that loads at once: what the development pages open with. */
export const SMALL_MODEL = 'vit-tiny';

/** The published size shown where this copy of the site has no model. */
export const FIRST_PRESET = 'vit-ti-16';

/** Configuration of that model; lessons 1 to 5 read its fields. */
export type FirstConfig = ViTConfig;

/** The published sizes that lessons compare that model with: what they are called, and their presets. */
export const FIRST_SIZES = {
  ti: { name: 'ViT-Ti', preset: 'vit-ti-16' },
  s: { name: 'ViT-S', preset: 'vit-s-16' },
  b: { name: 'ViT-B', preset: 'vit-b-16' },
  l: { name: 'ViT-L', preset: 'vit-l-16' },
  h: { name: 'ViT-H', preset: 'vit-h-14' },
} as const;

/**
 * Parts of its config.json, as built into the page: shapes are known before anything is fetched. The query makes it a
 * module of its own, of which the page has these parts: the inspector, which has all of the file, shares the other.
 */
const configs = import.meta.glob<FirstConfig>('/models/vit-flexi/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const sizes = import.meta.glob<number[]>('/models/vit-flexi/config.json', {
  eager: true,
  query: '?part',
  import: 'patchSizes',
});

/** The model's own configuration; undefined where the model is not in this copy of the site. */
export const FIRST_STORED: FirstConfig | undefined = Object.values(configs)[0];

/** Patch sizes the model was trained for, ascending. */
export const FIRST_TRAINED: readonly number[] | undefined = Object.values(sizes)[0];
