import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 7. */
export const cells: WorkedCells = {
  ddim: worked((say) => [
    `// ${say('What the stage opens with: horse, seed 44, 20 steps, guidance 2.', '舞台打开时的设置：马，种子 44，20 步，引导 2。')}
const label = 7, seed = 44, steps = 20, guidance = 2`,
    `// ${say('What is left of the picture at time t, and how much noise there is.', '时刻 t 还剩多少图片，有多少噪声。')}
const signal = (t) => Math.exp(-0.05 * t - 4.975 * t * t), noisy = (t) => Math.sqrt(1 - signal(t) ** 2)`,
    `const unet = await model('uvit-cifar10')`,
    `const painted = await (async () => {
  let x = noise(seed, [3, 32, 32]);
  for (let i = 0; i < steps; i++) {
    const t = 1 - i / steps, next = 1 - (i + 1) / steps;
    const [none, told] = await Promise.all([10, label].map((y) => unet.run({ x, t: 999 * t, y })));
    const v = none.prediction.plus(told.prediction.minus(none.prediction).times(guidance));
    const x0 = x.times(signal(t)).minus(v.times(noisy(t))).map((c) => Math.max(-1, Math.min(1, c)));
    const epsilon = x.minus(x0.times(signal(t))).times(1 / noisy(t));
    x = x0.times(signal(next)).plus(epsilon.times(noisy(next)));
  }
  return x;
})()`,
    `// ${say('From −1 … 1 to 0 … 255, and shown as a picture.', '从 −1 … 1 换算到 0 … 255，显示成图片。')}
new Picture(32, 32, Array.from({ length: 4096 }, (_, i) => i % 4 === 3 ? 255 : 127.5 * (painted.values[(i % 4) * 1024 + (i >> 2)] + 1)))`,
  ]),
  split: worked((say) => [
    `// ${say('A time between 0 (the picture) and 1 (noise), and noise drawn by a seed.', '0（图片）到 1（噪声）之间的一个时刻，以及由种子决定的噪声。')}
const t = 0.5, epsilon = noise(1, [3, 32, 32])`,
    `const signal = Math.exp(-0.05 * t - 4.975 * t * t), noisy = Math.sqrt(1 - signal ** 2)`,
    `// ${say('A picture of one grey, with that noise.', '一张纯灰色的图片，加上这份噪声。')}
const clean = epsilon.map(() => 0.2), x = clean.times(signal).plus(epsilon.times(noisy))`,
    `const { prediction } = await (await model('uvit-cifar10')).run({ x, t: 999 * t, y: 10 })`,
    `// ${say('The network predicts v = signal · ε − noise · x₀. Two equations, two unknowns.', '网络预测的是 v = signal · ε − noise · x₀。两个方程，两个未知数。')}
const x0 = x.times(signal).minus(prediction.times(noisy)), guess = x.times(noisy).plus(prediction.times(signal))`,
    `// ${say('Put together again, the two guesses give back x, whatever the network said.', '不论网络怎么说，两个猜测合起来总能还原 x。')}
const difference = x0.times(signal).plus(guess.times(noisy)).minus(x).map(Math.abs).max()`,
    `// ${say('How wrong they are: the root of the mean square.', '猜得有多不准：误差平方平均的平方根。')}
const wrong = Math.sqrt(x0.minus(clean).map((d) => d * d).mean()), noiseWrong = Math.sqrt(guess.minus(epsilon).map((d) => d * d).mean())`,
  ]),
};
