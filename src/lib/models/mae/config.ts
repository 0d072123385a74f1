import {
  checkPatchConfig,
  checkHeads,
  checkSincos,
  checkWholePatches,
  flags,
  oneOf,
  whole,
  type PatchConfig,
} from '../shared/patch-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';

/** The `config` object of a masked autoencoder. Sizes are whole numbers from 1 up unless said otherwise. */
export interface MAEConfig extends PatchConfig {
  /** Width of the MLPs of encoder and decoder as a multiple of theirs; the products must be whole. */
  readonly mlpRatio: number;
  /** Width, blocks and heads of the decoder. */
  readonly decoderDim: number;
  readonly decoderDepth: number;
  readonly decoderHeads: number;
  /** Part of the patches that the encoder does not see, 0 up to but not 1. */
  readonly maskRatio: number;
  readonly qkvBias: boolean;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** Exact GELU (erf), or its tanh approximation. */
  readonly gelu: 'erf' | 'tanh';
  /** The target in training was each patch with mean 0 and variance 1, so the output is no picture to look at. */
  readonly normPixels: boolean;
}

/** MAE with ViT-B/16 (He et al. 2022). */
export const MAE_DEFAULTS: MAEConfig = {
  image: 224,
  channels: 3,
  patch: 16,
  dim: 768,
  depth: 12,
  heads: 12,
  mlpRatio: 4,
  decoderDim: 512,
  decoderDepth: 8,
  decoderHeads: 16,
  maskRatio: 0.75,
  qkvBias: true,
  normEps: 1e-6,
  gelu: 'erf',
  normPixels: false,
};

/** Sizes that follow from a configuration. */
export interface MAESizes {
  /** Patches along one side. */
  readonly grid: number;
  /** Patches N = grid². */
  readonly patches: number;
  /** Patches that the encoder sees, V = ⌊N (1 − maskRatio)⌋. */
  readonly visible: number;
  /** Tokens of the encoder, V + 1, and of the decoder, N + 1. */
  readonly tokens: number;
  readonly decoderTokens: number;
  /** Numbers of one patch, P = channels · patch². */
  readonly patchValues: number;
  readonly headDim: number;
  /** Widths of the MLPs. */
  readonly mlp: number;
  readonly decoderMlp: number;
}

export function maeSizes(c: MAEConfig): MAESizes {
  const grid = Math.floor(c.image / c.patch);
  const patches = grid * grid;
  const visible = Math.floor(patches * (1 - c.maskRatio));
  return {
    grid,
    patches,
    visible,
    tokens: visible + 1,
    decoderTokens: patches + 1,
    patchValues: c.channels * c.patch * c.patch,
    headDim: c.dim / c.heads,
    mlp: Math.round(c.dim * c.mlpRatio),
    decoderMlp: Math.round(c.decoderDim * c.mlpRatio),
  };
}

/**
 * The masked part with which exactly `visible` of the patches are seen: between two counts, so that no rounding takes
 * one away; 0 where all are.
 */
export function maskRatioFor(visible: number, patches: number): number {
  return Math.max(0, (patches - visible - 0.5) / patches);
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkMae(c: MAEConfig): void {
  checkPatchConfig(c);
  checkWholePatches(c);
  whole(c, ['decoderDim', 'decoderDepth', 'decoderHeads'], 1);
  checkHeads('decoderHeads', c.decoderDim, c.decoderHeads);
  flags(c, ['qkvBias', 'normPixels']);
  oneOf(c, 'gelu', ['erf', 'tanh']);
  checkSincos('dim', c.dim);
  checkSincos('decoderDim', c.decoderDim);
  if (!Number.isInteger(c.decoderDim * c.mlpRatio)) {
    throw new ConfigError(
      'mlpRatio',
      `${c.mlpRatio} times the width ${c.decoderDim} is not a whole number from 1 up.`,
    );
  }
  if (!(c.maskRatio >= 0 && c.maskRatio < 1)) {
    throw new ConfigError('maskRatio', `must be from 0 up to but not 1, not ${c.maskRatio}.`);
  }
  if (maeSizes(c).visible < 1) {
    throw new ConfigError('maskRatio', `${c.maskRatio} leaves no patch of ${maeSizes(c).patches} to see.`);
  }
}

/** Fills a partial configuration with the defaults and checks it. */
export function maeConfig(partial: Partial<MAEConfig>): MAEConfig {
  const c: MAEConfig = { ...MAE_DEFAULTS, ...partial };
  checkMae(c);
  return c;
}

/**
 * The inputs of a masking: which patches are seen, and where each patch of the picture lies among
 * [seen …, masked …]. Masked patches follow in ascending order.
 * @param keep indices of the patches that are seen, in the order the encoder gets them
 * @throws RangeError for an index twice or outside the picture
 */
export function maskingOf(
  keep: readonly number[],
  patches: number,
): { ids_keep: Float32Array; ids_restore: Float32Array } {
  const restore = new Float32Array(patches).fill(-1);
  keep.forEach((patch, row) => {
    if (restore[patch] !== -1) {
      const why = patch in restore ? 'is there twice' : `lies outside 0 to ${patches - 1}`;
      throw new RangeError(`The visible patch ${patch} ${why}.`);
    }
    restore[patch] = row;
  });
  let row = keep.length;
  for (let n = 0; n < patches; n++) if (restore[n] === -1) restore[n] = row++;
  return { ids_keep: Float32Array.from(keep), ids_restore: restore };
}
