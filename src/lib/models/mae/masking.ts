import { normals } from '#lib/diffusion/math/noise.ts';

/**
 * Numbers of the patches that an autoencoder sees: the chosen ones where they are as many as it takes, else drawn by the
 * seed (He et al. 2022, section 3: noise for every patch, the first of the sorted ones are seen).
 */
export function visiblePatches(
  { patches, count }: { readonly patches: number; readonly count: number },
  chosen: readonly number[],
  seed: number,
): number[] {
  const wanted = [...new Set(chosen)].filter((n) => n < patches);
  if (wanted.length === count) return wanted;
  const noise = normals(seed, 0, patches);
  const order = Array.from({ length: patches }, (_, i) => i).sort((a, b) => noise[a]! - noise[b]!);
  return order.slice(0, count).sort((a, b) => a - b);
}
