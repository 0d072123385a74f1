import type { Branch } from './block.ts';
import type { Rect } from './rect.ts';
import type { Group } from './stations.ts';

/** A group with its frame. */
export interface Frame extends Rect {
  readonly id: string;
  readonly kind: Group['kind'];
  readonly branches: readonly Branch[];
  /** The bed of the residual stream, of a block. */
  readonly stream: Rect | undefined;
  /** Height of the strip at the top that its name stands in. */
  readonly title: number;
}

/** A picture or an answer drawn larger than one unit a cell, beside the tensor it shows. */
export interface Lens extends Rect {
  readonly of: string;
}

/** Name of the picture that a denoiser's prediction implies, which the page computes: no tensor of the graph. */
export const IMPLIED = 'x0_hat';
