import { uvitPresets, type UViTConfig } from '#lib/models/uvit/graph.ts';

/** A published U-ViT with what its paper measured (Bao et al. 2023, tables 1, 2 and 7); sizes are counted by the graph. */
export interface Published {
  readonly name: string;
  readonly data: string;
  readonly config: UViTConfig;
  /** Fréchet inception distance as published; lower is better. */
  readonly fid: string;
  /** Parameters in millions and multiply-adds in G, to as many digits as are known for certain. */
  readonly parameters: string;
  readonly gmacs: string;
}

const row = (
  name: string,
  data: string,
  preset: string,
  parameters: string,
  gmacs: string,
  fid: string,
): Published => ({ name, data, config: uvitPresets[preset]!, fid, parameters, gmacs });

/** One row a published size; the same network at another resolution is left out. */
export const PUBLISHED: readonly Published[] = [
  row('U-ViT-S/2', 'CIFAR-10', 'uvit-s-2-cifar10', '44.26', '12.2', '3.11'),
  row('U-ViT-M/4', 'ImageNet 64', 'uvit-m-4-imagenet64', '130.9', '35.2', '5.85'),
  row('U-ViT-L/2', 'ImageNet 256', 'uvit-l-2-imagenet256', '286.8', '76.5', '3.40'),
  row('U-ViT-H/2', 'ImageNet 256', 'uvit-h-2-imagenet256', '500.8', '133.2', '2.29'),
];
