import { ConfigError } from '#lib/base/config-error.ts';
import type { Condition } from '#lib/models/dit/config.ts';
import { checkDit } from '#lib/models/dit/config.ts';
import { DIT_DEFAULTS, dit } from '#lib/models/dit/graph.ts';
import { checkUVit } from '#lib/models/uvit/config.ts';
import { UVIT_DEFAULTS, uvit } from '#lib/models/uvit/graph.ts';
import { type Graph } from '#lib/graph/index.ts';
import { configErrorText } from '#lib/base/config-errors.ts';
import type { Text } from '#lib/base/lang.ts';
import { countDeep } from './count-deep.ts';
import type { Means } from './state.ts';

/** What the sliders say. */
export interface Choices {
  /** Side of the picture, pixels. */
  readonly image: number;
  /** The autoencoder's factor; 1: none, the network sees pixels. */
  readonly factor: number;
  readonly patch: number;
  readonly dim: number;
  readonly depth: number;
  readonly means: Means;
}
/** Channels of a latent, as in the published autoencoders of factor 8. */
export const LATENT_CHANNELS = 4;
export const PIXEL_CHANNELS = 3;
/** Width of a head, as in most published sizes. */
export const HEAD = 64;
/** Heads of a width that is published with other ones: DiT-XL and U-ViT-H have 16 of 72. */
const PUBLISHED_HEADS: Readonly<Record<number, number>> = { 1152: 16 };
/** Heads that a network of this width is built with. */
export const headsOf = (dim: number): number => PUBLISHED_HEADS[dim] ?? dim / HEAD;
const CLASSES = 1000;

/** A shape on the way with what it is called. */
export interface Station {
  readonly id: string;
  readonly title: Text;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

export interface Built {
  readonly stations: readonly Station[];
  /** Side of what the network sees. */
  readonly side: number;
  readonly tokens: number;
  readonly parameters: number;
  readonly macs: number;
  /** Of all weights in float32. */
  readonly weightBytes: number;
  /** Attention maps of one layer, float32: the largest thing held at once. */
  readonly scoreBytes: number;
  /** All named tensors of a pass, if every one is kept. */
  readonly tensorBytes: number;
}

export interface Outcome {
  readonly built?: Built;
  readonly fault?: { readonly field: keyof Choices; readonly text: Text };
}

/** Which slider a rule of the architecture is about. */
const FIELD: Readonly<Record<string, keyof Choices>> = {
  image: 'image',
  patch: 'patch',
  dim: 'dim',
  heads: 'dim',
  positions: 'dim',
  depth: 'depth',
};

const kept = new Map<string, Built>();

/** Builds a network with 1,000 classes from the sliders. Never throws for an illegal choice: it is in `fault`. */
export function build(c: Choices): Outcome {
  const side = c.image / c.factor;
  if (!Number.isInteger(side)) {
    const text = {
      en: `A picture of ${c.image} pixels has no whole latent at factor ${c.factor}.`,
      zh: `${c.image} 像素的图片缩小 ${c.factor} 倍后不是整数。`,
    };
    return { fault: { field: 'factor', text } };
  }
  if (c.dim % HEAD !== 0) {
    const text = {
      en: `A width of ${c.dim} does not divide into heads of ${HEAD}.`,
      zh: `宽度 ${c.dim} 不能平均分成每个宽 ${HEAD} 的头。`,
    };
    return { fault: { field: 'dim', text } };
  }
  const key = JSON.stringify(c);
  const known = kept.get(key);
  if (known) return { built: known };
  const channels = c.factor === 1 ? PIXEL_CHANNELS : LATENT_CHANNELS;
  const common = { image: side, channels, patch: c.patch, dim: c.dim, depth: c.depth, heads: headsOf(c.dim) };
  try {
    const built = counted(c, side, channels, maker(c.means, common));
    if (kept.size > 100) kept.clear();
    kept.set(key, built);
    return { built };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { fault: { field: FIELD[error.field] ?? 'means', text: configErrorText(error) } };
  }
}

/** Sizes that both kinds have. */
interface Common {
  readonly image: number;
  readonly channels: number;
  readonly patch: number;
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
}

/** Makes the network's graph at any depth. @throws ConfigError for sizes that cannot be built */
function maker(means: Means, common: Common): (depth: number) => Graph {
  if (means === 'uvit') {
    const config = { ...UVIT_DEFAULTS, ...common, classes: CLASSES };
    checkUVit(config);
    return (depth) => uvit({ ...config, depth });
  }
  const config = { ...DIT_DEFAULTS, ...common, classes: CLASSES, learnSigma: false, condition: means };
  checkDit(config);
  return (depth) => dit({ ...config, depth });
}

function counted(c: Choices, side: number, channels: number, make: (depth: number) => Graph): Built {
  const step = c.means === 'uvit' ? 2 : 1;
  const { parameters, macs, bytes } = countDeep(make, c.depth, step);
  const graph = make(step);
  const of = (name: string) => {
    const v = graph.value(name);
    return { shape: v.shape.slice(1), dims: v.dims.slice(1) };
  };
  const scores = of(graph.tensorNames().find((name) => name.endsWith('.attn.scores'))!);
  const tokens = of('tokens');
  const picture: Station = {
    id: 'picture',
    title: { en: 'picture', zh: '图片' },
    shape: [PIXEL_CHANNELS, c.image, c.image],
    dims: ['C', 'H', 'W'],
  };
  const latent: Station = {
    id: 'latent',
    title: { en: 'latent', zh: '隐变量' },
    shape: [channels, side, side],
    dims: ['C', 'H', 'W'],
  };
  return {
    side,
    tokens: tokens.shape[0]!,
    stations: [
      picture,
      ...(c.factor > 1 ? [latent] : []),
      { id: 'patches', title: { en: 'patches', zh: '图像块' }, ...of('patches') },
      { id: 'tokens', title: { en: 'tokens', zh: '词元' }, ...tokens },
      { id: 'scores', title: { en: 'scores, one layer', zh: '一层的分数' }, ...scores },
      { id: 'prediction', title: { en: 'prediction', zh: '预测' }, ...of('prediction') },
    ],
    parameters,
    macs,
    weightBytes: 4 * parameters,
    scoreBytes: 4 * scores.shape.reduce((a, b) => a * b, 1),
    tensorBytes: bytes,
  };
}

/** Milliseconds of a pass at the pace the probe has found: multiply-adds a millisecond. */
export function estimate(macs: number, pace: number | undefined): number | undefined {
  return pace === undefined || !(pace > 0) ? undefined : macs / pace;
}

/** For sentences about a means. */
export const isModulated = (means: Means): means is Condition => means !== 'uvit';
