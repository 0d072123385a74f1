import type { PreprocessSpec } from '#lib/images/index.ts';
import { FAMILY } from '#lib/models/clip/family.ts';
import type { CLIPConfig } from '#lib/models/clip/graph.ts';
import { graphOf, know } from '#lib/models/registry.ts';

know(FAMILY);

/** Sentences around a word, by what the picture is; `{}` is the word. */
export type Templates = Readonly<
  Record<'drawing' | 'photo', Readonly<Record<'en' | 'zh', readonly string[]>>>
>;

/** What the page needs of the config.json before anything arrives. */
interface Stored {
  readonly config: CLIPConfig;
  readonly preprocessing: PreprocessSpec & { readonly size: number };
  readonly templates: Templates;
}
const stored = import.meta.glob<Stored>('/models/clip/config.json', { eager: true, import: 'default' });

/** The model that this lesson runs: a folder under `models/`. */
export const MODEL = 'clip';
export const {
  config: CONFIG,
  preprocessing: SPEC,
  templates: TEMPLATES,
} = stored['/models/clip/config.json']!;

/** The graph that so many texts are fed to at once. */
export const graphFor = (texts = 1) => graphOf({ architecture: 'clip', config: { ...CONFIG, texts } });
