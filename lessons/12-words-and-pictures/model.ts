import type { PreprocessSpec } from '#lib/images/index.ts';
import { FAMILY } from '#lib/models/clip/family.ts';
import type { CLIPConfig } from '#lib/models/clip/graph.ts';
import { graphOf, know } from '#lib/models/registry.ts';

know(FAMILY);

/** Sentences around a word, by what the picture is; `{}` is the word. */
export type Templates = Readonly<
  Record<'drawing' | 'photo', Readonly<Record<'en' | 'zh', readonly string[]>>>
>;

// Of the config.json what the page needs before anything arrives, part by part: its labels stay out of the page.
const FILE = '/models/clip/config.json';
const configs = import.meta.glob<CLIPConfig>('/models/clip/config.json', {
  eager: true,
  query: '?part',
  import: 'config',
});
const specs = import.meta.glob<PreprocessSpec & { readonly size: number }>('/models/clip/config.json', {
  eager: true,
  query: '?part',
  import: 'preprocessing',
});
const templates = import.meta.glob<Templates>('/models/clip/config.json', {
  eager: true,
  query: '?part',
  import: 'templates',
});

/** The model that this lesson runs: a folder under `models/`. */
export const MODEL = 'clip';
export const CONFIG = configs[FILE]!;
export const SPEC = specs[FILE]!;
export const TEMPLATES = templates[FILE]!;

/** The graph that so many texts are fed to at once. */
export const graphFor = (texts = 1) => graphOf({ architecture: 'clip', config: { ...CONFIG, texts } });
