import { ConfigError } from '#lib/base/config-error.ts';
import { whole } from '../shared/patch-config.ts';

/** The `config` object of a CNN. */
export interface CnnConfig {
  /** Side of the square picture in pixels, 16 or more. */
  readonly image: number;
  readonly channels: number;
  /** Channels of the first stage, 4 or more; the second stage has twice, the third four times as many. */
  readonly width: number;
  /** Classes K, 1 or more. */
  readonly classes: number;
}

/** Pictures of CIFAR-10. */
export const CNN_DEFAULTS: CnnConfig = { image: 32, channels: 3, width: 64, classes: 10 };

/** Side of the first convolution's kernel. */
export const WHITENED = 2;
/** Stages; each halves the picture's side. */
export const STAGES = 3;
/** Units of a stage: convolution, batch normalisation, GELU. */
export const UNITS = 2;

/** Channels after the whitening (both signs of every direction of a patch), then after each stage. */
export function cnnWidths({ channels, width }: CnnConfig): readonly [number, ...number[]] {
  return [2 * channels * WHITENED ** 2, ...Array.from({ length: STAGES }, (_, s) => width * 2 ** s)];
}

/** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
export function checkCnn(c: CnnConfig): void {
  whole(c, ['image'], 16);
  whole(c, ['channels', 'classes'], 1);
  whole(c, ['width'], 4);
  if (c.image > 1024) throw new ConfigError('image', `must be 1024 at the most, not ${c.image}.`);
}
