import type { ConfigError } from './config-error.ts';
import type { Text } from './lang.ts';

/** A rule's English sentence, as src/lib/models throws it, and its Chinese one with the same numbers. */
type Translation = readonly [pattern: RegExp, zh: (...numbers: string[]) => string];

const RULES: readonly Translation[] = [
  [
    /^must be a whole number from (\S+) up, not (\S+)\.$/,
    (least, n) => `必须是不小于 ${least} 的整数，不能是 ${n}。`,
  ],
  [
    /^must be a list of whole numbers from (\S+) up, not (.*)\.$/,
    (least, list) => `必须是由不小于 ${least} 的整数组成的列表，不能是 ${list}。`,
  ],
  [
    /^must have one number for each of the (\S+) stages, not (\S+)\.$/,
    (stages, n) => `要给 ${stages} 个阶段各写一个数，现在有 ${n} 个。`,
  ],
  [
    /^needs windows, and an MLP that looks at no neighbours\.$/,
    () => '要有窗口，而且 MLP 不能看相邻的词元。',
  ],
  [
    /^stage (\S+) has (\S+) windows, fewer than (\S+)\.$/,
    (s, all, kept) => `第 ${s} 阶段只有 ${all} 个窗口，不足 ${kept} 个。`,
  ],
  [
    /^must be a multiple of (\S+) pixels, so that windows fill every stage, not (\S+)\.$/,
    (step, image) => `必须是 ${step} 像素的整数倍，窗口才能铺满每个阶段，${image} 不行。`,
  ],
  [
    /^must be a multiple of (\S+) pixels, so that patches merge in every stage, not (\S+)\.$/,
    (step, image) => `必须是 ${step} 像素的整数倍，每个阶段的图像块才能两两合并，${image} 不行。`,
  ],
  [/^must be one of (.+), not (\S+)\.$/, (allowed, n) => `只能取 ${allowed} 之一，不能是 ${n}。`],
  [/^must be a number from 0 up, not (\S+)\.$/, (n) => `必须是不小于 0 的数，不能是 ${n}。`],
  [
    /^a patch of (\S+) pixels is larger than the picture, (\S+)\.$/,
    (patch, image) => `图像块边长 ${patch} 像素，比图片的 ${image} 像素还大。`,
  ],
  [
    /^patches of (\S+) pixels do not fill a picture of (\S+)\.$/,
    (patch, image) => `${patch} 像素的图像块铺不满 ${image} 像素的图片。`,
  ],
  [
    /^tubelets of (\S+) frames do not fill a clip of (\S+)\.$/,
    (tubelet, frames) => `每个时空管 ${tubelet} 帧，无法恰好铺满 ${frames} 帧的视频。`,
  ],
  [
    /^must be even, half for space and half for time, not (\S+)\.$/,
    (n) => `必须是偶数：一半看空间，一半看时间，不能是 ${n}。`,
  ],
  [
    /^makes (\S+) patches; at most (\S+) can be\.$/,
    (count, most) => `会切出 ${count} 个图像块，最多只能有 ${most} 个。`,
  ],
  [
    /^makes (\S+) tokens; at most (\S+) can be\.$/,
    (count, most) => `会产生 ${count} 个词元，最多只能有 ${most} 个。`,
  ],
  [/^must be (\S+) at the most, not (\S+)\.$/, (most, n) => `最大是 ${most}，不能是 ${n}。`],
  [
    /^must be 2, 4, 8 and so on, since each convolution halves the sides, not (\S+)\.$/,
    (n) => `每个卷积把边长减半，所以只能是 2、4、8 等 2 的幂，不能是 ${n}。`,
  ],
  [
    /^must be (\S+) where a ResNet makes the tokens, not (\S+)\.$/,
    (stride, n) => `词元来自 ResNet 时必须是 ${stride}，不能是 ${n}。`,
  ],
  [/^must be (\S+) numbers, not (\S+)\.$/, (wanted, n) => `要写 ${wanted} 个数，现在有 ${n} 个。`],
  [
    /^makes the first of (\S+) convolutions (\S+) channels wide, which (\S+) groups do not divide\.$/,
    (count, width, groups) => `${count} 个卷积中的第一个会有 ${width} 个通道，不能平均分成 ${groups} 组。`,
  ],
  [
    /^the width (\S+) does not divide into (\S+) heads\.$/,
    (dim, heads) => `宽度 ${dim} 不能平均分给 ${heads} 个头。`,
  ],
  [
    /^(\S+) times the width (\S+) is not a whole number from 1 up\.$/,
    (ratio, dim) => `宽度 ${dim} 的 ${ratio} 倍不是正整数。`,
  ],
  [
    /^sincos2d needs a width divisible by 4, not (\S+)\.$/,
    (dim) => `二维正弦余弦编码要求宽度能被 4 整除，${dim} 不行。`,
  ],
  [
    /^must be even, half going in and half coming out, not (\S+)\.$/,
    (n) => `必须是偶数：一半在输入侧，一半在输出侧，不能是 ${n}。`,
  ],
  [
    /^must be even, half cosines and half sines of the time, not (\S+)\.$/,
    (n) => `必须是偶数：时间嵌入一半是余弦，一半是正弦，不能是 ${n}。`,
  ],
  [/^must be from 0 up to but not 1, not (\S+)\.$/, (n) => `必须不小于 0 且小于 1，不能是 ${n}。`],
  [
    /^(\S+) leaves no patch of (\S+) to see\.$/,
    (ratio, count) => `遮住 ${ratio} 后，${count} 个图像块一个也看不到了。`,
  ],
  [/^is no field of this architecture\.$/, () => '这种架构没有这一项。'],
  [/^after needs blocks without LayerScale\.$/, () => '有 LayerScale 的层不能取 after。'],
  [/^cannot be (\S+)\.$/, (value) => `不能取 ${value}。`],
  [
    /^cls needs a CLS token; set classToken to true or pool to gap\.$/,
    () => '要读取 CLS，就必须有 CLS 词元；请打开 CLS，或改为取平均。',
  ],
];

/** The sentence as it stands by itself: a capital at its beginning. */
const sentence = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);

/** Why a configuration cannot be built, in both languages. A rule without a translation keeps its English sentence. */
export function configErrorText({ rule }: Pick<ConfigError, 'rule'>): Text {
  for (const [pattern, zh] of RULES) {
    const found = pattern.exec(rule);
    if (found) return { en: sentence(rule), zh: zh(...found.slice(1)) };
  }
  return { en: sentence(rule), zh: sentence(rule) };
}
