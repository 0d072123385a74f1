import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Noise schedules: Ho et al. 2020 (linear), Nichol & Dhariwal 2021 (cosine), and one of the reader's. */
export const cells = worked((say) => [
  note(
    say('Noise schedules of your own', '自己的噪声调度'),
    say(
      'A schedule says how much of the picture is left after t of 1000 steps, as ᾱ between 1 and 0. Write your own in the next cell; everything below follows.',
      '调度规定 1000 步中走过 t 步之后图片还剩多少，记作 ᾱ，从 1 降到 0。在下一个单元里写你自己的调度，下面的内容都会跟着变。',
    ),
  ),
  `const own = (t) => (1 - t / 1000) ** 2`,
  `// ${say('The linear schedule of DDPM: ᾱ is a product.', 'DDPM 的线性调度：ᾱ 是连乘积。')}
const linear = (() => {
  const all = [1];
  for (let t = 0; t < 1000; t++) all.push(all[t] * (1 - (1e-4 + (0.02 - 1e-4) * t / 999)));
  return (t) => all[t];
})()`,
  `const cosine = (t) => (Math.cos((t / 1000 + 0.008) / 1.008 * Math.PI / 2) / Math.cos(0.008 / 1.008 * Math.PI / 2)) ** 2`,
  `const curves = Object.entries({ linear, cosine, own })
  .flatMap(([name, alpha]) => d3.range(0, 1000, 5).map((t) => ({ name, t, left: alpha(t), snr: Math.log10(alpha(t) / (1 - alpha(t))) })))`,
  `Plot.plot({ height: 240, color: { legend: true }, y: { label: "ᾱ", grid: true }, marks: [Plot.lineY(curves, { x: "t", y: "left", stroke: "name" })] })`,
  note(
    say('Signal against noise', '信号与噪声之比'),
    say(
      'What a network must do depends on the ratio of signal to noise, so it is drawn as a power of ten. A schedule that falls through 0 early spends most of its steps on pictures that hardly show anything.',
      '网络要做的事取决于信噪比，所以画成 10 的多少次方。如果曲线很早就降到 0 以下，大部分步数都花在几乎看不出内容的图片上。',
    ),
  ),
  `Plot.plot({ height: 240, color: { legend: true }, y: { label: "log10 SNR", grid: true, domain: [-5, 4], clamp: true }, marks: [Plot.ruleY([0]), Plot.lineY(curves, { x: "t", y: "snr", stroke: "name" })] })`,
  `// ${say('At which step half of the power is noise.', '在第几步，噪声的功率占到一半。')}
const halfWay = Object.fromEntries(Object.entries({ linear, cosine, own }).map(([name, alpha]) => [name, d3.range(1000).find((t) => alpha(t) < 0.5)]))`,
  `const step = view(Inputs.range([0, 999], { step: 1, value: 300, label: "t" }))`,
  `// ${say('The picture above at that step of your schedule.', '上方的图片走到你的调度的这一步时的样子。')}
const noised = (() => {
  const epsilon = noise(7, [224, 224, 3]), a = Math.sqrt(Math.max(0, own(step))), b = Math.sqrt(1 - Math.max(0, own(step)));
  return picture().map((pixel, row, column) => pixel.slice(0, 3).map((v, c) => 127.5 * (1 + a * (v / 127.5 - 1) + b * epsilon.values[(row * 224 + column) * 3 + c])));
})()`,
  `noised`,
  change(
    say,
    say(
      'Write <code>** 4</code> in place of <code>** 2</code> in your schedule.',
      '在你的调度里，把 <code>** 2</code> 改成 <code>** 4</code>。',
    ),
    say(
      'Half of the power is noise at step 160 now, where it was 293; in the linear schedule it is step 260, in the cosine one 497. Your curve of the signal-to-noise ratio lies below both papers’ for the first few hundred steps. The picture at step 300 keeps 24 % of its power instead of 49 %, and is hard to make out.',
      '噪声占到一半功率的那一步，现在是第 160 步，原来是第 293 步；线性调度是第 260 步，余弦调度是第 497 步。最初的几百步里，你的信噪比曲线低于两篇论文的。第 300 步的图片只剩 24 % 的功率，原来是 49 %，已经很难辨认。',
    ),
  ),
]);
