import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 15. */
export const cells: WorkedCells = {
  lost: worked((say) => [
    `// ${say('The picture, what comes back of it, and how many numbers lie between.', '图片、还原的图片，以及中间有多少个数。')}
const x = tensor('x'), back = tensor('reconstruction'), z = tensor('mean')`,
    `({ before: x.size, between: z.size, ratio: x.size / z.size })`,
    `// ${say('The mean squared error; what a screen cannot show is cut off first.', '均方误差；先截去屏幕显示不出的部分。')}
const cut = (v) => Math.min(1, Math.max(-1, v))
const error = back.values.reduce((sum, v, i) => sum + (cut(v) - x.values[i]) ** 2, 0) / x.size`,
    `// ${say('In decibels: the square of the whole range, from −1 to 1, over that error.', '换成分贝：整个取值范围（−1 到 1）的平方除以误差。')}
10 * Math.log10(2 ** 2 / error)`,
  ]),
  scale: worked((say) => [
    `// ${say('The standard deviation of this picture’s latents.', '这张图片的隐变量的标准差。')}
const z = [...tensor('mean').values], mean = z.reduce((sum, v) => sum + v, 0) / z.length
const sigma = Math.sqrt(z.reduce((sum, v) => sum + (v - mean) ** 2, 0) / z.length)`,
    `// ${say('How much signal and noise there are at a time t.', '时刻 t 的信号和噪声各占多少。')}
const t = state.when, alphaBar = Math.exp(-0.1 * t - 9.95 * t ** 2)`,
    `// ${say('The signal’s share of the power: as the latents come, and divided by their deviation.', '信号占总功率的比例：原样的隐变量，以及除以标准差之后。')}
const share = (s) => (alphaBar * s ** 2) / (alphaBar * s ** 2 + 1 - alphaBar)`,
    `({ sigma, asTheyCome: share(sigma), scaled: share(1) })`,
  ]),
};
