import { formatCount } from '#lib/base/format.ts';
import { blockExplained, ownerOf } from '../shared/block-walk.ts';
import type { Explained, Walk } from '../walk.ts';
import { vitSizes, type ViTConfig } from './config.ts';

const at = (lesson: string, step: string): Explained => ({ lesson, step });

const OUTSIDE: Readonly<Record<string, Explained>> = {
  x: at('01-patches', 'numbers'),
  patches: at('01-patches', 'rows'),
  patch_embed: at('01-patches', 'project'),
  'patch_embed.proj': at('01-patches', 'project'),
  pos_added: at('02-tokens', 'positions'),
  pos_embed: at('02-tokens', 'positions'),
  cls_cat: at('02-tokens', 'cls'),
  cls_token: at('02-tokens', 'cls'),
  reg_token: at('02-tokens', 'cls'),
  tokens: at('01-patches', 'class-token'),
  norm: at('05-answer', 'read'),
  norm_pre: at('04-block', 'norm'),
  pooled: at('05-answer', 'read'),
  fc_norm: at('05-answer', 'read'),
  logits: at('05-answer', 'score'),
  head: at('05-answer', 'score'),
  probs: at('05-answer', 'chance'),
};

export const WALK: Walk<ViTConfig> = {
  lead: ({ classes, depth }) => ({
    en: `A picture goes in at the upper left, a probability for each of ${classes} classes comes out at the lower right. In between lie ${depth} blocks that are all built alike.`,
    zh: `左上角输入一张图片，右下角输出 ${classes} 个类别各自的概率。中间是 ${depth} 个结构完全相同的层。`,
  }),
  explained: (name) => OUTSIDE[ownerOf(name)] ?? blockExplained(name),
  stops(c) {
    const { patches, tokens, mlp, headDim } = vitSizes(c);
    const n = formatCount;
    const values = c.channels * c.patch * c.patch;
    return [
      {
        id: 'picture',
        title: { en: 'A picture is numbers', zh: '图片就是数' },
        says: {
          en: `The picture has ${c.image} × ${c.image} pixels, and each pixel is ${c.channels} numbers for red, green and blue. Nothing else goes into the model.`,
          zh: `图片有 ${c.image} × ${c.image} 个像素，每个像素是红、绿、蓝 ${c.channels} 个数。输入模型的只有这些数。`,
        },
        shows: ['x'],
      },
      {
        id: 'cut',
        title: { en: 'The picture is cut', zh: '切成图像块' },
        says: {
          en: `It is cut into ${patches} patches of ${c.patch} × ${c.patch} pixels, and each patch is written as one row of ${n(values)} numbers. From here on the model knows rows, no longer a picture.`,
          zh: `图片切成 ${patches} 个 ${c.patch} × ${c.patch} 像素的图像块，每个图像块展平成一行，共 ${n(values)} 个数。从这里开始，模型面对的是一行行的数，不再是图片。`,
        },
        shows: ['patches'],
      },
      {
        id: 'embed',
        title: { en: 'Each row becomes a token', zh: '每一行变成一个词元' },
        says: {
          en: `The matrix above the table multiplies every row, and ${c.dim} numbers come out for each patch: its embedding. A column of the result lies under the column of the matrix that it is computed with.`,
          zh: `表上方的矩阵与每一行相乘，每个图像块得到 ${c.dim} 个数，即它的嵌入。结果的每一列，正好画在计算它的那一列矩阵的下方。`,
        },
        shows: ['patch_embed', 'patch_embed.proj.weight', 'patch_embed.proj.bias'],
      },
      {
        id: 'places',
        title: { en: 'Places, and a token that will answer', zh: '位置编码与分类词元' },
        says: {
          en: `A learned vector for its place is added to each row, because the model would not know the order otherwise. One row more, the class token, is put in front: there are ${tokens} tokens now, and the answer will be read from the first.`,
          zh: `每一行加上一个学习得到的位置编码，否则模型无法知道词元的次序。最前面再放上一行，即分类词元（CLS）：现在共有 ${tokens} 个词元，答案将从第一个读出。`,
        },
        shows: ['pos_added', 'pos_embed', 'tokens', 'cls_token'],
      },
      {
        id: 'block',
        title: { en: 'One block', zh: '一层的结构' },
        says: {
          en: 'The pale band at the bottom is the residual stream, which carries the tokens through the whole model. Two branches read from it and add what they find: attention first, then the MLP.',
          zh: '底部的浅色带是残差流，它带着所有词元穿过整个模型。两个分支先后从残差流读取，再把结果加回去：先是注意力，后是多层感知机（MLP）。',
        },
        shows: ['group:blocks.0'],
      },
      {
        id: 'qkv',
        title: { en: 'Queries, keys and values', zh: '查询、键和值' },
        says: {
          en: `After a LayerNorm one matrix makes a query, a key and a value of every token. They are cut among ${c.heads} heads of ${headDim} numbers each, which work side by side.`,
          zh: `经过层归一化，一个矩阵为每个词元算出查询、键和值。它们分给 ${c.heads} 个注意力头，每个头 ${headDim} 个数，各头并行计算。`,
        },
        shows: [
          'blocks.0.norm1',
          'blocks.0.attn.qkv',
          'blocks.0.attn.q',
          'blocks.0.attn.k',
          'blocks.0.attn.v',
        ],
      },
      {
        id: 'attention',
        title: { en: 'Every token looks at every token', zh: '每个词元关注所有词元' },
        says: {
          en: `Each query is compared with each key, which gives a table of ${tokens} × ${tokens} scores per head. The softmax turns every row of it into shares that sum to one.`,
          zh: `每个查询与每个键比较，每个头得到一张 ${tokens} × ${tokens} 的分数表。softmax 把表的每一行变成总和为一的份额。`,
        },
        shows: ['blocks.0.attn.scores', 'blocks.0.attn.probs'],
      },
      {
        id: 'mix',
        title: { en: 'Shares mix the values', zh: '按份额混合' },
        says: {
          en: 'Each row of shares mixes the values of all tokens, the heads are laid side by side, and one more matrix joins them. The result is added to the stream: this is the only place where tokens exchange anything.',
          zh: '每一行份额把所有词元的值混合起来，各头的结果并排放好，再由一个矩阵合在一起。结果加回残差流：词元之间只在这里交换信息。',
        },
        shows: ['blocks.0.attn.out', 'blocks.0.attn.merged', 'blocks.0.attn.proj', 'blocks.0.attn.residual'],
      },
      {
        id: 'mlp',
        title: { en: 'Each token by itself', zh: '各个词元单独处理' },
        says: {
          en: `The MLP widens every token to ${n(mlp)} numbers, bends them with GELU and brings them back to ${c.dim}. Its two matrices hold two thirds of a block’s parameters: compare their areas with those of attention.`,
          zh: `MLP 把每个词元扩展到 ${n(mlp)} 个数，经过 GELU 非线性激活，再变回 ${c.dim} 个数。它的两个矩阵占一层参数的三分之二：可以与注意力的矩阵比较面积。`,
        },
        shows: ['blocks.0.norm2', 'blocks.0.mlp.fc1', 'blocks.0.mlp.gelu', 'blocks.0.mlp.fc2', 'blocks.0'],
      },
      {
        id: 'depth',
        title: { en: 'The same again', zh: '重复多层' },
        says: {
          en: `${c.depth} blocks of the same form follow one another, each with weights of its own. The stream keeps its shape from the first to the last: a block only adds to it.`,
          zh: `${c.depth} 层结构相同，依次相接，各有自己的权重。残差流的形状从第一层到最后一层始终不变：每一层只把自己的结果加上去。`,
        },
        shows: Array.from({ length: c.depth }, (_, i) => `group:blocks.${i}`),
      },
      {
        id: 'answer',
        title: { en: 'One row is read', zh: '只读一行' },
        says: {
          en: `After a last LayerNorm only the class token’s row is kept, and ${c.classes} dot products turn it into a score for each class. The softmax makes probabilities of them: the answer.`,
          zh: `最后的层归一化之后，只保留分类词元的那一行，再用 ${c.classes} 次点积算出每个类别的分数。softmax 把分数变成概率，就是答案。`,
        },
        shows: ['group:head'],
      },
    ];
  },
};
