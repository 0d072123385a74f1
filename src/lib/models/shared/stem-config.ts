/** What comes before the blocks of a ViT: see `pictureTokens`. */
export interface StemConfig {
  /** Side of the square picture in pixels. */
  readonly image: number;
  readonly channels: number;
  /** Side of a patch in pixels, at most `image`. A remainder at the right and bottom is dropped. */
  readonly patch: number;
  /** Width D. */
  readonly dim: number;
  /** ε of every LayerNorm. */
  readonly normEps: number;
  /** A stored table `pos_embed`, the fixed 2-D sine and cosine table, or none. */
  readonly positions: 'learned' | 'sincos2d' | 'none';
  /** True: positions cover CLS and registers too (timm). False: they are added to patches alone (FlexiViT). */
  readonly clsPosition: boolean;
  /** A LayerNorm `norm_pre` before the first block (CLIP). */
  readonly preNorm: boolean;
  /** Register tokens after CLS; 0 or more. */
  readonly registers: number;
  /** A CLS token stands before the patches. Default true. */
  readonly classToken?: boolean;
  /** The patch projection has a bias. Default: true without `preNorm`, as in timm. */
  readonly patchBias?: boolean;
}

export function hasClassToken({ classToken }: Pick<StemConfig, 'classToken'>): boolean {
  return classToken ?? true;
}

export function hasPatchBias({ patchBias, preNorm }: Pick<StemConfig, 'patchBias' | 'preNorm'>): boolean {
  return patchBias ?? !preNorm;
}

/** Tokens that are no patches: CLS and registers. */
export function prefixOf(c: Pick<StemConfig, 'classToken' | 'registers'>): number {
  return (hasClassToken(c) ? 1 : 0) + c.registers;
}
