import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';
import { PICTURE_DOC } from '../shared/patch-docs.ts';
import type { DetrConfig } from './config.ts';

/** Docs of the way from a picture to tokens, in the stems of our own and behind every stem. */
export const STEM_DOCS = {
  x: PICTURE_DOC,
  patches: doc(
    'Flattened patches',
    '展平的图像块',
    'x_p \\in \\mathbb{R}^{N \\times C s^2}',
    'patches = F.unfold(x, s, stride=s).transpose(1, 2)',
  ),
  patchEmbed: doc(
    'Patch embeddings, each at its place',
    '图像块嵌入，按位置排成特征图',
    'f_{ij} = W x_p^{(ij)} + b',
    'patch_embed = F.conv2d(x, patch_embed.weight, patch_embed.bias, stride=s)',
  ),
  inputProj: doc(
    'Features at the width of the transformer',
    '投影到 Transformer 宽度的特征图',
    'z_{ij} = W f_{ij} + b',
    'input_proj = input_proj(features)  # 1 × 1 convolution',
  ),
  tokens: doc(
    'Tokens: the places of the map in one sequence',
    '词元：特征图的各个位置排成一个序列',
    "x_0 \\in \\mathbb{R}^{N \\times D},\\quad N = H'W'",
    'tokens = input_proj.flatten(2).transpose(1, 2)',
  ),
};

/** Doc of the tokens with positions, where they get them at the input, too. `live`: the graph has intervention inputs. */
export const withPosDoc = (live: boolean): Doc =>
  doc(
    'Tokens with positions, as the encoder begins with them',
    '加上位置编码的词元，编码器的起点',
    `x_0 + ${live ? '\\alpha\\,' : ''}p`,
    `tokens = tokens + ${live ? 'pos_scale * ' : ''}pos`,
  );

/** Docs of convolution `i` of the stem of small ones: what it makes, its norm, and the result after ReLU. */
export function convolutionDocs(i: number): Readonly<Record<'conv' | 'norm' | 'output', Doc>> {
  const module = `stem[${i}]`;
  return {
    conv: doc(
      `Convolution ${i} of the stem, 3 × 3 with stride 2`,
      `骨干网络的第 ${i} 个卷积，3 × 3，步幅 2`,
      'u = K * f',
      `conv = ${module}.conv(x)`,
    ),
    norm: doc(
      `Group norm, convolution ${i} of the stem`,
      `骨干网络第 ${i} 个卷积之后的组归一化（GroupNorm）`,
      'n_c = \\gamma_c \\frac{u_c - \\mu_g}{\\sqrt{\\sigma_g^2 + \\epsilon}} + \\beta_c',
      `norm = ${module}.norm(conv)`,
    ),
    output: doc(
      `Features after convolution ${i} of the stem`,
      `骨干网络第 ${i} 个卷积之后的特征`,
      '\\max(n, 0)',
      'x = F.relu(norm)',
    ),
  };
}

/** Docs of the tokens between encoder and decoder. `live` says that the graph has intervention inputs. */
export function memoryDocs(c: DetrConfig, live: boolean) {
  return {
    memory: doc(
      'Memory: the tokens as the encoder leaves them',
      '记忆（memory）：编码器输出的词元',
      `m = x_{${c.encoderDepth}}`,
      'memory = encoder(tokens, pos)',
    ),
    keys: doc(
      'Memory with positions, for the keys that queries look at',
      '加上位置编码的记忆，用来算查询所注意的键',
      `m + ${live ? '\\alpha_k\\,' : ''}p`,
      `keys = memory + ${live ? 'key_pos_scale * ' : ''}pos`,
    ),
  };
}

/** Docs of what is read off layer `i` of the decoder. `live` says that the graph has intervention inputs. */
export function headDocs(c: DetrConfig, i: number, live: boolean) {
  const last = i === c.decoderDepth - 1;
  const en = last ? '' : ` after decoder layer ${i}`;
  const zh = last ? '' : `解码器第 ${i} 层之后的`;
  return {
    norm: doc(
      `Queries after decoder layer ${i}, normalised for the heads`,
      `解码器第 ${i} 层之后、经过层归一化（LayerNorm）供预测头读取的查询`,
      `\\hat y = \\mathrm{LN}(y_{${i + 1}})`,
      'hidden = decoder.norm(x)',
    ),
    logits: doc(
      `Logits of the classes and of “no object”${en}`,
      `${zh}各类别与“无物体”（no object）的 logit`,
      '\\ell = \\hat y\\,W_c^\\top + b_c',
      'logits = class_embed(hidden)',
    ),
    probs: doc(
      `Probabilities of the classes and of “no object”${en}`,
      `${zh}各类别与“无物体”的概率`,
      live ? '\\mathrm{softmax}(\\ell + m)' : '\\mathrm{softmax}(\\ell)',
      live ? 'probs = (logits + class_bias).softmax(dim=-1)' : 'probs = logits.softmax(dim=-1)',
    ),
    boxes: doc(
      `Boxes: centre, width and height as shares of the picture${en}`,
      `${zh}边界框：中心、宽和高，都是占图像的比例`,
      '(c_x, c_y, w, h) = \\sigma(\\mathrm{MLP}(\\hat y))',
      'boxes = bbox_embed(hidden).sigmoid()',
    ),
  };
}
