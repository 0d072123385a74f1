import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 4. */
export const cells: WorkedCells = {
  norm: worked((say) => [
    `// ${say('What goes into the first LayerNorm of block 5, and what comes out; token 0 is the class token.', '第 5 层的第一个层归一化的输入和输出；第 0 个词元是分类词元（CLS）。')}
const token = 0, before = tensor('blocks.4').slice(token), after = tensor('blocks.5.norm1').slice(token)`,
    `const mean = before.mean()`,
    `const variance = before.map((v) => (v - mean) ** 2).mean()`,
    `// ${say('Two learned numbers for each feature: a factor and a shift. The small number keeps the root from 0.', '每个特征有两个学到的数：倍数和偏移。很小的那个数让根号不会是 0。')}
const mine = before.map((v) => (v - mean) / Math.sqrt(variance + 1e-6))
  .times(tensor('blocks.5.norm1.weight'))
  .plus(tensor('blocks.5.norm1.bias'))`,
    `const difference = mine.minus(after).map(Math.abs).max()`,
  ]),
  share: worked((say) => [
    `// ${say('Width of a token, and width inside the MLP, read off two tensors.', '词元的宽度，以及 MLP 内部的宽度，从两个张量的形状读出。')}
const D = tensor('blocks.5').shape[1], hidden = tensor('blocks.5.mlp.fc1').shape[1]`,
    `// ${say('Matrices and their biases: query, key, value and the projection after them; up and down again.', '矩阵及其偏置：查询、键、值和之后的投影；先变宽再变窄。')}
const attention = 4 * (D * D + D), mlp = (D * hidden + hidden) + (hidden * D + D)`,
    `// ${say('Two LayerNorms, a factor and a shift for each feature.', '两个 LayerNorm，每个特征一个倍数、一个偏移。')}
const norms = 2 * 2 * D`,
    `const parameters = attention + mlp + norms, share = mlp / parameters`,
  ]),
};
