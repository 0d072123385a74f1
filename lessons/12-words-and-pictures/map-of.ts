import type { Pca } from '#lib/analysis/components.ts';

/** The signs' directions in two dimensions. */
export interface MapOf {
  readonly pca: Pca;
  /** `[S, 2]`, row-major: each sign's place along the first two components. */
  readonly points: Float64Array;
}
