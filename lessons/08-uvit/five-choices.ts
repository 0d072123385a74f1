import type { Text } from '#lib/base/lang.ts';
import type { Group } from '#lib/notebook/ablations/ablations.ts';

/** One of the ways that were tried, as it came out. */
export interface Tried {
  readonly name: Text;
  /** Rank in the paper's figure, 1 the best; equal ranks could not be told apart there. */
  readonly rank: number;
  /** Of our own run, by what the group changes; undefined: not trained by us. */
  readonly value?: unknown;
}

/** One of the five choices that U-ViT's authors tested on CIFAR-10. */
export interface DesignChoice {
  readonly id: 'skip' | 'time' | 'conv' | 'patch' | 'positions';
  readonly name: Text;
  /** What was tried, U-ViT's own way first. */
  readonly tried: readonly [Tried, ...Tried[]];
  /** Why the first may be better. */
  readonly why: Text;
  /** Our runs of it; undefined where there are none. */
  readonly group?: Group;
}

/**
 * Bao et al. 2023, section 3.1 and figure 2: FID of 10,000 samples along the training on CIFAR-10, drawn as curves and not
 * printed as numbers. Only their order is repeated here.
 */
export const FIVE: readonly DesignChoice[] = [
  {
    id: 'skip',
    name: { en: 'Long skips', zh: '长跳跃连接' },
    group: 'skip',
    tried: [
      { name: { en: 'concatenate, project', zh: '拼接后投影' }, rank: 1, value: 'concat' },
      { name: { en: 'project, then add', zh: '投影后相加' }, rank: 2, value: 'project-add' },
      { name: { en: 'add, then project', zh: '相加后投影' }, rank: 2, value: 'add-project' },
      { name: { en: 'add', zh: '相加' }, rank: 4, value: 'add' },
      { name: { en: 'none', zh: '没有' }, rank: 4, value: 'none' },
    ],
    why: {
      en: 'The output needs the details of the input, and the skip brings them. A linear map can weigh them against the stream; a plain sum adds what the stream holds already.',
      zh: '输出需要输入的细节，长跳跃连接把细节直接送到输出侧。线性变换可以调整它与残差流的比例；直接相加只是把残差流中已有的内容再加一次。',
    },
  },
  {
    id: 'time',
    name: { en: 'Time', zh: '时间' },
    group: 'time',
    tried: [
      { name: { en: 'a token', zh: '词元' }, rank: 1, value: 'time-token' },
      { name: { en: 'adaptive LayerNorm', zh: '自适应层归一化' }, rank: 2, value: 'time-adaln' },
    ],
    why: {
      en: 'The paper reports the result without a reason. Ours: each head and patch can decide for itself whether to read a token.',
      zh: '论文只给出结果，没有说明原因。我们的理解是：是否读取一个词元，可以由每个头和每个图像块分别决定。',
    },
  },
  {
    id: 'conv',
    name: { en: 'A 3 × 3 convolution', zh: '3 × 3 卷积' },
    group: 'conv',
    tried: [
      { name: { en: 'after the last linear layer', zh: '放在最后的线性层之后' }, rank: 1, value: true },
      { name: { en: 'before it', zh: '放在它之前' }, rank: 2 },
      { name: { en: 'none', zh: '没有' }, rank: 2, value: false },
    ],
    why: {
      en: 'Each patch is turned into pixels by itself, so the borders between patches can show. The convolution sees across them.',
      zh: '每个图像块单独变成像素，图像块的交界处可能留下痕迹，而卷积能够跨越交界。',
    },
  },
  {
    id: 'patch',
    name: { en: 'Patch embedding', zh: '图像块的嵌入' },
    tried: [
      { name: { en: 'one linear layer', zh: '一个线性层' }, rank: 1 },
      { name: { en: 'a stack of convolutions', zh: '多个卷积层' }, rank: 2 },
    ],
    why: {
      en: 'A small patch has fewer numbers than a row has, so one linear layer loses nothing that convolutions could keep.',
      zh: '小图像块所含的数比词元一行的数还少，一个线性层就不会丢失信息，卷积也没有更多可以保留的东西。',
    },
  },
  {
    id: 'positions',
    name: { en: 'Positions', zh: '位置编码' },
    group: 'positions',
    tried: [
      { name: { en: 'learned, one row per place', zh: '可学习，每个位置一行' }, rank: 1, value: 'learned' },
      { name: { en: 'fixed 2-D sines and cosines', zh: '固定的二维正弦与余弦' }, rank: 2 },
      { name: { en: 'none', zh: '没有' }, rank: 3, value: 'none' },
    ],
    why: {
      en: 'Attention does not know an order. Without positions equal patches get equal rows, and the paper’s model painted nothing meaningful.',
      zh: '注意力不区分次序。没有位置编码时，相同的图像块得到相同的行，论文中的模型生成的图片毫无意义。',
    },
  },
];
