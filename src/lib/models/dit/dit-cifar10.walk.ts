import { blockExplained, ownerOf } from '../shared/block-walk.ts';
import { noisyPicture } from '../shared/denoiser-walk.ts';
import type { Explained, Walk } from '../walk.ts';
import { ditSizes, type DiTConfig } from './config.ts';

const at = (lesson: string, step: string): Explained => ({ lesson, step });

/** By the name without its block's; the first pattern that fits. */
const PARTS: readonly (readonly [RegExp, Explained])[] = [
  [/^x$/, at('06-noise', 'jump')],
  [/^patches$/, at('01-patches', 'rows')],
  [/^x_embedder/, at('01-patches', 'project')],
  [/^tokens$/, at('02-tokens', 'written')],
  [/^(t|t_embedder.*)$/, at('08-uvit', 'clock')],
  [/^(y|y_embedder.*|c|c_silu)$/, at('09-dit', 'condition')],
  [/adaLN_modulation|\.(shift|scale)(_m\w+)?$|modulated\d?$/, at('09-dit', 'fold')],
  [/gate_m\w+$|\.gated$/, at('09-dit', 'zero')],
  [/^(final_layer.*|unpatchify|variance|patch_tokens)$/, at('07-denoise', 'model')],
  [/^prediction$/, at('07-denoise', 'one')],
];

export const WALK: Walk<DiTConfig> = {
  lead: ({ depth }) => ({
    en: `A picture with noise goes in at the upper left, what the network says of it comes out at the lower right. Time and class are no tokens here: they set shift, scale and gate in each of the ${depth} blocks.`,
    zh: `左上角输入带噪声的图片，右下角输出网络的预测。时间和类别在这里不是词元：它们决定 ${depth} 层中每一层的平移、缩放和门控系数。`,
  }),
  explained: (name) => PARTS.find(([pattern]) => pattern.test(ownerOf(name)))?.[1] ?? blockExplained(name),
  stops(c) {
    const { patches } = ditSizes(c);
    const in0 = (...names: readonly string[]) => names.map((name) => `blocks.0.${name}`);
    return [
      noisyPicture(c.image),
      {
        id: 'cut',
        title: { en: 'Patches alone', zh: '只有图像块' },
        says: {
          en: `It is cut into ${patches} patches, each becomes ${c.dim} numbers, and a fixed pattern of sines and cosines says where it was. The sequence holds nothing else: no token for the time, none for the class.`,
          zh: `图片切成 ${patches} 个图像块，每个变成 ${c.dim} 个数，再加上固定的正弦余弦位置编码。序列里没有别的：没有时间词元，也没有标签词元。`,
        },
        shows: ['patches', 'x_embedder', 'x_embedder.proj.weight', 'tokens'],
      },
      {
        id: 'condition',
        title: { en: 'One vector for time and class', zh: '时间与类别合成一个向量' },
        says: {
          en: `The time becomes ${c.timeFrequencies} sines and cosines and passes two linear layers; the class is a row of a table. Their sum is the condition vector c, ${c.dim} numbers that every block reads.`,
          zh: `时间变成 ${c.timeFrequencies} 个正弦和余弦，再经过两个线性层；类别是一张表中的一行。两者之和就是条件向量 c，共 ${c.dim} 个数，每一层都要读取它。`,
        },
        shows: ['t_embedder.sinusoid', 't_embedder.mlp.0', 't_embedder', 'y_embedder', 'c', 'c_silu'],
      },
      {
        id: 'block',
        title: { en: 'One block', zh: '一层的结构' },
        says: {
          en: 'The pale band at the bottom is the residual stream, as in a ViT; attention and the MLP are branches that leave it and come back. New are the thin rows at the left: six vectors made of c.',
          zh: '底部的浅色带是残差流，与 ViT 相同；注意力和 MLP 是离开它又回到它的两个分支。新的是左边那些细行：由 c 算出的六个向量。',
        },
        shows: ['group:blocks.0'],
      },
      {
        id: 'six',
        title: { en: 'Six meanings', zh: '六段的含义' },
        says: {
          en: 'One matrix makes them, and it is large: it holds about a third of a block’s parameters. They are a shift, a scale and a gate for attention, and the same for the MLP.',
          zh: '它们由一个矩阵算出，这个矩阵很大，约占一层参数的三分之一。六个向量是注意力的平移、缩放和门控系数，以及 MLP 的平移、缩放和门控系数。',
        },
        shows: in0(
          'adaLN_modulation',
          'adaLN_modulation.1.weight',
          ...['shift_msa', 'scale_msa', 'gate_msa', 'shift_mlp', 'scale_mlp', 'gate_mlp'],
        ),
      },
      {
        id: 'modulate',
        title: { en: 'Shift and scale', zh: '平移与缩放' },
        says: {
          en: 'LayerNorm has no weights of its own here; its output is scaled and shifted channel by channel, alike for every token. So the time speaks to all patches at once, without attention.',
          zh: '这里的层归一化没有自己的权重；它的输出逐个通道缩放、平移，对所有词元都一样。时间就这样同时作用于所有图像块，不经过注意力。',
        },
        shows: in0('norm1', 'modulated1'),
      },
      {
        id: 'attention',
        title: { en: 'Patches look at patches', zh: '图像块之间的注意力' },
        says: {
          en: `In the ${c.heads} tables of ${patches} × ${patches} shares every row is a patch, and so is every column. What they exchange depends on time and class all the same, since both have shaped queries, keys and values.`,
          zh: `在 ${c.heads} 张 ${patches} × ${patches} 的份额表里，每一行和每一列都是图像块。交换的内容仍然取决于时间和类别，因为查询、键和值都受过它们的调制。`,
        },
        shows: in0('attn.scores', 'attn.probs'),
      },
      {
        id: 'gate',
        title: { en: 'A gate before the sum', zh: '相加之前的门控' },
        says: {
          en: 'What a branch found is multiplied by the gate before it joins the stream. Training began with all gates at zero, so that every block at first passed its input on unchanged.',
          zh: '分支的结果先乘以门控系数，再加回残差流。训练开始时所有门控系数都是零，因此每一层起初都原样传递输入。',
        },
        shows: in0('attn.proj', 'attn.gated', 'attn.residual'),
      },
      {
        id: 'depth',
        title: { en: 'The same again', zh: '重复多层' },
        says: {
          en: `${c.depth} blocks of this form follow one another, without long skips. All read the same c, each through a matrix of its own.`,
          zh: `${c.depth} 层结构相同，依次相接，没有长跳跃连接。各层读取同一个 c，各用自己的矩阵。`,
        },
        shows: Array.from({ length: c.depth }, (_, i) => `group:blocks.${i}`),
      },
      {
        id: 'answer',
        title: { en: 'The prediction', zh: '预测' },
        says: {
          en: 'A last modulated norm and one matrix turn every token into the pixels of its patch, and the patches are put back as squares. Together with the input this prediction tells what the picture without noise would be.',
          zh: '最后一次调制的归一化和一个矩阵把每个词元变成图像块的像素，再放回原来的方格。预测与输入合在一起，就能算出没有噪声的图片会是什么。',
        },
        shows: ['group:head'],
      },
    ];
  },
};
