import type { InputSpec } from '../family.ts';

/** The input `x` `[1, C, S, S]`: a square picture to look at, or the noisy state of one. */
export function pictureInput(
  role: 'picture' | 'state',
  { image, channels }: { readonly image: number; readonly channels: number },
): InputSpec {
  return { name: 'x', role, shape: [1, channels, image, image], dims: ['B', 'C', 'H', 'W'] };
}
