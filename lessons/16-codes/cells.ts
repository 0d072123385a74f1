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
    `// ${say('The logits that the network gives of the first code.', '网络给第一个码字的得分。')}
const logits = [...tensor('logits').values].slice(0, 512)`,
    `// ${say('Over the temperature; only the largest stay.', '除以温度，只留下最大的几个。')}
const temperature = state.tau || 1, topK = state.topk || 512
const least = [...logits].sort((a, b) => b - a)[topK - 1]
const z = logits.map((v) => (v < least ? -Infinity : v / temperature))`,
    `// ${say('Softmax: all probabilities together are 1.', 'Softmax：全部概率之和为 1。')}
const most = Math.max(...z), up = z.map((v) => Math.exp(v - most))
const sum = up.reduce((a, v) => a + v, 0), p = up.map((v) => v / sum)`,
    `// ${say('Draw one: where the running sum passes a random number.', '抽取一个：累加到随机数为止。')}
let left = Math.random(), code = 0
while (code < 511 && (left -= p[code]) > 0) code++`,
    `({ code, its: p[code], likeliest: p.indexOf(Math.max(...p)), possible: p.filter((v) => v > 0).length })`,
  ]),
};
