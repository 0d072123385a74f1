import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 10. */
export const cells: WorkedCells = {
  orders: worked((say) => [
    `// ${say('A twin with linear attention: queries and keys after ReLU, values, and its own result, of head 0.', '使用线性注意力的对照网络，取第 0 个头：经过 ReLU 的查询和键、值，以及网络自己的结果。')}
const at = 'layers.0.blocks.0.attn.', parts = ['q_relu', 'k_relu', 'v', 'out'];
const found = await (await model('swin-linear')).run({ tensors: parts.map((part) => at + part) });
const [q, k, v, theirs] = parts.map((part) => found[at + part].slice(0)), [N, d] = q.shape`,
    `// ${say('First all pairs, [N, N], then the values.', '先算所有词元对 [N, N]，再乘值。')}
const pairs = q.matmul(k.transpose()), sums = pairs.sum(1);
const pairsFirst = pairs.matmul(v).map((value, i) => value / (sums.values[Math.floor(i / d)] + 1e-6))`,
    `// ${say('First keys with values, [d, d], then the queries. The table of pairs is never made.', '先把键和值相乘 [d, d]，再乘查询。从不计算词元对的表。')}
const small = k.transpose().matmul(v), total = q.matmul(k.sum(0).reshape([d, 1]));
const keysFirst = q.matmul(small).map((value, i) => value / (total.values[Math.floor(i / d)] + 1e-6))`,
    `const difference = keysFirst.minus(pairsFirst).map(Math.abs).max(), fromTheirs = keysFirst.minus(theirs).map(Math.abs).max()`,
    `// ${say('Multiplications of both orders.', '两种顺序各需要多少次乘法。')}
const products = { pairsFirst: 2 * N * N * d, keysFirst: 2 * N * d * d }`,
  ]),
  windows: worked((say) => [
    `// ${say('A grid of 16 × 16 tokens, row by row, and the same tokens as the network cuts them.', '16 × 16 的词元网格（逐行排列），以及网络切分之后的同一批词元。')}
const grid = 16, M = 4, at = 'layers.0.blocks.0.';
const found = await (await model('swin-window')).run({ tensors: [at + 'norm1', at + 'windows'] });
const tokens = found[at + 'norm1'], theirs = found[at + 'windows'].reshape(tokens.shape)`,
    `// ${say('Place n of the cut list: window w, place i in it. Which token of the grid is that?', '切分后列表里的第 n 个位置：第 w 个窗口里的第 i 个。它是网格里的哪个词元？')}
const order = Array.from({ length: grid * grid }, (_, n) => {
  const w = Math.floor(n / (M * M)), i = n % (M * M), along = grid / M;
  return (Math.floor(w / along) * M + Math.floor(i / M)) * grid + (w % along) * M + i % M;
})`,
    `// ${say('The inverse: where each token of the grid has gone.', '逆排列：网格里的每个词元去了哪里。')}
const back = order.map((_, token) => order.indexOf(token))`,
    `const take = (rows, from) => new Tensor(from.shape, rows.flatMap((row) => [...from.slice(row)]))`,
    `const cut = take(order, tokens), again = take(back, cut)`,
    `const difference = cut.minus(theirs).map(Math.abs).max(), lost = again.minus(tokens).map(Math.abs).max()`,
  ]),
};
