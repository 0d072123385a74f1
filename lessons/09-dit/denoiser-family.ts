import { ditPresets } from '#lib/models/dit/presets.ts';
import { dit, ditSizes } from '#lib/models/dit/graph.ts';
import { unet, unetPresets, unetSizes } from '#lib/models/unet/graph.ts';
import { uvitPresets } from '#lib/models/uvit/presets.ts';
import { uvit, uvitSizes } from '#lib/models/uvit/graph.ts';
import { describe } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import { countDeep } from './count-deep.ts';

/** One published network of the table. Numbers without a graph of ours carry the source they were read in. */
export interface Relative {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** `[C, H, W]` of what the denoiser sees. */
  readonly input: readonly number[];
  /** Factor of the autoencoder before it; 1: pixels. */
  readonly factor: number;
  /** Tokens of its attention. */
  readonly tokens: Text;
  readonly condition: Text;
  readonly skips: Text;
  /** Counted from our graph. */
  readonly counted?: { readonly parameters: number; readonly macs: number };
  /** Read in a source instead. */
  readonly stated?: { readonly parameters: number; readonly macs: number; readonly from: string };
  /** Steps × pictures a step. */
  readonly training: readonly [steps: number, batch: number];
  /** Fréchet inception distance, as published. */
  readonly fid: number;
  readonly fidNote?: Text;
  /** Reference id and the words of the source. */
  readonly source: string;
  readonly from: string;
}

let rows: readonly Relative[] | undefined;

/** The table's networks, the two on CIFAR-10 first. Built once, on demand: five graphs take a moment. */
export function relatives(): readonly Relative[] {
  if (rows) return rows;
  const ddpm = unetPresets['ddpm-cifar10']!;
  const small = uvitPresets['uvit-s-2-cifar10']!;
  const huge = uvitPresets['uvit-h-2-imagenet256']!;
  const xl = ditPresets['dit-xl-2']!;
  const levels = unetSizes(ddpm).levels;
  const attentive = levels.find((l) => l.attention)!.side;
  const deepest = levels.at(-1)!.side;
  const n = (tokens: number): Text => ({ en: `${tokens}`, zh: `${tokens}` });
  const token: Text = { en: 'time and class as tokens', zh: '时间和类别都是词元' };
  const long = (skips: number): Text => ({
    en: `${skips} long skips, joined`,
    zh: `${skips} 条长跳跃连接，拼接`,
  });
  rows = [
    {
      id: 'ddpm',
      name: 'U-Net (DDPM)',
      data: 'CIFAR-10',
      input: [ddpm.channels, ddpm.image, ddpm.image],
      factor: 1,
      tokens: {
        en: `${attentive ** 2} and ${deepest ** 2} pixels, six layers`,
        zh: `${attentive ** 2} 和 ${deepest ** 2} 个像素，共六层`,
      },
      condition: { en: 'time added to channels', zh: '时间加到各通道上' },
      skips: { en: `${unetSizes(ddpm).skips}, by channel`, zh: `${unetSizes(ddpm).skips} 条，按通道拼接` },
      counted: describe(unet(ddpm)),
      training: [800_000, 128],
      fid: 3.17,
      source: 'ho2020',
      from: 'arXiv 2006.11239',
    },
    {
      id: 'uvit-s',
      name: 'U-ViT-S/2',
      data: 'CIFAR-10',
      input: [small.channels, small.image, small.image],
      factor: 1,
      tokens: n(uvitSizes(small).tokens),
      condition: { en: 'time as a token', zh: '时间是一个词元' },
      skips: long(small.depth / 2),
      counted: countDeep((depth) => uvit({ ...small, depth }), small.depth, 2),
      training: [500_000, 128],
      fid: 3.11,
      source: 'bao2023',
      from: 'arXiv 2209.12152',
    },
    {
      id: 'ldm',
      name: 'LDM-4-G',
      data: 'ImageNet 256',
      input: [3, 64, 64],
      factor: 4,
      tokens: { en: 'pixels of its coarser levels', zh: '较粗几层的像素' },
      condition: { en: 'time added, class by cross-attention', zh: '时间相加，类别用交叉注意力' },
      skips: { en: 'of a U-Net', zh: 'U-Net 式' },
      stated: {
        parameters: 400e6,
        macs: 103.6e9,
        from: 'arXiv 2112.10752; MACs: arXiv 2212.09748',
      },
      training: [178_000, 1200],
      fid: 3.6,
      fidNote: { en: 'guided, w = 1.5', zh: '有引导，w = 1.5' },
      source: 'rombach2022',
      from: 'arXiv 2112.10752',
    },
    {
      id: 'uvit-h',
      name: 'U-ViT-H/2',
      data: 'ImageNet 256',
      input: [huge.channels, huge.image, huge.image],
      factor: 8,
      tokens: n(uvitSizes(huge).tokens),
      condition: token,
      skips: long(huge.depth / 2),
      counted: countDeep((depth) => uvit({ ...huge, depth }), huge.depth, 2),
      training: [500_000, 1024],
      fid: 2.29,
      fidNote: { en: 'guided, w = 1.4', zh: '有引导，w = 1.4' },
      source: 'bao2023',
      from: 'arXiv 2209.12152',
    },
    {
      id: 'dit-xl',
      name: 'DiT-XL/2',
      data: 'ImageNet 256',
      input: [xl.channels, xl.image, xl.image],
      factor: 8,
      tokens: n(ditSizes(xl).tokens),
      condition: { en: 'adaLN-Zero', zh: 'adaLN-Zero' },
      skips: { en: 'none', zh: '没有' },
      counted: countDeep((depth) => dit({ ...xl, depth }), xl.depth),
      training: [7_000_000, 256],
      fid: 2.27,
      fidNote: { en: 'guided, w = 1.5', zh: '有引导，w = 1.5' },
      source: 'peebles2023',
      from: 'arXiv 2212.09748',
    },
  ];
  return rows;
}

/** First version on arXiv: year and month are the first four digits of the number. */
export interface Milestone {
  readonly arxiv: string;
  readonly name: string;
  readonly what: Text;
  readonly source?: string;
}
export const MILESTONES: readonly Milestone[] = [
  {
    arxiv: '2006.11239',
    name: 'DDPM',
    source: 'ho2020',
    what: { en: 'a U-Net learns to predict noise', zh: '用 U-Net 预测噪声' },
  },
  {
    arxiv: '2010.11929',
    name: 'ViT',
    source: 'dosovitskiy2021',
    what: { en: 'pictures as tokens, for classification', zh: '图像变成词元，用于分类' },
  },
  {
    arxiv: '2112.10752',
    name: 'LDM',
    source: 'rombach2022',
    what: { en: 'denoising in an autoencoder’s latents', zh: '在自编码器的隐空间里去噪' },
  },
  {
    arxiv: '2209.12152',
    name: 'U-ViT',
    source: 'bao2023',
    what: {
      en: 'time, class, patches: all tokens; long skips',
      zh: '时间、类别、图像块都是词元；长跳跃连接',
    },
  },
  {
    arxiv: '2212.09748',
    name: 'DiT',
    source: 'peebles2023',
    what: { en: 'no skips, adaLN-Zero, and scaling', zh: '没有跳跃连接；adaLN-Zero；研究规模的影响' },
  },
];
/** “2022-09” of “2209.12152”. */
export const monthOf = (arxiv: string): string => `20${arxiv.slice(0, 2)}-${arxiv.slice(2, 4)}`;
