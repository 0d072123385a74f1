/** What comes before the blocks of a ViT: see `pictureTokens`. */
export interface StemConfig {
  /** Height of the picture in pixels, and its width where `imageWidth` says no other. */
  readonly image: number;
  /** Width of a picture that is not square, pixels. Default: `image`. */
  readonly imageWidth?: number;
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
  /** Whether `clsPosition` counts for registers as well. Default true; in DINOv2 they come after the positions are added. */
  readonly registerPosition?: boolean;
  /** A distillation token `dist_token` after CLS (DeiT). Default false. */
  readonly distToken?: boolean;
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

/** Tokens before the registers: CLS, and DeiT's distillation token. */
export function namedTokensOf(c: Pick<StemConfig, 'classToken' | 'distToken'>): number {
  return (hasClassToken(c) ? 1 : 0) + (c.distToken ? 1 : 0);
}

/** Tokens that are no patches: CLS, the distillation token and registers. */
export function prefixOf(c: Pick<StemConfig, 'classToken' | 'distToken' | 'registers'>): number {
  return namedTokensOf(c) + c.registers;
}

/** Registers are put in after positions were added to the other tokens. */
export function registersComeLate(
  c: Pick<StemConfig, 'registers' | 'registerPosition' | 'clsPosition' | 'positions'>,
): boolean {
  return c.registers > 0 && c.clsPosition && c.positions !== 'none' && c.registerPosition === false;
}
