import type { Text } from '#lib/base/lang.ts';
import { ditPresets } from '#lib/models/dit/presets.ts';
import { uvitPresets } from '#lib/models/uvit/presets.ts';
import { ditCounts, uvitCounts, type Counts } from './large-counts.ts';

/** Numbers of one state of a diffusion model: places a side, and numbers at each. */
export interface Space {
  readonly side: number;
  readonly channels: number;
}
/** A published denoiser with what was measured of it. Parameters and work are counted where we know its parts. */
export interface Published {
  readonly id: string;
  readonly name: string;
  readonly network: Text;
  readonly data: string;
  /** Side of the picture in pixels. */
  readonly side: number;
  readonly space: Space;
  /** Side of a patch; undefined for a network without patches. */
  readonly patch?: number;
  readonly counts?: Counts;
  /** The preset that is counted. */
  readonly preset?: string;
  /** As printed, where nothing is counted: millions of parameters and G of multiply-adds. */
  readonly parameters?: string;
  readonly work?: string;
  /** Fréchet inception distance as printed; lower is better. */
  readonly fid: string;
  /** Works of the bibliography: whose numbers these are; and whose the work is, where another paper counted it. */
  readonly cite: string;
  readonly workCite?: string;
}

const PIXELS: Text = { en: 'U-Net in pixels', zh: '在像素上的 U-Net' };
const LATENT: Text = { en: 'U-Net in latents', zh: '在隐变量上的 U-Net' };
const UVIT: Text = { en: 'U-ViT', zh: 'U-ViT' };
const TRANSFORMER: Text = { en: 'DiT', zh: 'DiT' };

const uvit = (preset: string) => {
  const config = uvitPresets[preset]!;
  const { image, channels, patch } = config;
  return { network: UVIT, space: { side: image, channels }, patch, preset, counts: uvitCounts(config) };
};
const dit = (preset: string) => {
  const config = ditPresets[preset]!;
  const { image, channels, patch } = config;
  return { network: TRANSFORMER, space: { side: image, channels }, patch, preset, counts: ditCounts(config) };
};

/**
 * Sources: U-ViT, Bao et al. 2023, tables 1 and 3 (there also the U-Net on COCO); DiT, Peebles & Xie 2023, tables 2 and 3
 * and section 5.1 (there the work of ADM and LDM-4); LDM, Rombach et al. 2022, tables 2 and 3; ADM, Dhariwal & Nichol 2021,
 * table 5. What DiT's paper calls Gflops are multiply-adds.
 */
export const PUBLISHED: readonly Published[] = [
  {
    id: 'adm-256',
    name: 'ADM-G',
    network: PIXELS,
    data: 'ImageNet',
    side: 256,
    space: { side: 256, channels: 3 },
    parameters: '554',
    work: '1120',
    fid: '4.59',
    cite: 'dhariwal2021',
    workCite: 'peebles2023',
  },
  {
    id: 'ldm-256',
    name: 'LDM-4-G',
    network: LATENT,
    data: 'ImageNet',
    side: 256,
    space: { side: 64, channels: 3 },
    parameters: '400',
    work: '103.6',
    fid: '3.60',
    cite: 'rombach2022',
    workCite: 'peebles2023',
  },
  {
    id: 'uvit-l-256',
    name: 'U-ViT-L/2',
    data: 'ImageNet',
    side: 256,
    ...uvit('uvit-l-2-imagenet256'),
    fid: '3.40',
    cite: 'bao2023',
  },
  {
    id: 'uvit-h-256',
    name: 'U-ViT-H/2',
    data: 'ImageNet',
    side: 256,
    ...uvit('uvit-h-2-imagenet256'),
    fid: '2.29',
    cite: 'bao2023',
  },
  {
    id: 'dit-256',
    name: 'DiT-XL/2-G',
    data: 'ImageNet',
    side: 256,
    ...dit('dit-xl-2'),
    fid: '2.27',
    cite: 'peebles2023',
  },
  {
    id: 'ldm-coco',
    name: 'LDM-KL-8-G',
    network: LATENT,
    data: 'COCO',
    side: 256,
    space: { side: 32, channels: 4 },
    parameters: '1450',
    fid: '12.63',
    cite: 'rombach2022',
  },
  {
    id: 'unet-coco',
    name: 'U-Net',
    network: LATENT,
    data: 'COCO',
    side: 256,
    space: { side: 32, channels: 4 },
    parameters: '53',
    fid: '7.32',
    cite: 'bao2023',
  },
  {
    id: 'uvit-s-coco',
    name: 'U-ViT-S/2',
    data: 'COCO',
    side: 256,
    ...uvit('uvit-s-2-coco'),
    fid: '5.95',
    cite: 'bao2023',
  },
  {
    id: 'uvit-deep-coco',
    name: 'U-ViT-S/2, deep',
    data: 'COCO',
    side: 256,
    ...uvit('uvit-s-2-deep-coco'),
    fid: '5.48',
    cite: 'bao2023',
  },
  {
    id: 'adm-512',
    name: 'ADM-G',
    network: PIXELS,
    data: 'ImageNet',
    side: 512,
    space: { side: 512, channels: 3 },
    fid: '7.72',
    cite: 'dhariwal2021',
  },
  {
    id: 'uvit-l-512',
    name: 'U-ViT-L/4',
    data: 'ImageNet',
    side: 512,
    ...uvit('uvit-l-4-imagenet512'),
    fid: '4.67',
    cite: 'bao2023',
  },
  {
    id: 'uvit-h-512',
    name: 'U-ViT-H/4',
    data: 'ImageNet',
    side: 512,
    ...uvit('uvit-h-4-imagenet512'),
    fid: '4.05',
    cite: 'bao2023',
  },
  {
    id: 'dit-512',
    name: 'DiT-XL/2-G',
    data: 'ImageNet',
    side: 512,
    ...dit('dit-xl-2-512'),
    fid: '3.04',
    cite: 'peebles2023',
  },
];
