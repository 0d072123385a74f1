import { ConfigError } from '#lib/base/config-error.ts';
import { MOST_TOKENS, oneOf, whole, wholes } from './patch-config.ts';

/** ε of every group norm of a published first stage. */
export const CODER_EPS = 1e-6;

/** Numbers of one map: a gigabyte of float32, which no device that runs this holds several times. */
const MOST_NUMBERS = 2 ** 28;

/** Places of attention: none, between the two blocks of the smallest side, or after every block of that side, too. */
export const PLACES = ['none', 'mid', 'last'] as const;

/**
 * Sizes of a convolutional encoder and the decoder that mirrors it (Esser et al. 2021, Rombach et al. 2022). Sizes are
 * whole numbers from 1 up.
 */
export interface CoderConfig {
  /** Side of the square picture in pixels. */
  readonly image: number;
  readonly channels: number;
  /** Pixels along a side of one latent place, a power of two: 2^(levels − 1). */
  readonly factor: number;
  /** Channels of the first level. */
  readonly width: number;
  /** Channels of each level as a multiple of `width`, the picture's side first. */
  readonly multiples: readonly number[];
  /** Residual blocks of each level of the encoder; the decoder has one more. */
  readonly resBlocks: number;
  /** Channels of the latents. */
  readonly latent: number;
  /** Groups of every group norm. */
  readonly groups: number;
  readonly attention: (typeof PLACES)[number];
}

/** One level, the picture's side first. */
export interface CoderLevel {
  /** Pixels a side. */
  readonly side: number;
  readonly channels: number;
  /** Attention after every residual block. */
  readonly attention: boolean;
}

/** Sizes that follow from a configuration. */
export interface CoderSizes {
  readonly levels: readonly CoderLevel[];
  /** Side of the latents. */
  readonly grid: number;
}

export function coderSizes(c: CoderConfig): CoderSizes {
  const levels = c.multiples.map((multiple, i) => ({
    side: c.image / 2 ** i,
    channels: multiple * c.width,
    attention: c.attention === 'last' && i === c.multiples.length - 1,
  }));
  return { levels, grid: c.image / c.factor };
}

/** Rules of an encoder and a decoder. @throws ConfigError */
export function checkCoder(c: CoderConfig): void {
  whole(c, ['image', 'channels', 'factor', 'width', 'resBlocks', 'latent', 'groups'], 1);
  wholes(c, 'multiples');
  oneOf(c, 'attention', PLACES);
  const levels = Math.log2(c.factor) + 1;
  if (!Number.isInteger(levels))
    throw new ConfigError(
      'factor',
      `must be a power of two, since every level halves the sides, not ${c.factor}.`,
    );
  if (c.multiples.length !== levels)
    throw new ConfigError(
      'multiples',
      `must be ${levels} numbers for a factor of ${c.factor}, one for each level.`,
    );
  if (c.image % c.factor !== 0)
    throw new ConfigError(
      'image',
      `a picture of ${c.image} pixels is not divisible by the factor ${c.factor}.`,
    );
  const { levels: list, grid } = coderSizes(c);
  const count = (n: number): string => n.toLocaleString('en-US');
  if (c.width * c.image ** 2 > MOST_NUMBERS) {
    const map = `${c.width} × ${count(c.image)} × ${count(c.image)}`;
    throw new ConfigError('image', `makes maps of ${map} numbers; at most ${count(MOST_NUMBERS)} can be.`);
  }
  if (grid ** 2 > MOST_TOKENS) {
    throw new ConfigError(
      'image',
      `makes ${count(grid ** 2)} latents; at most ${count(MOST_TOKENS)} can be.`,
    );
  }
  for (const channels of [c.width, ...list.map((level) => level.channels)]) {
    if (channels % c.groups !== 0)
      throw new ConfigError('groups', `${channels} channels do not divide into ${c.groups} groups.`);
  }
}

/** A switch of a variant: absent or 0 is off. @throws ConfigError for another value than 0 and 1 */
export function checkSwitch<C extends object>(c: C, field: keyof C & string): void {
  oneOf(c, field, [undefined, 0, 1]);
}
