import { blockExplained, ownerOf } from '../shared/block-walk.ts';
import { noisyPicture } from '../shared/denoiser-walk.ts';
import type { Explained, Walk } from '../walk.ts';
import { uvitSizes, type UViTConfig } from './config.ts';

const at = (lesson: string, step: string): Explained => ({ lesson, step });

const OUTSIDE: Readonly<Record<string, Explained>> = {
  x: at('06-noise', 'jump'),
  t: at('08-uvit', 'clock'),
  y: at('08-uvit', 'label'),
  patches: at('01-patches', 'rows'),
  patch_embed: at('01-patches', 'project'),
  'patch_embed.proj': at('01-patches', 'project'),
  timestep_embedding: at('08-uvit', 'clock'),
  time_token: at('08-uvit', 'clock'),
  'time_embed.0': at('08-uvit', 'clock'),
  'time_embed.1': at('08-uvit', 'clock'),
  'time_embed.2': at('08-uvit', 'clock'),
  label_token: at('08-uvit', 'label'),
  label_emb: at('08-uvit', 'label'),
  token_cat: at('08-uvit', 'tokens'),
  tokens: at('08-uvit', 'tokens'),
  pos_embed: at('08-uvit', 'positions'),
  norm: at('07-denoise', 'model'),
  decoder_pred: at('07-denoise', 'model'),
  patch_pred: at('07-denoise', 'model'),
  unpatchify: at('07-denoise', 'model'),
  final_layer: at('08-uvit', 'conv'),
  prediction: at('07-denoise', 'one'),
};

