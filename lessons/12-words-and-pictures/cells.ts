import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 12. */
export const cells: WorkedCells = {
  infonce: worked((say) => [
    `// ${say('Cosines of four texts (down) and four pictures (across). The pairs are on the diagonal.', '四段文字（行）和四张图片（列）的余弦。配对的在对角线上。')}
const cosines = [
  [0.32, 0.11, 0.04, 0.07],
  [0.09, 0.29, 0.12, 0.03],
  [0.02, 0.14, 0.35, 0.10],
  [0.08, 0.05, 0.13, 0.27]
]`,
    `// ${say('What cosines are multiplied by: the network has learned it, as a logarithm.', '余弦要乘的倍数：网络学到的是它的对数。')}
const scale = Math.exp(tensor('logit_scale').values[0])`,
    `// ${say('Of each row: minus the logarithm of the right one’s share.', '每一行：正确一项的概率，取对数再取负。')}
const lossOf = (rows) => d3.mean(rows, (row, i) => -Math.log(Math.exp(scale * row[i]) / d3.sum(row, (c) => Math.exp(scale * c))))`,
    `const byText = lossOf(cosines), byPicture = lossOf(d3.transpose(cosines)), loss = (byText + byPicture) / 2`,
  ]),
  cosine: worked((say) => [
    `// ${say('The word that is typed and the picture on show, as the two towers end with them: 128 numbers each.', '输入的词和当前的图片，即两座塔各自的输出：都是 128 个数。')}
const word = tensor('text.embedding').reshape([-1]), seen = tensor('visual.embedding').reshape([-1])`,
    `const dot = (a, b) => a.times(b).sum()`,
    `// ${say('Both have length 1, so that the division changes nothing. Leave it out and see.', '两者的长度都是 1，所以除法不改变结果。去掉它试试。')}
const cosine = dot(word, seen) / Math.sqrt(dot(word, word) * dot(seen, seen))`,
    `// ${say('Which of the 128 products make most of it.', '128 个乘积里，哪几个贡献最大。')}
[...word.times(seen)].map((product, feature) => ({ feature, product }))
  .sort((a, b) => b.product - a.product)
  .slice(0, 5)`,
  ]),
};
