import { AUTOREGRESSIVE_DEFAULTS, type AutoregressiveConfig } from './config.ts';

/**
 * One size in three orders, small enough for a browser. Published networks of these orders differ from them and from each
 * other in more than size (VAR: adaLN and normalised queries; LlamaGen: rotary positions and gated MLPs), so none stands here.
 */
export const autoregressivePresets: Readonly<Record<string, AutoregressiveConfig>> = {
  'codes-raster-192': AUTOREGRESSIVE_DEFAULTS,
  'codes-masked-192': { ...AUTOREGRESSIVE_DEFAULTS, order: 'masked' },
  'codes-scales-192': { ...AUTOREGRESSIVE_DEFAULTS, order: 'scales', sides: [1, 2, 3, 4, 6, 8] },
};
