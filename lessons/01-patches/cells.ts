import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 1. */
export const cells: WorkedCells = {
  flatten: worked((say) => [
    `// ${say('The picture as the model sees it, [channel, row, column], and the chosen patch.', '模型看到的图片，[通道, 行, 列]，以及选定的图像块。')}
const seen = tensor('x'), p = state.p, side = Math.floor(224 / p);
const [r, c] = state.at.map((pixel) => Math.min(side - 1, Math.floor(pixel / p)))`,
    `// ${say('Channel by channel, and in each channel row by row: the order in which the model reads a patch.', '先按通道，通道内再逐行：这就是模型读取图像块的顺序。')}
const mine = (() => {
  const row = [];
  for (let channel = 0; channel < 3; channel++)
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++) row.push(seen.at(channel, r * p + i, c * p + j));
  return row;
})()`,
    `// ${say('The same patch in the model’s own table: row r · side + c.', '模型自己的表里的同一个图像块：第 r · side + c 行。')}
const theirs = tensor('patches').slice(r * side + c)`,
    `const difference = theirs.map((value, k) => Math.abs(value - mine[k])).max()`,
  ]),
  count: worked((say) => [
    `// ${say('Height and width of a picture in pixels, and the patch size. Write numbers of your own.', '图片的高和宽（像素），以及图像块边长。可以写你自己的数字。')}
const height = 224, across = 224, patch = state.p`,
    `// ${say('What does not fill a whole patch is left out; the class token comes on top.', '不足一个图像块的部分不算；分类词元（CLS）另加一个。')}
const patches = Math.floor(height / patch) * Math.floor(across / patch), tokens = patches + 1`,
    `// ${say('Every token is compared with every token: what attention costs grows with the square.', '每个词元都要与每个词元比较：注意力的开销按平方增长。')}
const pairs = tokens ** 2`,
    `// ${say('What the model of this page has for its own picture: [tokens, features].', '本页的模型处理自己的图片时的形状：[词元, 特征]。')}
tensor('tokens').shape`,
  ]),
};
