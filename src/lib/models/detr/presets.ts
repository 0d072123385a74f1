import { DETR_DEFAULTS, type DetrConfig } from './config.ts';

/**
 * DETR with ResNet-50 and with ResNet-101 (Carion et al. 2020, table 1: 41 and 60 million parameters), a picture of
 * 800 × 1066 pixels: 25 · 34 = 850 tokens, 100 queries, the 91 numbers of COCO's classes.
 */
export const detrPresets: Readonly<Record<string, DetrConfig>> = {
  'detr-r50': { ...DETR_DEFAULTS, imageWidth: 1066 },
  'detr-r101': { ...DETR_DEFAULTS, imageWidth: 1066, blocks: [3, 4, 23, 3] },
};
