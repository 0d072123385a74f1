import { describe } from '#lib/graph/index.ts';
import type { DiffusionModel } from '#lib/models/model-config.ts';
import { graphOf, know } from '#lib/models/registry.ts';
import { FAMILY } from '#lib/models/uvit/family.ts';
import type { UViTConfig } from '#lib/models/uvit/config.ts';

type UVitModel = DiffusionModel<UViTConfig>;

know(FAMILY);

/** What training wrote beside the weights, as far as it is read here. */
interface Metrics {
  readonly run?: { readonly imagesSeen?: number; readonly steps?: number };
}
const configs = import.meta.glob<UVitModel>('/models/uvit-cifar10/config.json', {
  eager: true,
  import: 'default',
});
const metrics = import.meta.glob<Metrics>('/models/uvit-cifar10/metrics.json', {
  eager: true,
  import: 'default',
});

/** The model this lesson runs, known before anything is fetched. */
export const STORED: UVitModel = Object.values(configs)[0]!;
export const CONFIG = STORED.config;
/** Classes in the order of their indices. */
export const LABELS = STORED.labels;
/** Numbers of one picture, C · S · S. */
export const EACH = CONFIG.channels * CONFIG.image ** 2;
/** Graph and description, without weights. */
export const GRAPH = graphOf(STORED);
export const DESCRIPTION = describe(GRAPH);
/** Pictures it has seen in training, repeats counted; undefined where training did not say. */
export const SEEN: number | undefined = Object.values(metrics)[0]?.run?.imagesSeen;

/** How it was trained, as far as the lesson says it; held to the training's own configuration by recipe.test.ts. */
export const RECIPE = {
  weighting: 'min-snr',
  /** γ of the weighting. */
  gamma: 5,
  /** Share of the pictures whose class was left out. */
  classDrop: 0.1,
  batch: 32,
  steps: 20_000,
} as const;
