import {
  checkPatchConfig,
  checkPatches,
  checkSincos,
  flags,
  MOST_TOKENS,
  oneOf,
  whole,
} from '../shared/patch-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import type { GeluKind } from '../shared/layers.ts';
import { gridOf } from '../shared/patches.ts';
import { hasClassToken, prefixOf, type StemConfig } from '../shared/stem-config.ts';

/** The `config` object of a model's config.json. Sizes are whole numbers from 1 up unless said otherwise. */
export interface ViTConfig extends StemConfig {
  /** Width D, divisible by `heads`. */
  readonly dim: number;
  /** Blocks. */
  readonly depth: number;
  readonly heads: number;
  /** Width of the MLP as a multiple of D; their product must be whole. */
  readonly mlpRatio: number;
  /** Classes; 0 leaves the head out. */
  readonly classes: number;
  /** The qkv projection has a bias. */
  readonly qkvBias: boolean;
  /**
   * What the head reads: the CLS token (there must be one), the mean of the patch tokens, all
   * tokens by attention, or CLS and the mean side by side (DINOv2's linear classifiers).
   */
  readonly pool: 'cls' | 'gap' | 'map' | 'both';
  /**
   * Where the last LayerNorm stands: `norm` before pooling, `fc_norm` after it, or both. Default: after a mean, before
   * anything else.
   */
  readonly headNorm?: 'before' | 'after' | 'both';
  /** Width of the layer `pre_logits.fc` with its tanh before the head (the ViTs of ImageNet-21k). Default 0: none. */
  readonly preLogits?: number;
  /** A second head, `head_dist`, reads the distillation token; the logits are the mean of both (DeiT). Default false. */
  readonly distHead?: boolean;
  /** A LayerNorm on the queries and keys of each head. Default false. */
  readonly qkNorm?: boolean;
  /** Exact GELU (erf), or one of its approximations (layers.ts). */
  readonly gelu: GeluKind;
  /** The MLP's first layer gives twice its width, and SiLU of the first half multiplies the second (SwiGLU). Default false. */
  readonly gatedMlp?: boolean;
  /**
   * Learned biases of the scores by the distance of two patches, and for CLS: a table in each block, or one that all
   * share (BEiT). Default `none`.
   */
  readonly relPositions?: 'none' | 'blocks' | 'shared';
  /**
   * Queries and keys of patches are turned by their places: from the centre with pairs half a head apart (DINOv3), or by
   * row and column with neighbours as pairs (EVA-02). Default `none`.
   */
  readonly rotary?: 'none' | 'centred' | 'grid';
  /** A LayerNorm `mlp.norm` inside the gated MLP (EVA-02). Default false. */
  readonly gatedNorm?: boolean;
  /**
   * Sides of the picture that a learned `pos_embed` is stored for, pixels, where they are others than the picture's: it is
   * resized bilinearly then. Default 0: the picture's; the width's is the height's.
   */
  readonly storedImage?: number;
  readonly storedImageWidth?: number;
  /**
   * Where the LayerNorms of a block stand: before attention and MLP, or on what these give, before it is added
   * (res-post-norm: Liu et al. 2022, "Swin Transformer V2", section 3.2; timm's `ResPostBlock`). Default `before`.
   */
  readonly blockNorm?: 'before' | 'after';
  /** A LayerNorm `attn.norm` on the heads' outputs before attention's last layer (EVA-CLIP). Default false. */
  readonly attnNorm?: boolean;
  /** Dimensions of a projection `proj` after pooling (CLIP's picture tower alone). Default 0: none. */
  readonly projection?: number;
  /** The projection has a bias (EVA-CLIP). Default false. */
  readonly projectionBias?: boolean;
  /** Learned factors `ls1.gamma`, `ls2.gamma` on both branches of a block. */
  readonly layerScale: boolean;
}

/** The original ViT (Dosovitskiy et al. 2021) in timm's form; B/16 at 224 with 1000 classes. */
export const VIT_DEFAULTS: ViTConfig = {
  image: 224,
  channels: 3,
  patch: 16,
  dim: 768,
  depth: 12,
  heads: 12,
  mlpRatio: 4,
  classes: 1000,
  qkvBias: true,
  pool: 'cls',
  normEps: 1e-6,
  gelu: 'erf',
  positions: 'learned',
  clsPosition: true,
  preNorm: false,
  registers: 0,
  layerScale: false,
};

/** Sizes that follow from a configuration. */
export interface ViTSizes {
  /** Patches along the left side, and along the upper one. */
  readonly grid: number;
  readonly columns: number;
  /** Patches N, their product. */
  readonly patches: number;
  /** Tokens that are no patches: CLS, the distillation token and registers. */
  readonly prefix: number;
  /** Tokens T = N + prefix. */
  readonly tokens: number;
  /** Numbers of one patch, P = channels · patch². */
  readonly patchValues: number;
  /** Width of a head, d = D / heads. */
  readonly headDim: number;
  /** Width of the MLP, M. */
  readonly mlp: number;
  /** Pixels of the left side that patches cover; the rest is dropped. */
  readonly used: number;
}

export function vitSizes(c: ViTConfig): ViTSizes {
  const [grid, columns] = gridOf(c);
  const patches = grid * columns;
  const prefix = prefixOf(c);
  return {
    grid,
    columns,
    patches,
    prefix,
    tokens: patches + prefix,
    patchValues: c.channels * c.patch * c.patch,
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
    used: grid * c.patch,
  };
}

