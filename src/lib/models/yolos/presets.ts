import { YOLOS_DEFAULTS, type YolosConfig } from './config.ts';

/**
 * The published sizes (Fang et al. 2021, “You Only Look at One Sequence”, tables 1 and 2), each for the picture its
 * positions are stored for: 6.5, 30.7 and 127 million parameters. Ti has positions at the input alone.
 */
export const yolosPresets: Readonly<Record<string, YolosConfig>> = {
  'yolos-ti': { ...YOLOS_DEFAULTS, image: 800, imageWidth: 1333, dim: 192, heads: 3, midPositions: false },
  'yolos-s': { ...YOLOS_DEFAULTS, imageWidth: 864 },
  'yolos-b': { ...YOLOS_DEFAULTS, image: 800, imageWidth: 1344, dim: 768, heads: 12 },
};
