import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 8. */
export const cells: WorkedCells = {
  skip: worked((say) => [
    `// ${say('Stream and long skip side by side, [tokens, 2D], and the matrix that mixes them, [D, 2D].', '残差流与长跳跃连接的拼接，[词元, 2D]，以及混合两者的矩阵，[D, 2D]。')}
const both = tensor('out_blocks.0.skip_cat'), W = tensor('out_blocks.0.skip_linear.weight'), D = W.shape[0]`,
    `// ${say('What one half alone adds to each token, and how long that is.', '只有其中一半时，给每个词元加上了什么，它有多长。')}
const lengths = (start) => {
  const half = [start, start + D];
  const added = both.slice(null, half).matmul(W.slice(null, half).transpose());
  return added.times(added).sum(1).map(Math.sqrt);
}`,
    `const stream = lengths(0), skip = lengths(D)`,
    `// ${say('0: nothing comes through the skip. ½: as much as through the stream. 1: everything.', '0：跳跃连接没有贡献。½：与残差流一样多。1：全部来自跳跃连接。')}
const share = skip.map((s, i) => s / (s + stream.values[i])).mean()`,
  ]),
  time: worked((say) => [
    `// ${say('Attention of the middle block, [heads, tokens, tokens]. Token 0 is the label, token 1 the time, then patches.', '中间层的注意力，[头, 词元, 词元]。第 0 个词元是标签，第 1 个是时间，之后是图像块。')}
const probs = tensor('mid_block.attn.probs'), asked = 1, first = 2, T = probs.shape[2]`,
    `// ${say('How much the patches give to that token, on average, head by head.', '各个头里，图像块平均分给这个词元多少。')}
const given = probs.slice(null, [first, T], asked).mean(1)`,
    `// ${say('A head that looked at all tokens alike would give this much.', '如果一个头给所有词元相同的权重，会分给它这么多。')}
const evenly = 1 / T`,
    `[...given].map((weight, head) => ({ head, weight, times: weight / evenly }))`,
  ]),
};
