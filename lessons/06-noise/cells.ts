import type { WorkedCells } from '#lib/notebook/types.ts';

/** In both languages the same code; the words in it are the reader's. */
const mix = (say: { share: string; same: string }) => [
  "const x0 = tensor('x0'), epsilon = tensor('epsilon')",
  `// ${say.share}
const share = tensor('alphas_cumprod').at(state.t)`,
  'const x_t = x0.times(Math.sqrt(share)).plus(epsilon.times(Math.sqrt(1 - share)))',
  'x_t',
  `// ${say.same}
const difference = x_t.minus(tensor('x_t')).map(Math.abs).max()`,
];

const schedule = (say: { betas: string; product: string; same: string }) => [
  `// ${say.betas}
const betas = Array.from({ length: 1000 }, (_, t) => 1e-4 + (0.02 - 1e-4) * t / 999)`,
  `// ${say.product}
const alphaBar = (() => {
  let product = 1;
  return betas.map((beta) => (product *= 1 - beta));
})()`,
  `Plot.plot({
  height: 220,
  x: { label: "t" },
  y: { label: "ᾱ", grid: true },
  marks: [
    Plot.lineY(tensor('alphas_cumprod').values, { strokeDasharray: "4 4" }),
    Plot.lineY(alphaBar, { stroke: "var(--accent)" })
  ]
})`,
  `// ${say.same}
const difference = d3.max(alphaBar, (a, t) => Math.abs(a - tensor('alphas_cumprod').at(t)))`,
];

/** The worked cells of lesson 6. */
export const cells: WorkedCells = {
  mix: {
    en: mix({
      share: 'ᾱ at the step that the slider says: move it, and everything below runs again.',
      same: 'The largest difference from the x_t of this lesson; it is rounding alone.',
    }),
    zh: mix({
      share: '滑块所在那一步的 ᾱ：移动滑块，下面的单元都会重新计算。',
      same: '与本课的 x_t 相差最大的一处；只是舍入误差。',
    }),
  },
  schedule: {
    en: schedule({
      betas: 'The linear schedule of DDPM: a thousand steps from 0.0001 to 0.02.',
      product: 'What is left of the picture after t links: the product of all 1 − β up to there.',
      same: 'Compared with the schedule that is chosen in the lesson (dashed). It is 0 for “linear” but for rounding.',
    }),
    zh: schedule({
      betas: 'DDPM 的线性调度：一千步，从 0.0001 到 0.02。',
      product: '走过 t 步之后图片还剩多少：到那一步为止所有 1 − β 的乘积。',
      same: '与本课选定的调度（虚线）比较。选“线性”时差为 0，只有舍入误差。',
    }),
  },
};
