import type { Preprocessing } from '../family.ts';

/*
 * How pictures were prepared for published networks; a weights file does not say it. Sources: the `default_cfg` of
 * timm's models and the `preprocessor_config.json` of Hugging Face's.
 */

/** To −1 … 1. */
export const HALVES: Preprocessing = {
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  why: 'pixels from −1 to 1',
};

/** By the mean and deviation of ImageNet's pictures. */
export const IMAGENET: Preprocessing = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  why: 'ImageNet’s mean and deviation',
};

/** By the mean and deviation of the pictures that OpenAI's models saw. */
export const OPENAI_PICTURES: Preprocessing = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
  why: 'as for OpenAI’s models',
};
