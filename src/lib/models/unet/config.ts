import { flags, MOST_TOKENS, whole } from '../shared/patch-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';

/**
 * A U-Net of residual blocks as DDPM uses it (Ho et al. 2020, appendix B), and with what latent diffusion added (Rombach
 * et al. 2022): attention to a text. Sizes are whole numbers from 1 up unless said otherwise. It has no patches and no
 * token stream, so it is no `PatchConfig`.
 */
export interface UNetConfig {
  /** Side of the square picture in pixels; halved `multipliers.length − 1` times. */
  readonly image: number;
  readonly channels: number;
  /** Channels of the first level, C. */
  readonly width: number;
  /** Channels of each level as a multiple of `width`, the finest level first. */
  readonly multipliers: readonly number[];
  /** Residual blocks of each level on the way down; on the way up it is one more. */
  readonly blocks: number;
  /** Sides (pixels) of the levels that have attention after each residual block. */
  readonly attention: readonly number[];
  /** Groups of every group norm. */
  readonly groups: number;
  /** ε of every group norm. */
  readonly normEps: number;
  /** Classes K; 0: the network knows the time alone, as the published one does. */
  readonly classes: number;
  /** The label table has a row more, K, that stands for "no class". */
  readonly nullClass: boolean;
  /**
   * Time and class scale and shift the second norm of each residual block (Dhariwal & Nichol 2021, “adaptive group
   * normalization”); default false: they are added before it.
   */
  readonly scaleShift?: boolean;
  /** Heads of the attention to the text; default 4. */
  readonly heads?: number;
  /** Text tokens that are attended to wherever there is attention, and their width; default 0 and 768. */
  readonly contextTokens?: number;
  readonly contextDim?: number;
}

/** Fields that a configuration may leave out, as they then are. */
export const UNET_OPTIONAL = {
  scaleShift: false,
  heads: 4,
  contextTokens: 0,
  contextDim: 768,
} as const satisfies Partial<UNetConfig>;

/** A configuration with what it leaves out filled in. */
export const wholeUnet = (c: UNetConfig) => ({ ...UNET_OPTIONAL, ...c });

/** The published network for CIFAR-10. */
export const UNET_DEFAULTS: UNetConfig = {
  image: 32,
  channels: 3,
  width: 128,
  multipliers: [1, 2, 2, 2],
  blocks: 2,
  attention: [16],
  groups: 32,
  normEps: 1e-6,
  classes: 0,
  nullClass: false,
};

/** One level of the U, the finest first. */
export interface UNetLevel {
  /** Pixels a side. */
  readonly side: number;
  readonly channels: number;
  readonly attention: boolean;
}

/** Sizes that follow from a configuration. */
export interface UNetSizes {
  readonly levels: readonly UNetLevel[];
  /** Width of the time's vector after its MLP, 4 · width. */
  readonly time: number;
  /** Rows of the label table. */
  readonly labels: number;
  /** Skips from the way down to the way up. */
  readonly skips: number;
}

export function unetSizes(c: UNetConfig): UNetSizes {
  const levels = c.multipliers.map((m, i): UNetLevel => {
    const side = c.image / 2 ** i;
    return { side, channels: m * c.width, attention: c.attention.includes(side) };
  });
  return {
    levels,
    time: 4 * c.width,
    labels: c.classes > 0 ? c.classes + (c.nullClass ? 1 : 0) : 0,
    skips: levels.length * (c.blocks + 1),
  };
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkUnet(c: UNetConfig): void {
  whole(c, ['image', 'channels', 'width', 'blocks', 'groups'], 1);
  whole(c, ['classes'], 0);
  const all = wholeUnet(c);
  flags(all, ['nullClass', 'scaleShift']);
  whole(all, ['heads', 'contextDim'], 1);
  whole(all, ['contextTokens'], 0);
  if (c.multipliers.length === 0 || c.multipliers.some((m) => !Number.isInteger(m) || m < 1)) {
    throw new ConfigError('multipliers', 'must be whole numbers from 1 up, at least one.');
  }
  const halvings = c.multipliers.length - 1;
  if (c.image % 2 ** halvings !== 0) {
    throw new ConfigError('image', `a picture of ${c.image} pixels cannot be halved ${halvings} times.`);
  }
  const { levels } = unetSizes(c);
  for (const { side, attention } of levels) {
    const attends = attention || side === levels.at(-1)!.side;
    if (attends && side ** 2 > MOST_TOKENS) {
      const [tokens, most] = [side ** 2, MOST_TOKENS].map((n) => n.toLocaleString('en-US'));
      throw new ConfigError(
        'image',
        `makes ${tokens} places that attend to each other; at most ${most} can be.`,
      );
    }
  }
  if (c.width % 2 !== 0) {
    throw new ConfigError('width', `must be even, half cosines and half sines of the time, not ${c.width}.`);
  }
  for (const { channels } of levels) {
    if (channels % c.groups !== 0)
      throw new ConfigError('groups', `${channels} channels do not divide into ${c.groups} groups.`);
    if (all.contextTokens > 0 && channels % all.heads !== 0)
      throw new ConfigError('heads', `${channels} channels do not divide into ${all.heads} heads.`);
  }
  if (!(c.normEps >= 0) || !Number.isFinite(c.normEps)) {
    throw new ConfigError('normEps', `must be a number from 0 up, not ${c.normEps}.`);
  }
}

/** Fills a partial configuration with the defaults and checks it. */
export function unetConfig(partial: Partial<UNetConfig>): UNetConfig {
  const c: UNetConfig = { ...UNET_DEFAULTS, ...partial };
  checkUnet(c);
  return c;
}

/** Published sizes. */
export const unetPresets: Readonly<Record<string, UNetConfig>> = { 'ddpm-cifar10': UNET_DEFAULTS };
