import { CLIP_DEFAULTS, type CLIPConfig } from './config.ts';

/** What OpenAI's models with a ViT have in common (Radford et al. 2021, table 20; its code for the rest). */
const OPENAI: CLIPConfig = {
  ...CLIP_DEFAULTS,
  image: 224,
  dim: 768,
  depth: 12,
  heads: 12,
  normEps: 1e-5,
  vocabulary: 49_408,
  context: 77,
  textDim: 512,
  textDepth: 12,
  textHeads: 8,
  embed: 512,
  end: 49_407,
  gelu: 'sigmoid',
  preNorm: true,
  clsPosition: true,
};

/** The two published sizes with a ViT-B, and the notebook's own. */
export const clipPresets: Readonly<Record<string, CLIPConfig>> = {
  'clip-b-32': { ...OPENAI, patch: 32 },
  'clip-b-16': { ...OPENAI, patch: 16 },
  'clip-ti-8-64': CLIP_DEFAULTS,
};
