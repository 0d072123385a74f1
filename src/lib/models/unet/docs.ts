import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';

/** Where a block of the U stands, in words: "level 2 (8 × 8) of the way down". */
export interface UNetPlace {
  readonly en: string;
  readonly zh: string;
}

export function placeOf(way: 'down' | 'mid' | 'up', side: number, j: number): UNetPlace {
  const ways = {
    down: [`way down, ${side} × ${side}, block ${j}`, `下行 ${side} × ${side} 的第 ${j} 个残差块`],
    mid: [`bottom, ${side} × ${side}, block ${j}`, `底部 ${side} × ${side} 的第 ${j} 个残差块`],
    up: [`way up, ${side} × ${side}, block ${j}`, `上行 ${side} × ${side} 的第 ${j} 个残差块`],
  } as const;
  const [en, zh] = ways[way];
  return { en, zh };
}

/** Docs of a residual block. */
export function resDocs({ en, zh }: UNetPlace, shortcut: boolean) {
  const say = (e: string, z: string, formula: string, torch: string): Doc =>
    doc(`${e}, ${en}`, `${zh}：${z}`, formula, torch);
  const carried = shortcut ? 'W_s h' : 'h';
  return {
    skipCat: say(
      'Stream and skip side by side',
      '特征图与跳跃连接按通道拼接',
      'h = [\\,h\\,;\\,s\\,]',
      'h = torch.cat([h, skips.pop()], dim=1)',
    ),
    norm1: say('First group norm', '第一次组归一化（group norm）', '\\mathrm{GN}(h)', 'h1 = block.norm1(h)'),
    conv1: say(
      'First 3 × 3 convolution',
      '第一个 3 × 3 卷积',
      'W_1 * \\mathrm{SiLU}(\\mathrm{GN}(h)) + b_1',
      'h1 = block.conv1(F.silu(h1))',
    ),
    temb: say(
      'Time, one number a channel',
      '时间：每个通道一个数',
      'W_t\\,\\mathrm{SiLU}(e) + b_t',
      'temb = block.temb_proj(F.silu(e))',
    ),
    timed: say(
      'Time added to every pixel',
      '时间加到每个像素上',
      'h_1 + W_t\\,\\mathrm{SiLU}(e) + b_t',
      'h1 = h1 + temb[:, :, None, None]',
    ),
    norm2: say('Second group norm', '第二次组归一化', '\\mathrm{GN}(h_1)', 'h2 = block.norm2(h1)'),
    conv2: say(
      'Second 3 × 3 convolution',
      '第二个 3 × 3 卷积',
      'W_2 * \\mathrm{SiLU}(\\mathrm{GN}(h_1)) + b_2',
      'h2 = block.conv2(F.silu(h2))',
    ),
    shortcut: say(
      'Shortcut, 1 × 1 convolution',
      '残差连接上的 1 × 1 卷积',
      'W_s h + b_s',
      'shortcut = block.nin_shortcut(h)',
    ),
    out: say('Residual sum', '残差相加', `${carried} + h_2`, `h = ${shortcut ? 'shortcut' : 'h'} + h2`),
  };
}

/** Docs of an attention block over pixels. */
export function attnDocs({ en, zh }: UNetPlace) {
  const say = (e: string, z: string, formula: string, torch: string): Doc =>
    doc(`${e}, ${en}`, `${zh}：${z}`, formula, torch);
  return {
    norm: say('Group norm before attention', '注意力之前的组归一化', '\\mathrm{GN}(h)', 'z = attn.norm(h)'),
    q: say('Queries, one per pixel', '查询（每个像素一个）', 'Q = W_q z + b_q', 'q = attn.q(z).flatten(2)'),
    k: say('Keys, one per pixel', '键（每个像素一个）', 'K = W_k z + b_k', 'k = attn.k(z).flatten(2)'),
    v: say('Values, one per pixel', '值（每个像素一个）', 'V = W_v z + b_v', 'v = attn.v(z).flatten(2)'),
    scores: say(
      'Attention scores between pixels',
      '像素之间的注意力分数',
      'S = Q^\\top K / \\sqrt{C}',
      'scores = q.transpose(1, 2) @ k / C ** 0.5',
    ),
    probs: say(
      'Attention probabilities',
      '注意力概率',
      '\\mathrm{softmax}(S)',
      'probs = scores.softmax(dim=-1)',
    ),
    mixed: say('Values mixed', '按概率混合的值', 'V A^\\top', 'mixed = v @ probs.transpose(1, 2)'),
    proj: say(
      'Projected mixture, as a picture again',
      '投影后排回图像',
      'W_o V A^\\top + b_o',
      'proj = attn.proj_out(mixed.reshape(B, C, H, W))',
    ),
    out: say('Residual sum after attention', '加上注意力后的残差', 'h + W_o V A^\\top', 'h = h + proj'),
  };
}

export const STEM = {
  x: doc('Noisy picture', '带噪声的图像', 'x_t'),
  t: doc('Time, a step from 0 to 999', '时间步，0 到 999', 't'),
  y: doc('Class index', '类别编号', 'y'),
  sinusoid: doc(
    'Sines and cosines of the time',
    '时间的正弦与余弦',
    '[\\cos(t f),\\, \\sin(t f)]',
    'e = timestep_embedding(t, width)',
  ),
  dense0: doc(
    'Time through the first linear layer',
    '时间经过第一个线性层',
    'W_0 e + b_0',
    'e = temb.dense[0](e)',
  ),
  dense1: doc(
    'Time vector that every residual block reads',
    '供每个残差块读取的时间向量',
    'W_1\\,\\mathrm{SiLU}(W_0 e + b_0) + b_1',
    'e = temb.dense[1](F.silu(e))',
  ),
  label: doc('Row of the class table', '类别嵌入表中的一行', 'E_y', 'label = label_emb(y)'),
  condition: doc('Time and class together', '时间与类别之和', 'e_t + E_y', 'e = e + label'),
  conv_in: doc('Picture lifted to C channels', '把图像提升到 C 个通道', 'W * x_t + b', 'h = conv_in(x)'),
  norm_out: doc('Last group norm', '最后的组归一化', '\\mathrm{GN}(h)', 'h = norm_out(h)'),
  prediction: doc(
    'Predicted noise',
    '预测的噪声',
    '\\hat\\epsilon = W * \\mathrm{SiLU}(\\mathrm{GN}(h)) + b',
    'prediction = conv_out(F.silu(h))',
  ),
} as const;

/** Docs of a change of resolution to `side` pixels. */
export function resizeDoc(kind: 'down' | 'up', side: number): Doc {
  return kind === 'down'
    ? doc(
        `Halved to ${side} × ${side} by a convolution of stride 2`,
        `用步长为 2 的卷积缩到 ${side} × ${side}`,
        'h = W *_{2} h + b',
        'h = downsample.conv(F.pad(h, (0, 1, 0, 1)))',
      )
    : doc(
        `Doubled to ${side} × ${side}, then convolved`,
        `放大到 ${side} × ${side} 再做卷积`,
        'h = W * \\mathrm{up}_2(h) + b',
        "h = upsample.conv(F.interpolate(h, scale_factor=2, mode='nearest'))",
      );
}
