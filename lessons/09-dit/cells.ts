import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 9. */
export const cells: WorkedCells = {
  adaln: worked((say) => [
    `// ${say('LayerNorm without numbers of its own, [tokens, features]; factor and shift come from time and class.', '没有自己参数的 LayerNorm，[词元, 特征]；倍数和偏移由时间和类别算出。')}
const normed = tensor('blocks.0.norm1'), scale = tensor('blocks.0.scale_msa'), shift = tensor('blocks.0.shift_msa')`,
    `// ${say('The same factor and shift for every token; 1 + keeps a factor of 0 from erasing it.', '所有词元用同一组倍数和偏移；加 1 是为了让倍数为 0 时不把内容抹掉。')}
const D = scale.size, mine = normed.map((v, i) => v * (1 + scale.values[i % D]) + shift.values[i % D])`,
    `mine`,
    `const difference = mine.minus(tensor('blocks.0.modulated1')).map(Math.abs).max()`,
  ]),
  gates: worked((say) => [
    `// ${say('A time (1 is pure noise) and a class (1 is automobile, 10 is none).', '时刻（1 是纯噪声）和类别（1 是汽车，10 是无类别）。')}
const t = 0.5, y = 1`,
    `// ${say('Gates depend on time and class alone, so any picture will do: one of zeros.', '门控系数只由时间和类别决定，所以用什么图片都可以：这里用全 0 的。')}
const x = new Tensor([3, 32, 32], new Float32Array(3072))`,
    `const names = Array.from({ length: 10 }, (_, block) => ['msa', 'mlp'].map((part) => \`blocks.\${block}.gate_\${part}\`))`,
    `const found = await (await model('dit-cifar10')).run({ x, t: 999 * t, y, tensors: names.flat() })`,
    `// ${say('Mean size of the gates of each block: 0 would leave the block out.', '每一层门控系数的平均大小：0 就等于跳过这一层。')}
const gates = names.map((pair) => pair.map((name) => found[name].map(Math.abs).mean()))`,
    `gates.map(([attention, mlp], block) => ({ block, attention, mlp }))`,
  ]),
};
