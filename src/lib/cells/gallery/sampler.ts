import { worked } from '#lib/notebook/worked.ts';
import { note } from './note.ts';

/** Sampling with a step of one's own: DDIM (Song et al. 2021) beside a second-order step (Lu et al. 2022, DPM-Solver++ 2M). */
export const cells = worked((say) => [
  note(
    say('A sampler of your own', '自己的采样器'),
    say(
      'The network says what is picture and what is noise. A sampler decides what to do with it: how to go from time t to the next one. Here are the step of lesson 7 and one that also remembers the guess before; write a third.',
      '网络给出哪些是图片、哪些是噪声。采样器决定怎样使用它：怎样从时刻 t 走到下一个时刻。这里有第 7 课的那一步，还有一种会记住上一次猜测的步；第三种由你来写。',
    ),
  ),
  `const unet = await model('uvit-cifar10'), label = 7, seed = 44`,
  `const signal = (t) => Math.exp(-0.05 * t - 4.975 * t * t), noisy = (t) => Math.sqrt(1 - signal(t) ** 2)`,
  `// ${say('Both guesses of the network at a state x and a time t; the picture is kept within −1 … 1.', '网络在状态 x、时刻 t 给出的两个猜测；图片限制在 −1 … 1 之内。')}
const ask = async (x, t) => {
  const { prediction: v } = await unet.run({ x, t: 999 * t, y: label });
  const x0 = x.times(signal(t)).minus(v.times(noisy(t))).map((c) => Math.max(-1, Math.min(1, c)));
  return { x0, epsilon: x.minus(x0.times(signal(t))).times(1 / noisy(t)) };
}`,
  `const ddim = ({ x0, epsilon }, t, next) => x0.times(signal(next)).plus(epsilon.times(noisy(next)))`,
  `// ${say('Second order: the guess is carried on in the direction in which it has changed since the last step.', '二阶：沿着上一步以来猜测变化的方向，把猜测再往前推一点。')}
const multistep = ({ x0, x }, t, next, last) => {
  if (!last || next === 0) return ddim({ x0, epsilon: x.minus(x0.times(signal(t))).times(1 / noisy(t)) }, t, next);
  const lambda = (s) => Math.log(signal(s) / noisy(s)), h = lambda(next) - lambda(t);
  const lead = h / (2 * (lambda(t) - lambda(last.t)));
  const guess = x0.times(1 + lead).minus(last.x0.times(lead));
  return x.times(noisy(next) / noisy(t)).minus(guess.times(signal(next) * Math.expm1(-h)));
}`,
  `// ${say('Yours. It gets the guesses, the two times, and the guess before; here it adds a little noise on the way.', '你的一步。它得到两个猜测、两个时刻和上一次的猜测；这里在途中加一点噪声。')}
const own = ({ x0, epsilon }, t, next, last, i) => {
  const fresh = 0.3 * noisy(next), kept = Math.sqrt(noisy(next) ** 2 - fresh ** 2);
  return x0.times(signal(next)).plus(epsilon.times(kept)).plus(noise(seed + 1 + i, [3, 32, 32]).times(fresh));
}`,
  `const sampled = async (take, steps) => {
  let x = noise(seed, [3, 32, 32]), last;
  for (let i = 0; i < steps; i++) {
    const t = 1 - i / steps, next = 1 - (i + 1) / steps, { x0, epsilon } = await ask(x, t);
    x = take({ x0, epsilon, x }, t, next, last, i);
    last = { x0, t };
  }
  return x;
}`,
  note(
    say('Few steps against many', '少走几步与多走几步'),
    say(
      'DDIM in very many steps follows the path exactly; that is the reference. The sampler that is nearer to it after few steps is the better one. A sampler that adds noise of its own ends somewhere else, and this distance says nothing against its picture.',
      'DDIM 走很多步时几乎准确地沿着路径前进，可以当作参照。走很少几步就更接近它的，是更好的采样器。自己加噪声的采样器会走到别处，这个距离不能说明它画得不好。',
    ),
  ),
  `const few = 8, many = 60`,
  `const reference = await sampled(ddim, many), byDdim = await sampled(ddim, few), byMultistep = await sampled(multistep, few), byOwn = await sampled(own, few)`,
  `const painted = (x) => new Picture(32, 32, Array.from({ length: 4096 }, (_, i) => i % 4 === 3 ? 255 : 127.5 * (x.values[(i % 4) * 1024 + (i >> 2)] + 1)))`,
  `[reference, byDdim, byMultistep, byOwn].forEach((x) => display(painted(x)))`,
  `const distances = Object.entries({ byDdim, byMultistep, byOwn })
  .map(([sampler, x]) => ({ sampler, distance: Math.sqrt(x.minus(reference).map((d) => d * d).mean()) }))`,
]);
