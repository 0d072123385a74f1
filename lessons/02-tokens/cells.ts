import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 2. */
export const cells: WorkedCells = {
  resize: worked((say) => [
    `// ${say('The model’s kernel at two patch sizes, channel 0 of feature k. Sizes: 8, 14, 16, 28, 32.', '模型在两种图像块边长下的卷积核，特征 k 的通道 0。边长可取 8、14、16、28、32。')}
const from = 16, to = 32, k = 0`,
    `const kernelOf = async (patch) => {
  const flexi = await model('vit-flexi');
  const found = await flexi.run({ patch, tensors: 'patch_embed.proj.weight' });
  return found['patch_embed.proj.weight'].slice(k, 0);
}`,
    `const kernel = await kernelOf(from), theirs = await kernelOf(to)`,
    `// ${say('Row i of B: of which old pixels bilinear interpolation makes new pixel i.', 'B 的第 i 行：双线性插值用哪些旧像素算出第 i 个新像素。')}
const B = new Tensor([to, from], Array.from({ length: to * from }, (_, n) => {
  const place = (Math.floor(n / from) + 0.5) * from / to - 0.5;
  return Math.max(0, 1 - Math.abs(Math.min(from - 1, Math.max(0, place)) - n % from));
}))`,
    `// ${say('Its pseudo-inverse, by Newton’s iteration X ← 2X − XBX.', '它的伪逆，用牛顿迭代 X ← 2X − XBX 求出。')}
const inverse = (() => {
  let X = B.transpose().times(1 / B.times(B).sum());
  for (let i = 0; i < 40; i++) X = X.times(2).minus(X.matmul(B).matmul(X));
  return X;
})()`,
    `// ${say('PI-resize: the pseudo-inverse along both axes.', 'PI-resize：沿两个方向各乘一次伪逆。')}
const mine = inverse.transpose().matmul(kernel).matmul(inverse)`,
    `mine`,
    `const difference = mine.minus(theirs).map(Math.abs).max()`,
  ]),
  near: worked((say) => [
    `// ${say('One learned vector for each place, [patches, features].', '每个位置一个学到的向量，[图像块, 特征]。')}
const positions = tensor('pos_embed').reshape([-1, 192]), grid = Math.sqrt(positions.shape[0])`,
    `// ${say('The chosen patch. Click another one, or write a number.', '选定的图像块。可以点选另一个，也可以写一个数字。')}
const chosen = Math.floor(state.at[0] / state.p) * grid + Math.floor(state.at[1] / state.p)`,
    `// ${say('Cosine: the dot product of two vectors, over both lengths.', '余弦：两个向量的点积，除以两者的长度。')}
const dot = (a, b) => a.times(b).sum(), me = positions.slice(chosen)`,
    `const cosines = [...positions].map((v) => dot(me, v) / Math.sqrt(dot(me, me) * dot(v, v)))`,
    `new Tensor([grid, grid], cosines, ['row', 'column'], 'cosines')`,
  ]),
};
