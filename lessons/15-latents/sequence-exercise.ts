import type { Text } from '#lib/base/lang.ts';
import { uvitConfig, uvitPresets, uvitSizes, type UViTConfig } from '#lib/models/uvit/graph.ts';
import { are, type Mistake } from '#lib/notebook/mistakes.ts';
import { DENOISER_CONFIG } from './model.ts';
import { sequenceOf } from './sequence.ts';

/** A U-ViT whose sequence is asked for, in words. */
export interface SequenceCase {
  readonly config: UViTConfig;
  readonly says: Text;
}

const latent = (side: number, factor: number, config: UViTConfig): Text => ({
  en: `Pictures of ${side} × ${side} pixels, an autoencoder of factor ${factor}, patches of ${config.patch} × ${config.patch} latent cells, ${config.contextTokens ?? 0} text tokens, ${config.classes > 0 ? 'a token for the style' : 'no token for a style'}.`,
  zh: `图片 ${side} × ${side} 像素，自编码器下采样 ${factor} 倍，图像块为 ${config.patch} × ${config.patch} 个隐变量单元，${config.contextTokens ?? 0} 个文本词元，${config.classes > 0 ? '有一个画风词元' : '没有画风词元'}。`,
});
const pixels = { ...DENOISER_CONFIG, image: 64, channels: 3, patch: 4 };
const coco = uvitPresets['uvit-s-2-coco'] ?? uvitConfig({});
const large = { ...coco, image: 64, patch: 4 };

const FIRST: SequenceCase = { config: DENOISER_CONFIG, says: latent(64, 8, DENOISER_CONFIG) };
/** The lesson's own network, the same in pixels, and two of larger pictures. */
export const SEQUENCE_CASES: readonly SequenceCase[] = [
  FIRST,
  {
    config: pixels,
    says: {
      en: `Pictures of 64 × 64 pixels and no autoencoder: patches of 4 × 4 pixels, ${pixels.contextTokens} text tokens, a token for the style.`,
      zh: `图片 64 × 64 像素，不用自编码器：图像块为 4 × 4 像素，${pixels.contextTokens} 个文本词元，有一个画风词元。`,
    },
  },
  { config: coco, says: latent(256, 8, coco) },
  { config: large, says: latent(512, 8, large) },
];

/** The how many-th question; the first again for one that there is not. */
export const sequenceCase = (at: number): SequenceCase => SEQUENCE_CASES[at] ?? FIRST;

/** Tokens of the sequence, and the usual ways to miscount them. */
export function sequenceTask({ config }: SequenceCase): {
  readonly answer: number;
  readonly patches: number;
  readonly mistakes: readonly Mistake[];
} {
  const { tokens, patches } = uvitSizes(config);
  const { words } = sequenceOf(config);
  return {
    answer: tokens,
    patches,
    mistakes: [
      {
        when: (given) => are(given, [patches]),
        say: {
          en: 'These are the patches alone. Time and text stand in the same sequence.',
          zh: '这只是图像块的个数。时间和文本也在同一个序列里。',
        },
      },
      {
        when: (given) => are(given, [patches + words]),
        say: {
          en: 'Patches and text are counted. The time is a token, too, and the style where there is one.',
          zh: '图像块和文本都算了，但时间也是一个词元，有画风时画风也是。',
        },
      },
      {
        when: (given) => are(given, [tokens - patches + config.image ** 2]),
        say: {
          en: 'A patch is not one cell of the map: its side divides the map’s side.',
          zh: '一个图像块不是一个单元：要用小图的边长除以图像块的边长。',
        },
      },
    ],
  };
}
