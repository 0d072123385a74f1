import { doc } from '../shared/block-docs.ts';
import { placed, type ResidualPlace } from '../shared/residual-docs.ts';

export function placeOf(way: 'down' | 'mid' | 'up', side: number, j: number): ResidualPlace {
  const ways = {
    down: [`way down, ${side} × ${side}, block ${j}`, `下行 ${side} × ${side} 的第 ${j} 个残差块`],
    mid: [`bottom, ${side} × ${side}, block ${j}`, `底部 ${side} × ${side} 的第 ${j} 个残差块`],
    up: [`way up, ${side} × ${side}, block ${j}`, `上行 ${side} × ${side} 的第 ${j} 个残差块`],
  } as const;
  const [en, zh] = ways[way];
  return { en, zh };
}

/** Docs of what a block of the U has beside an ordinary residual block. */
export function timedDocs(place: ResidualPlace) {
  const say = placed(place);
  return {
    skipCat: say(
      'Stream and skip side by side',
      '特征图与跳跃连接按通道拼接',
      'h = [\\,h\\,;\\,s\\,]',
      'h = torch.cat([h, skips.pop()], dim=1)',
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
