import { formatCount } from '#lib/base/format.ts';
import { blockExplained, ownerOf } from '../shared/block-walk.ts';
import type { Explained, Walk } from '../walk.ts';
import { stagesOf, type SwinConfig } from './config.ts';

const at = (lesson: string, step: string): Explained => ({ lesson, step });
const CHEAPER = '10-cheaper-attention';

const OUTSIDE: Readonly<Record<string, Explained>> = {
  x: at('01-patches', 'numbers'),
  patches: at('01-patches', 'rows'),
  patch_embed: at('01-patches', 'project'),
  'patch_embed.proj': at('01-patches', 'project'),
  'patch_embed.norm': at('04-block', 'norm'),
  pos_added: at('02-tokens', 'positions'),
  norm: at('05-answer', 'read'),
  pooled: at('05-answer', 'read'),
  logits: at('05-answer', 'score'),
  'head.fc': at('05-answer', 'score'),
  probs: at('05-answer', 'chance'),
};

/** What the family has beside a block of a ViT, by the end of the names. */
const PARTS: readonly (readonly [RegExp, Explained])[] = [
  [/window_scores$/, at(CHEAPER, 'prune')],
  [/\.(rolled|unrolled)$|\.attn\.(mask|masked)$/, at(CHEAPER, 'roll')],
  [/\.windows$/, at(CHEAPER, 'windows')],
  [/\.attn\.biased$|relative_position_bias_table$/, at('02-tokens', 'positions')],
  [/\.blocks\.\d+$/, at('04-block', 'sums')],
  [/\.downsample(\.\w+)?$/, at('05-answer', 'pyramid')],
];

