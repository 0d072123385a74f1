import type { Text } from '#lib/base/lang.ts';

/** A thing that U-Net and U-ViT have in common, or not. */
export interface Likeness {
  readonly what: Text;
  readonly unet: Text;
  readonly uvit: Text;
  readonly same: boolean;
}
type Words = readonly [en: string, zh: string];

const text = ([en, zh]: Words): Text => ({ en, zh });
const row =
  (same: boolean) =>
  (what: Words, unet: Words, uvit: Words): Likeness => ({
    what: text(what),
    unet: text(unet),
    uvit: text(uvit),
    same,
  });
const shared = row(true);
const other = row(false);

/** DDPM's U-Net (Ho et al. 2020, appendix B) beside U-ViT (Bao et al. 2023, section 3). */
export const LIKENESSES: readonly Likeness[] = [
  shared(
    ['Task', '任务'],
    ['noise in, prediction of the same size out', '输入带噪图片，输出同样大小的预测'],
    ['the same', '相同'],
  ),
  shared(
    ['Long skips', '长跳跃连接'],
    ['concatenated, last in, first out', '拼接，后进先出'],
    ['the same, then a linear layer to D', '相同，再用线性层变回 D'],
  ),
  shared(
    ['Last layer', '最后一层'],
    ['3 × 3 convolution', '3 × 3 卷积'],
    ['3 × 3 convolution', '3 × 3 卷积'],
  ),
  other(
    ['Size on the way', '途中的尺寸'],
    ['halved and doubled again', '减半，再加倍'],
    ['T × D throughout', '始终是 T × D'],
  ),
  other(
    ['What mixes places', '不同位置怎样交换信息'],
    ['convolutions; attention at some sizes', '卷积，只在个别尺寸上有注意力'],
    ['attention in every block', '每一层的注意力'],
  ),
  other(
    ['Time', '时间'],
    ['added to every residual block', '加进每个残差块'],
    ['a token like any other', '与其他词元一样，是一个词元'],
  ),
  other(
    ['What a skip carries', '跳跃连接传递什么'],
    ['pictures of features', '特征图'],
    ['all tokens, label and time too', '所有词元，包括标签和时间'],
  ),
];
