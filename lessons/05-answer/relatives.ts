/**
 * Published facts about the transformers that ViT is compared with. Nothing of these runs here.
 * BERT: Devlin et al. 2019 (arXiv 1810.04805), §3 and appendix A. DETR: Carion et al. 2020 (arXiv 2005.12872), §3 and
 * its released code, for an 800×1066 picture.
 */
export const BERT = {
  vocabulary: 30_000,
  positions: 512,
  depth: 12,
  dim: 768,
  heads: 12,
  masked: 0.15,
} as const;

export const DETR = {
  grid: [25, 34],
  tokens: 850,
  dim: 256,
  encoder: 6,
  decoder: 6,
  queries: 100,
  /** 91 classes and “no object”. */
  classes: 92,
} as const;
