import { dit } from '#lib/models/dit/graph.ts';
import { ditPresets } from '#lib/models/dit/presets.ts';
import { countDeep } from './count-deep.ts';

export const SIZES = ['s', 'b', 'l', 'xl'] as const;
export type Size = (typeof SIZES)[number];
/** Sides of a patch of the latent, coarsest first. */
export const PATCHES = [8, 4, 2] as const;

/**
 * FID-50K after 400,000 steps of 256 pictures, without guidance, ImageNet 256 × 256 (Peebles & Xie 2023, the table of all
 * twelve models), to one decimal. By size, for the patches in the order of `PATCHES`.
 */
const FID: Readonly<Record<Size, readonly [number, number, number]>> = {
  s: [153.6, 100.4, 68.4],
  b: [122.7, 68.4, 43.5],
  l: [118.9, 45.6, 23.3],
  xl: [106.4, 43.0, 19.5],
};

/** One of the twelve. */
export interface Scaled {
  readonly size: Size;
  readonly patch: (typeof PATCHES)[number];
  /** “DiT-XL/2”. */
  readonly name: string;
  readonly fid: number;
  /** Counted from its graph: weights, and multiply-adds of one pass. */
  readonly parameters: number;
  readonly macs: number;
}

let all: readonly Scaled[] | undefined;

/** All twelve, by size and then by patch. Built once, on demand. */
export function scaled(): readonly Scaled[] {
  all ??= SIZES.flatMap((size) =>
    PATCHES.map((patch, i) => {
      const config = ditPresets[`dit-${size}-${patch}`]!;
      // A fixed table of positions costs neither weights nor multiply-adds, but time to make.
      const { parameters, macs } = countDeep(
        (depth) => dit({ ...config, depth, positions: 'none' }),
        config.depth,
      );
      return {
        size,
        patch,
        name: `DiT-${size.toUpperCase()}/${patch}`,
        fid: FID[size][i]!,
        parameters,
        macs,
      };
    }),
  );
  return all;
}
