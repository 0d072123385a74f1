import type { Text } from '#lib/base/lang.ts';
import type { PreprocessSpec } from '#lib/images/index.ts';
import { FAMILY } from '#lib/models/vivit/family.ts';
import { vivitSizes, type VivitConfig } from '#lib/models/vivit/config.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import type { Net } from './state.ts';

know(FAMILY);

/** What the page needs of a config.json before anything arrives. */
interface Stored {
  readonly config: VivitConfig;
  readonly preprocessing: PreprocessSpec & { readonly size: number };
  readonly labels: readonly (Text & { readonly id: string; readonly group: string })[];
}
const stored = import.meta.glob<Stored>(
  ['/models/vivit-joint/config.json', '/models/vivit-encoder/config.json'],
  { eager: true, import: 'default' },
);

/** The two networks of the lesson, folders under `models/`. */
export const MODELS: Readonly<Record<Net, string>> = { joint: 'vivit-joint', encoder: 'vivit-encoder' };
const at = (net: Net): Stored => stored[`/models/${MODELS[net]}/config.json`]!;

const JOINT = at('joint');
export const CONFIGS: Readonly<Record<Net, VivitConfig>> = {
  joint: JOINT.config,
  encoder: at('encoder').config,
};
/** How a clip is fed: the same for both. */
export const CONFIG = CONFIGS.joint;
export const SPEC = JOINT.preprocessing;
const [MEAN = 0.5] = SPEC.mean;
const [STD = 0.5] = SPEC.std;
/** The values that are black and white in what the networks are fed. */
export const RANGE = [-MEAN / STD, (1 - MEAN) / STD] as const;
/** Classes in the order of their indices; `group` is the task. */
export const LABELS = JOINT.labels;
/** Both networks cut a clip alike. */
export const SIZES = vivitSizes(CONFIG);
export const GRAPHS = {
  joint: graphOf({ architecture: 'vivit', config: CONFIGS.joint }),
  encoder: graphOf({ architecture: 'vivit', config: CONFIGS.encoder }),
} as const;

export const TITLES: Readonly<Record<Net, Text>> = {
  joint: { en: 'joint', zh: '联合' },
  encoder: { en: 'two encoders', zh: '两个编码器' },
};