const FLAGS = [
  'classToken',
  'patchBias',
  'registerPosition',
  'distToken',
  'distHead',
  'qkNorm',
  'gatedMlp',
  'gatedNorm',
  'attnNorm',
  'projectionBias',
] as const;

/** Which of the two last LayerNorms there are. */
export function normsOf({ headNorm, pool }: Pick<ViTConfig, 'headNorm' | 'pool'>): {
  readonly before: boolean;
  readonly after: boolean;
} {
  const at = headNorm ?? (pool === 'gap' ? 'after' : 'before');
  return { before: at !== 'after', after: at !== 'before' };
}

/** Whether scores have biases by distance. */
export const hasRelPositions = ({ relPositions = 'none' }: ViTConfig): boolean => relPositions !== 'none';

/** The tensor that the head reads. */
export function featuresOf(c: ViTConfig): 'proj' | 'pre_logits' | 'fc_norm' | 'pooled' {
  if (c.projection) return 'proj';
  if (c.preLogits) return 'pre_logits';
  return normsOf(c).after ? 'fc_norm' : 'pooled';
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkVit(c: ViTConfig): void {
  checkPatchConfig(c);
  whole(c, ['classes', 'registers'], 0);
  oneOf(c, 'pool', ['cls', 'gap', 'map', 'both']);
  oneOf(c, 'gelu', ['erf', 'tanh', 'sigmoid']);
  oneOf(c, 'relPositions', ['none', 'blocks', 'shared', undefined]);
  oneOf(c, 'rotary', ['none', 'centred', 'grid', undefined]);
  if (c.projection !== undefined) whole(c, ['projection'], 0);
  oneOf(c, 'positions', ['learned', 'sincos2d', 'none']);
  flags(c, ['qkvBias', 'clsPosition', 'preNorm', 'layerScale']);
  for (const field of FLAGS) oneOf(c, field, [true, false, undefined]);
  oneOf(c, 'headNorm', ['before', 'after', 'both', undefined]);
  oneOf(c, 'blockNorm', ['before', 'after', undefined]);
  if (c.blockNorm === 'after' && c.layerScale) {
    throw new ConfigError('blockNorm', 'after needs blocks without LayerScale.');
  }
  if (c.preLogits !== undefined) whole(c, ['preLogits'], 0);
  for (const field of ['storedImage', 'storedImageWidth'] as const)
    if (c[field] !== undefined) whole(c, [field], 0);
  if (c.storedImage) checkStored(c);
  if (c.imageWidth !== undefined) checkPatches({ ...c, image: c.imageWidth });
  if (vitSizes(c).patches > MOST_TOKENS) {
    throw new ConfigError(
      'imageWidth',
      `makes ${vitSizes(c).patches} patches; at most ${MOST_TOKENS} can be.`,
    );
  }
  if (c.positions === 'sincos2d') checkSincos('positions', c.dim);
  if ((c.pool === 'cls' || c.pool === 'both') && !hasClassToken(c)) {
    throw new ConfigError('pool', `${c.pool} needs a CLS token; set classToken to true or pool to gap.`);
  }
  if ((c.rotary ?? 'none') !== 'none' && vitSizes(c).headDim % 4 !== 0) {
    throw new ConfigError('rotary', `needs heads whose width is divisible by 4, not ${vitSizes(c).headDim}.`);
  }
  if (c.gatedNorm && !c.gatedMlp) throw new ConfigError('gatedNorm', 'needs gatedMlp.');
  if (hasRelPositions(c) && prefixOf(c) !== 1) {
    throw new ConfigError('relPositions', 'need a CLS token and no other beside the patches.');
  }
  if (c.projection && (c.classes > 0 || c.preLogits)) {
    throw new ConfigError('projection', 'is the last layer: classes and preLogits must be 0.');
  }
  if (c.projectionBias && !c.projection) throw new ConfigError('projectionBias', 'needs a projection.');
  if (c.pool === 'both' && normsOf(c).after) {
    throw new ConfigError('pool', 'both needs the norm before it.');
  }
  if (c.distToken && !hasClassToken(c)) throw new ConfigError('distToken', 'needs a CLS token before it.');
  if (c.distHead && (!c.distToken || c.pool !== 'cls' || normsOf(c).after)) {
    throw new ConfigError('distHead', 'needs a distillation token, pool cls and the norm before it.');
  }
}

/** @throws ConfigError where no table of positions is stored, or one that cannot be resized */
function checkStored(c: ViTConfig): void {
  if (c.positions !== 'learned') throw new ConfigError('storedImage', 'needs learned positions.');
  if (hasRelPositions(c))
    throw new ConfigError('storedImage', 'cannot be: tables of distances fit one grid alone.');
  checkPatches({ ...c, image: Math.min(storedSides(c).image, storedSides(c).imageWidth) });
}

/** Sides of the picture that the learned positions are stored for. */
export function storedSides(c: ViTConfig): { readonly image: number; readonly imageWidth: number } {
  if (!c.storedImage) return { image: c.image, imageWidth: c.imageWidth ?? c.image };
  return { image: c.storedImage, imageWidth: c.storedImageWidth || c.storedImage };
}

/** Fills a partial configuration with the defaults (B/16) and checks it. */
export function vitConfig(partial: Partial<ViTConfig>): ViTConfig {
  const c: ViTConfig = { ...VIT_DEFAULTS, ...partial };
  checkVit(c);
  return c;
}
