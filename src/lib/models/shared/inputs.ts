import type { InputSpec } from '../family.ts';

/** The input `x` `[1, C, H, W]`: a picture to look at, square where no width is said, or the noisy state of one. */
export function pictureInput(
  role: 'picture' | 'state',
  {
    image,
    imageWidth = image,
    channels,
  }: { readonly image: number; readonly imageWidth?: number; readonly channels: number },
): InputSpec {
  return { name: 'x', role, shape: [1, channels, image, imageWidth], dims: ['B', 'C', 'H', 'W'] };
}