export const WALK: Walk<UViTConfig> = {
  lead: (c) => ({
    en: `A picture with noise goes in at the upper left, with the time and a class as two more tokens; what the network says of it comes out at the upper right. ${uvitSizes(c).blocks} blocks lie in a U, and ${uvitSizes(c).half} long skips cross it.`,
    zh: `左上角输入带噪声的图片，时间和类别作为另外两个词元一同输入；右上角输出网络的预测。${uvitSizes(c).blocks} 层排成 U 形，${uvitSizes(c).half} 条长跳跃连接横跨两侧。`,
  }),
  explained(name) {
    const skip = /\.skip(_cat|_linear|_add)?$/.test(ownerOf(name)) ? at('08-uvit', 'u') : undefined;
    return OUTSIDE[ownerOf(name)] ?? skip ?? blockExplained(name);
  },
  stops(c) {
    const { patches, tokens, half, blocks } = uvitSizes(c);
    const inner = `in_blocks.${half - 1}`;
    return [
      noisyPicture(c.image),
      {
        id: 'cut',
        title: { en: 'Cut as in a ViT', zh: '与 ViT 一样切成图像块' },
        says: {
          en: `The picture is cut into ${patches} patches of ${c.patch} × ${c.patch} pixels, and one matrix turns each of them into ${c.dim} numbers. Up to here nothing is new.`,
          zh: `图片切成 ${patches} 个 ${c.patch} × ${c.patch} 像素的图像块，一个矩阵把每个图像块变成 ${c.dim} 个数。到这里为止，与 ViT 没有区别。`,
        },
        shows: ['patches', 'patch_embed', 'patch_embed.proj.weight'],
      },
      {
        id: 'time',
        title: { en: 'The time becomes a token', zh: '时间变成一个词元' },
        says: {
          en: `How much noise there is, is told by one number, the time; ${c.dim} cosines and sines make a row of it. The row has the width of a patch’s embedding, so it can join the sequence as a token.`,
          zh: `噪声有多强，由一个数即时间给出；${c.dim} 个余弦和正弦把它变成一行。这一行与图像块嵌入同宽，所以能作为词元加入序列。`,
        },
        shows: ['t', 'timestep_embedding', 'time_token'],
      },
      {
        id: 'sequence',
        title: { en: 'Everything is a token', zh: '一切都是词元' },
        says: {
          en: `The class is a row of a table and becomes a token too. Label, time and ${patches} patches make one sequence of ${tokens} rows, and every row gets a position.`,
          zh: `类别是一张表中的一行，也成为一个词元。标签词元、时间词元和 ${patches} 个图像块排成 ${tokens} 行的序列，每一行都加上位置编码。`,
        },
        shows: ['label_token', 'label_emb.weight', 'token_cat', 'tokens', 'pos_embed'],
      },
      {
        id: 'block',
        title: { en: 'A block like any other', zh: '与 ViT 相同的层' },
        says: {
          en: 'Each block is that of a ViT: attention and MLP, each reading the residual stream and adding to it. Nothing in it knows which rows are patches and which are time or label.',
          zh: '每一层都与 ViT 的层相同：注意力和 MLP 先后读取残差流，再把结果加回去。层里没有任何东西区分哪些行是图像块，哪些行是时间或标签。',
        },
        shows: ['group:in_blocks.0'],
      },
      {
        id: 'attention',
        title: { en: 'Patches ask the clock', zh: '图像块读取时间' },
        says: {
          en: `In the ${c.heads} tables of ${tokens} × ${tokens} shares, the first two columns say how much each row takes from the label and from the time. That is the only way by which the two reach the picture.`,
          zh: `在 ${c.heads} 张 ${tokens} × ${tokens} 的份额表里，最前面的两列表示每一行从标签和时间各取多少。标签和时间只能通过这里影响图片。`,
        },
        shows: ['in_blocks.0.attn.scores', 'in_blocks.0.attn.probs'],
      },
      {
        id: 'u',
        title: { en: 'Down and up again', zh: '先向下，再向上' },
        says: {
          en: `${half} blocks lead down on the left, one lies in the middle, ${half} lead up on the right. Unlike a U-Net, the U has no valley: all ${blocks} blocks have the same ${tokens} tokens.`,
          zh: `左侧 ${half} 层向下，中间 1 层，右侧 ${half} 层向上。与 U-Net 不同，这个 U 形不改变分辨率：${blocks} 层的词元数都是 ${tokens}。`,
        },
        shows: [],
      },
      {
        id: 'skip',
        title: { en: 'The long skips', zh: '长跳跃连接' },
        says: {
          en: 'What leaves a block on the left goes on down, and it also crosses to the block at the same height on the right. So the fine detail of the input is still at hand when the answer is made.',
          zh: '左侧每一层的输出继续向下，同时横跨到右侧同一高度的层。这样，生成输出时仍能用到输入的细节。',
        },
        shows: [inner, 'out_blocks.0.skip_cat', 'out_blocks.0.skip_linear'],
      },
      {
        id: 'join',
        title: { en: 'Twice as wide, then back', zh: '拼接，再投影回来' },
        says: {
          en: `Stream and skip are laid side by side, ${2 * c.dim} numbers a row, and one matrix brings them back to ${c.dim}. Its upper half weighs the stream, its lower half the skip.`,
          zh: `残差流与跳跃连接的内容并排拼接，每行 ${2 * c.dim} 个数，再由一个矩阵变回 ${c.dim} 个。矩阵的上半部分作用于残差流，下半部分作用于跳跃连接的内容。`,
        },
        shows: ['out_blocks.0.skip_cat', 'out_blocks.0.skip_linear', 'out_blocks.0.skip_linear.weight'],
      },
      {
        id: 'rows',
        title: { en: 'From rows to pixels', zh: '从行回到像素' },
        says: {
          en: `A last LayerNorm and one matrix give ${c.channels * c.patch * c.patch} numbers for every token. The rows of label and time are dropped, and those of the patches are put back as squares.`,
          zh: `最后的层归一化和一个矩阵为每个词元算出 ${c.channels * c.patch * c.patch} 个数。标签和时间的两行丢弃，图像块的各行放回原来的方格。`,
        },
        shows: ['norm', 'decoder_pred', 'patch_pred', 'unpatchify'],
      },
      {
        id: 'answer',
        title: { en: 'The prediction', zh: '预测' },
        says: {
          en: 'A convolution of 3 × 3 pixels works across the seams of the patches, and what comes out is the prediction, a number for every number of the input. Together with the input it tells what the picture without noise would be; a sampler takes one small step that way and asks again.',
          zh: '一个 3 × 3 的卷积跨过图像块的接缝再处理一次，输出就是预测：输入的每个数对应一个数。预测与输入合在一起，就能算出没有噪声的图片会是什么；采样器朝它走一小步，然后再次调用网络。',
        },
        shows: ['unpatchify', 'final_layer.weight', 'final_layer.bias', 'prediction', 'x0_hat'],
      },
    ];
  },
};
