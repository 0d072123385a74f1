import type { Text } from '#lib/base/lang.ts';

/** A result of U-ViT's paper (Bao et al. 2023, tables 1 to 4), and what it is held against there. */
export interface Result {
  readonly data: Text;
  readonly model: string;
  readonly fid: string;
  /** Another network on the same data. */
  readonly beside?: Text;
}

export const RESULTS: readonly Result[] = [
  {
    data: { en: 'CIFAR-10, no class', zh: 'CIFAR-10，无类别' },
    model: 'U-ViT-S/2',
    fid: '3.11',
    beside: {
      en: 'GenViT, 11 M parameters, no long skips: 20.20',
      zh: 'GenViT，1,100 万参数，没有长跳跃连接：20.20',
    },
  },
  { data: { en: 'CelebA, 64 pixels', zh: 'CelebA，64 像素' }, model: 'U-ViT-S/4', fid: '2.87' },
  { data: { en: 'ImageNet, 64 pixels', zh: 'ImageNet，64 像素' }, model: 'U-ViT-L/4', fid: '4.26' },
  {
    data: { en: 'ImageNet 256, latents, no guidance', zh: 'ImageNet 256，隐变量，无引导' },
    model: 'U-ViT-H/2',
    fid: '6.58',
    beside: { en: 'a U-Net in its place: 10.69', zh: '换成 U-Net：10.69' },
  },
  {
    data: { en: 'ImageNet 256, latents, guided', zh: 'ImageNet 256，隐变量，有引导' },
    model: 'U-ViT-H/2',
    fid: '2.29',
    beside: { en: 'a U-Net in its place: 2.66', zh: '换成 U-Net：2.66' },
  },
  { data: { en: 'ImageNet 512, latents', zh: 'ImageNet 512，隐变量' }, model: 'U-ViT-L/4', fid: '4.67' },
  { data: { en: 'ImageNet 512, latents', zh: 'ImageNet 512，隐变量' }, model: 'U-ViT-H/4', fid: '4.05' },
  { data: { en: 'COCO, from text', zh: 'COCO，由文本生成' }, model: 'U-ViT-S/2', fid: '5.95' },
  { data: { en: 'COCO, from text', zh: 'COCO，由文本生成' }, model: 'U-ViT-S/2 (Deep)', fid: '5.48' },
];
