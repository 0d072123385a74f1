import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Sampling with a step of one's own: DDIM (Song et al. 2021) beside a second-order step (Lu et al. 2022, DPM-Solver++ 2M). */
export const cells = worked((say) => [
  note(
    say('A sampler of your own', '自己的采样器'),
    say(
      'The network says what is picture and what is noise. A sampler decides what to do with it: how to go from time t to the next one. Here are the step of lesson 7 and one that also remembers the guess before; write a third.',
      '网络给出哪些是图片、哪些是噪声。采样器决定怎样使用它：怎样从时刻 t 走到下一个时刻。这里有第 7 课的那一步，还有一种会记住上一次猜测的步；第三种由你来写。',
    ),
  ),
  `const unet = await model('uvit-cifar10'), label = 7, seed = 44, guidance = 1`,
  `// ${say('How much of the picture is in a state at time t, and how much noise: 1 is pure noise, 0 the picture.', '时刻 t 的状态里有多少图片、多少噪声：1 是纯噪声，0 是图片。')}
const signal = (t) => unet.signal(t), noisy = (t) => unet.noise(t)`,
  `// ${say('Both guesses of the network at a state x and a time t: the picture x0, kept within −1 … 1, and the noise epsilon.', '网络在状态 x、时刻 t 给出的两个猜测：图片 x0（限制在 −1 … 1 之内）和噪声 epsilon。')}
const ask = (x, t) => unet.denoise(x, t, { class: label, guidance })`,
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
  `distances`,
  note(
    say('Against the site’s own', '与本站的采样器比较'),
    say(
      'The sampling loop of the lessons is there as <code>sample()</code>. From the same noise it must end where the loop above ends, or one of the two has an error. Numbers below a thousandth are rounding.',
      '各课使用的采样循环可以用 <code>sample()</code> 调用。从同一份噪声出发，它的终点应该与上面的循环一致，否则两者之中必有一个写错了。小于千分之一的差只是舍入误差。',
    ),
  ),
  `const ours = (sampler) => sample({ model: unet.id, sampler, class: label, seed, guidance, steps: few, spacing: 'uniform' })`,
  `const siteDdim = await ours('ddim'), siteMultistep = await ours('dpmpp-2m')`,
  `const apart = (a, b) => a.minus(b).map(Math.abs).max()`,
  `const differences = { ddim: apart(byDdim, siteDdim.x), multistep: apart(byMultistep, siteMultistep.x) }`,
  `// ${say('What the network took for the picture, step by step, in the site’s run.', '本站的采样过程中，网络每一步猜测的图片。')}
siteDdim.steps.forEach(({ x0 }) => display(painted(x0)))`,
  change(
    say,
    say(
      'Write <code>few = 16</code> and look at the distances. Then write <code>few = 8</code> again, and 0 in place of 0.3 in your own step.',
      '写 <code>few = 16</code>，看看距离。再改回 <code>few = 8</code>，把你自己的那一步里的 0.3 改成 0。',
    ),
    say(
      'Twice the steps halve the distance: that of DDIM falls from 0.086 to 0.046, that of the second order from 0.046 to 0.022. So 8 steps of second order are worth 16 of first order. With 0 your own step adds no noise and has become DDIM, to the last digit of its distance. The two numbers of the comparison with the site stay below a thousandth throughout.',
      '步数加倍，距离减半：DDIM 从 0.086 降到 0.046，二阶的从 0.046 降到 0.022。也就是说，二阶走 8 步抵得上一阶走 16 步。改成 0 之后，你的一步不再加噪声，就成了 DDIM，距离的每一位数字都相同。与本站比较的那两个数始终小于千分之一。',
    ),
  ),
]);
