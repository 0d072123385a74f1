import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 13. */
export const cells: WorkedCells = {
  tubelet: worked((say) => [
    `// ${say('The clip, [frames, channels, rows, columns], and a tubelet: t frames of p × p pixels.', '视频，[帧, 通道, 行, 列]，以及一个时空管：t 帧，每帧 p × p 像素。')}
const clip = tensor('x'), t = 2, p = 8, grid = clip.shape[2] / p`,
    `// ${say('The chosen tubelet. Choose another one on the stage, or write a number.', '选定的时空管。可以在舞台上另选一个，也可以写一个数字。')}
const chosen = state.tok, time = Math.floor(chosen / (grid * grid)), row = Math.floor(chosen / grid) % grid, column = chosen % grid`,
    `// ${say('Channel by channel, in each frame by frame, and each frame row by row, as the kernel lies.', '先按通道，通道内按帧，每帧逐行：与卷积核的排列相同。')}
const mine = (() => {
  const values = [];
  for (let c = 0; c < 3; c++)
    for (let f = 0; f < t; f++)
      for (let i = 0; i < p; i++)
        for (let j = 0; j < p; j++) values.push(clip.at(time * t + f, c, row * p + i, column * p + j));
  return values;
})()`,
    `// ${say('The network’s own row of that tubelet. The difference is 0 to the last digit.', '网络自己的这一行。差恰好为 0。')}
const theirs = tensor('tubelets').reshape([-1, mine.length]).slice(chosen)`,
    `const difference = theirs.map((value, k) => Math.abs(value - mine[k])).max()`,
  ]),
  starts: worked((say) => [
    `// ${say('The kernel of dimension d, [channels, frames, rows, columns], and the chosen tubelet in the same form.', '第 d 维的卷积核，[通道, 帧, 行, 列]，以及写成同样形状的选定时空管。')}
const learned = tensor('patch_embed.proj.weight').slice(state.d).reshape([3, -1, 8, 8]), t = learned.shape[1]`,
    `const seen = tensor('tubelets').reshape([-1, learned.size]).slice(state.tok).reshape([3, t, 8, 8])`,
    `// ${say('What the kernel is on a clip at rest: its frames added up. Then the two ways to begin with it.', '视频静止时，卷积核相当于各帧之和。下面是用它开始的两种方法。')}
const still = learned.sum(1), frames = (one) => new Tensor([3, t, 8, 8], Array.from({ length: 3 * t * 64 }, (_, i) => one(Math.floor(i / 64) % t, still.values[Math.floor(i / (64 * t)) * 64 + i % 64])))`,
    `const inflated = frames((f, value) => value / t), central = frames((f, value) => f === Math.floor(t / 2) ? value : 0)`,
    `// ${say('The same tubelet with its frames in the other order.', '同一个时空管，帧的次序倒过来。')}
const reversed = seen.map((_, i) => seen.values[i + (t - 1 - 2 * (Math.floor(i / 64) % t)) * 64])`,
    `const dot = (a, b) => a.times(b).sum()`,
    `Object.entries({ learned, inflated, central }).map(([kernel, k]) => ({ kernel, runs: dot(k, seen), reversed: dot(k, reversed) }))`,
  ]),
  distance: worked((say) => [
    `// ${say('The network in which all tokens attend to all. Write another layer and head.', '所有词元互相注意的那个网络。可以换一层、换一个头。')}
const layer = 0, head = 0, name = \`blocks.\${layer}.attn.probs\``,
    `const probs = (await (await model('vivit-joint')).run({ x: tensor('x'), tensors: name }))[name].slice(head)`,
    `// ${say('Token 0 is the class token. Then the tubelets, time by time, and in each row by row.', '第 0 个词元是分类词元，之后是时空管：先按时刻，时刻内逐行。')}
const grid = 8, tubelets = probs.shape[0] - 1
const placeOf = (n) => [Math.floor(n / grid ** 2), Math.floor(n / grid) % grid, n % grid]`,
    `// ${say('For each tubelet that asks: how far away are those it looks at, in time and in the frame, weighed by how much.', '对每个作为查询的时空管：它所看的时空管在时间上、在画面上有多远，按注意力加权。')}
const far = (() => {
  let inTime = 0, inSpace = 0;
  for (let q = 0; q < tubelets; q++) {
    const [time, row, column] = placeOf(q);
    let weights = 0, late = 0, away = 0;
    for (let k = 0; k < tubelets; k++) {
      const weight = probs.at(q + 1, k + 1), [otherTime, otherRow, otherColumn] = placeOf(k);
      weights += weight;
      late += weight * Math.abs(time - otherTime);
      away += weight * Math.hypot(row - otherRow, column - otherColumn);
    }
    inTime += late / weights;
    inSpace += away / weights;
  }
  return { inTime: inTime / tubelets, inSpace: inSpace / tubelets };
})()`,
    `// ${say('How far it would be if all tubelets were looked at alike.', '如果对所有时空管的权重都相同，平均会有多远。')}
const evenly = (() => {
  let inTime = 0, inSpace = 0;
  for (let q = 0; q < tubelets; q++)
    for (let k = 0; k < tubelets; k++) {
      const [time, row, column] = placeOf(q), [otherTime, otherRow, otherColumn] = placeOf(k);
      inTime += Math.abs(time - otherTime);
      inSpace += Math.hypot(row - otherRow, column - otherColumn);
    }
  return { inTime: inTime / tubelets ** 2, inSpace: inSpace / tubelets ** 2 };
})()`,
  ]),
  shuffle: worked((say) => [
    `// ${say('Which frame of the clip stands at each place. Write an order of your own.', '每个位置放原来的第几帧。可以写你自己的次序。')}
const order = [1, 0, 4, 2, 5, 3, 6, 7]`,
    `const clip = tensor('x'), mixed = new Tensor(clip.shape, order.flatMap((frame) => [...clip.slice(frame).values]))`,
    `const ask = async (id, x) => {
  const net = await model(id), { probs } = await net.run({ x, tensors: 'probs' });
  return { says: net.labels[probs.argmax()], chance: probs.max() };
}`,
    `const answers = await (async () => {
  const found = [];
  for (const network of ['vivit-joint', 'vivit-encoder'])
    for (const [frames, x] of Object.entries({ ordered: clip, mixed })) found.push({ network, frames, ...(await ask(network, x)) });
  return found;
})()`,
    `answers`,
  ]),
};
