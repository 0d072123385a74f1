import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 16. */
export const cells: WorkedCells = {
  nearest: worked((say) => [
    `// ${say('Squared distances of the chosen place to all codes, and the least of them.', '所选位置到全部码字的距离平方，以及其中最小的一个。')}
const place = state.cell, K = 512, N = 64
const d = [...tensor('quantize.distances').values].slice(place * K, (place + 1) * K)
const k = d.indexOf(Math.min(...d))`,
    `// ${say('The same distance by hand, from the vector and the entry of its code.', '由向量和码字手算同一个距离。')}
const at = (t) => [...t.values].filter((_, i) => i % N === place)
const f = at(tensor('quant_conv')), e = at(tensor('z'))
const byHand = f.reduce((sum, v, i) => sum + (v - e[i]) ** 2, 0)`,
    `({ nearest: k, network: tensor('codes').values[place], distance: d[k], byHand })`,
  ]),
  draw: worked((say) => [
    `// ${say('The logits of the code on show, from the network that was told the words.', '正在显示的码字的 logit，来自得到文字的那个网络。')}
const K = 512, row = Math.max(state.k, 1) - 1
const logits = [...tensor('logits').values].slice(row * K, (row + 1) * K)`,
    `// ${say('Over the temperature; only the largest stay.', '除以温度，只留下最大的几个。')}
const temperature = state.gt || 1, topK = state.gk || K
const least = [...logits].sort((a, b) => b - a)[topK - 1]
const z = logits.map((v) => (v < least ? -Infinity : v / temperature))`,
    `// ${say('Softmax: all probabilities together are 1.', 'Softmax：全部概率之和为 1。')}
const most = Math.max(...z), up = z.map((v) => Math.exp(v - most))
const sum = up.reduce((a, v) => a + v, 0), p = up.map((v) => v / sum)`,
    `// ${say('A number between 0 and 1, every one as likely as another; the code is where the running sum passes it.', '0 到 1 之间均匀的随机数；累加的和在哪里超过它，就取哪个码字。')}
const [a, b] = noise(state.seed, [2]).values
let left = Math.exp(-(a ** 2 + b ** 2) / 2), code = 0
while (code < K - 1 && (left -= p[code]) > 0) code++`,
    `({ code, its: p[code], likeliest: p.indexOf(Math.max(...p)), possible: p.filter((v) => v > 0).length })`,
  ]),
};