export const WALK: Walk<SwinConfig> = {
  lead: (c) => ({
    en: `A picture goes in at the upper left, a probability for each of ${c.classes} classes comes out at the lower right. In between lie ${c.depths.length} stages; after the first the grid is half as wide and the tokens twice as long.`,
    zh: `左上角输入一张图片，右下角输出 ${c.classes} 个类别各自的概率。中间有 ${c.depths.length} 个阶段；第 0 阶段之后，网格的边长减半，词元的宽度加倍。`,
  }),
  explained(name) {
    const owner = ownerOf(name);
    return OUTSIDE[owner] ?? PARTS.find(([part]) => part.test(owner))?.[1] ?? blockExplained(name);
  },
  stops(c) {
    const n = formatCount;
    const stages = stagesOf(c);
    const [first, last] = [stages[0], stages.at(-1)];
    if (!first || !last) return [];
    const windows = first.windows ** 2;
    const inside = first.window ** 2;
    return [
      {
        id: 'picture',
        title: { en: 'A picture is numbers', zh: '图片就是数' },
        says: {
          en: `The picture has ${c.image} × ${c.image} pixels, and each pixel is ${c.channels} numbers for red, green and blue. The same network takes larger pictures too, as long as windows fill their grids.`,
          zh: `图片有 ${c.image} × ${c.image} 个像素，每个像素是红、绿、蓝 ${c.channels} 个数。同一个网络也能接受更大的图片，只要窗口能铺满网格。`,
        },
        shows: ['x'],
      },
      {
        id: 'cut',
        title: { en: 'Small patches', zh: '较小的图像块' },
        says: {
          en: `It is cut into ${n(first.tokens)} patches of ${c.patch} × ${c.patch} pixels, more and smaller ones than in a plain ViT. Attention over all pairs of so many would be dear, and that is what windows avoid.`,
          zh: `图片切成 ${n(first.tokens)} 个 ${c.patch} × ${c.patch} 像素的图像块，比普通 ViT 的更多、更小。对这么多词元的所有词元对计算注意力会很贵，窗口正是为了避免这一点。`,
        },
        shows: ['patches'],
      },
      {
        id: 'embed',
        title: { en: 'Each row becomes a token', zh: '每一行变成一个词元' },
        says: {
          en: `One matrix turns each patch into ${c.dim} numbers, a LayerNorm follows, and a fixed vector for the place is added. There is no class token: the answer will be read from the mean of all.`,
          zh: `一个矩阵把每个图像块变成 ${c.dim} 个数，随后是层归一化，再加上固定的位置编码。这里没有分类词元：答案将从所有词元的平均值读出。`,
        },
        shows: ['patch_embed', 'patch_embed.proj.weight', 'pos_added'],
      },
      {
        id: 'windows',
        title: { en: 'The grid is cut into windows', zh: '网格切成窗口' },
        says: {
          en: `A block sorts the tokens by ${n(windows)} windows of ${first.window} × ${first.window}. From here to the end of attention each window is computed for itself.`,
          zh: `每一层先把词元分到 ${n(windows)} 个 ${first.window} × ${first.window} 的窗口里。从这里到注意力结束，各个窗口分别计算。`,
        },
        shows: ['layers.0.blocks.0.norm1', 'layers.0.blocks.0.windows'],
      },
      {
        id: 'attention',
        title: { en: 'Tokens of a window look at one another', zh: '同一窗口的词元互相看' },
        says: {
          en: `Each window has a table of ${inside} × ${inside} scores for each of ${first.heads} heads, and a learned bias by the offset of two tokens is added. The softmax turns its rows into shares.`,
          zh: `每个窗口的 ${first.heads} 个头各有一张 ${inside} × ${inside} 的分数表，再按两个词元的相对位移加上学到的偏置。softmax 把各行变成份额。`,
        },
        shows: [
          'layers.0.blocks.0.attn.scores',
          'layers.0.blocks.0.attn.biased',
          'layers.0.blocks.0.attn.relative_position_bias_table',
          'layers.0.blocks.0.attn.probs',
        ],
      },
      {
        id: 'back',
        title: { en: 'Back on the grid', zh: '放回网格' },
        says: {
          en: 'What attention has found is put back where its tokens lie and added to the stream. The MLP then works on every token by itself, as in any transformer.',
          zh: '注意力的结果放回词元原来的位置，加到残差流上。然后 MLP 单独处理每个词元，与其他 Transformer 一样。',
        },
        shows: ['layers.0.blocks.0.unrolled', 'layers.0.blocks.0.attn.residual', 'layers.0.blocks.0.mlp.fc1'],
      },
      {
        id: 'roll',
        title: { en: 'The next block rolls first', zh: '下一层先循环移动' },
        says: {
          en: `The second block moves the whole grid by ${first.shift} tokens up and to the left before it cuts. Its windows so lie across the borders of those before.`,
          zh: `第二层先把整个网格向左上循环移动 ${first.shift} 个词元，再切成窗口。这样，它的窗口就跨在前一层的边界上。`,
        },
        shows: ['layers.0.blocks.1.rolled', 'layers.0.blocks.1.windows'],
      },
      {
        id: 'mask',
        title: { en: 'What never was together stays apart', zh: '本不相邻的保持分开' },
        says: {
          en: 'The roll has put opposite edges of the picture side by side in the last windows. A mask adds −100 to the scores of such pairs, and their shares become nothing.',
          zh: '循环移动把图片的两条对边放进了最后一行和最后一列的窗口。掩码给这样的词元对的分数加上 −100，它们的份额就变成零。',
        },
        shows: [
          'layers.0.blocks.1.attn.mask',
          'layers.0.blocks.1.attn.masked',
          'layers.0.blocks.1.attn.probs',
        ],
      },
      {
        id: 'merge',
        title: { en: 'Four tokens become one', zh: '四个词元合成一个' },
        says: {
          en: `Between the stages four neighbours are laid side by side, ${n(4 * first.dim)} numbers, and one matrix makes ${n(2 * first.dim)} of them. A window of the same size in tokens now covers twice the side in pixels.`,
          zh: `两个阶段之间，四个相邻的词元并排拼成 ${n(4 * first.dim)} 个数，再由一个矩阵变成 ${n(2 * first.dim)} 个。词元数相同的窗口，现在覆盖的像素边长是原来的两倍。`,
        },
        shows: ['layers.1.downsample.merged', 'layers.1.downsample', 'layers.1.downsample.reduction.weight'],
      },
      {
        id: 'second',
        title: { en: 'The same on a coarser grid', zh: '在更粗的网格上重复' },
        says: {
          en: `The last stage has ${last.depth} blocks on ${last.grid} × ${last.grid} tokens of ${n(last.dim)} numbers. Every second of them shifts its windows.`,
          zh: `最后的阶段有 ${last.depth} 层，网格为 ${last.grid} × ${last.grid} 个词元，每个词元 ${n(last.dim)} 个数。每隔一层移动一次窗口。`,
        },
        shows: Array.from({ length: last.depth }, (_, b) => `group:layers.1.blocks.${b}`),
      },
      {
        id: 'answer',
        title: { en: 'The mean is read', zh: '读出平均值' },
        says: {
          en: `After a last LayerNorm all tokens are averaged, and ${c.classes} dot products make a score for each class of the mean. The softmax turns the scores into probabilities.`,
          zh: `最后的层归一化之后，对所有词元求平均，再用 ${c.classes} 次点积算出每个类别的分数。softmax 把分数变成概率。`,
        },
        shows: ['group:head'],
      },
    ];
  },
};
