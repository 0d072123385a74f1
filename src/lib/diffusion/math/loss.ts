import type { Prediction } from './convert.ts';

/** `none` the plain square error of the prediction; `min-snr` and `soft-min-snr` damp the easy, nearly clean times. */
export const WEIGHTINGS = ['none', 'min-snr', 'soft-min-snr'] as const;
export type Weighting = (typeof WEIGHTINGS)[number];

/**
 * The factor of the square error of a prediction at a signal-to-noise ratio.
 * In units of x0's error: min(SNR, γ), or SNR·γ/(SNR + γ) for the soft form; an ε error weighs SNR, a v error SNR + 1.
 * Source: Hang et al. 2023 (Min-SNR); the soft form: Crowson et al. 2024.
 * @param snr in [0, ∞).
 * @param gamma > 0, 5 in the paper.
 * @throws RangeError for an unknown weighting, or 'u' with one (its process keeps another SNR).
 */
export function lossWeight(weighting: string, kind: Prediction, snr: number, gamma = 5): number {
  if (weighting === 'none') return 1;
  if (weighting !== 'min-snr' && weighting !== 'soft-min-snr')
    throw new RangeError(`There is no weighting called '${weighting}'; use one of ${WEIGHTINGS.join(', ')}.`);
  if (!(snr >= 0)) throw new RangeError(`The signal-to-noise ratio is ${snr}; it must not be negative.`);
  const kept = weighting === 'min-snr' ? Math.min(snr, gamma) : (snr * gamma) / (snr + gamma);
  if (kind === 'x0') return kept;
  // kept / SNR, without dividing 0 by 0 in pure noise.
  if (kind === 'eps')
    return weighting === 'min-snr' ? (snr <= gamma ? 1 : gamma / snr) : gamma / (snr + gamma);
  if (kind === 'v') return kept / (snr + 1);
  throw new RangeError(
    `The weighting '${weighting}' is written for x0, eps and v; use 'none' for '${kind}'.`,
  );
}

/** t = 1/(1 + e^(−n)) of a standard normal n: logit-normal times in (0, 1). Source: Esser et al. 2024, section 3.1. */
export function logitNormalTime(normal: number, mean = 0, deviation = 1): number {
  return 1 / (1 + Math.exp(-(mean + deviation * normal)));
}
