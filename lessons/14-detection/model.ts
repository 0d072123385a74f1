import type { Text } from '#lib/base/lang.ts';
import type { PreprocessSpec } from '#lib/images/index.ts';
import { detrSizes, type DetrConfig } from '#lib/models/detr/config.ts';
import { FAMILY } from '#lib/models/detr/family.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import { STEMS, type StemName } from './state.ts';

know(FAMILY);

/** What the page needs of a config.json before anything arrives. */
interface Stored {
  readonly config: DetrConfig;
  readonly preprocessing: PreprocessSpec & { readonly size: number };
  readonly labels: readonly (Text & { readonly id: string })[];
}
const stored = import.meta.glob<Stored>(
  ['/models/detr-cnn/config.json', '/models/detr-patches/config.json'],
  {
    eager: true,
    import: 'default',
  },
);

/** The networks of the lesson, folders under `models/`. */
export const MODELS: Readonly<Record<StemName, string>> = { cnn: 'detr-cnn', patches: 'detr-patches' };
const at = (stem: StemName): Stored | undefined => stored[`/models/${MODELS[stem]}/config.json`];

/** The networks that this copy of the site has. */
export const NETS: readonly StemName[] = STEMS.filter((stem) => at(stem) !== undefined);

const CNN = at('cnn')!;
export const CONFIGS: Readonly<Record<StemName, DetrConfig>> = {
  cnn: CNN.config,
  patches: at('patches')?.config ?? { ...CNN.config, stem: 'patches' },
};
/** What both networks have alike: the picture's side, queries, classes, depths, heads. */
export const CONFIG = CNN.config;
export const SPEC = CNN.preprocessing;
/** Classes in the order of their indices, without “no object”, which is the one after the last. */
export const LABELS = CNN.labels;
/** Both networks make as many tokens. */
export const SIZES = detrSizes(CONFIG);
export const GRAPHS = {
  cnn: graphOf({ architecture: 'detr', config: CONFIGS.cnn }),
  patches: graphOf({ architecture: 'detr', config: CONFIGS.patches }),
} as const;

export const TITLES: Readonly<Record<StemName, Text>> = {
  cnn: { en: 'CNN', zh: '卷积网络（CNN）' },
  patches: { en: 'patches', zh: '图像块' },
};
/** The same where there is room for one word. */
export const SHORT: Readonly<Record<StemName, Text>> = { ...TITLES, cnn: { en: 'CNN', zh: 'CNN' } };
export const NO_OBJECT: Text = { en: 'no object', zh: '无物体' };
