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
export function timedDocs(place: ResidualPlace, scaleShift: boolean) {
  const say = placed(place);
  return {
    skipCat: say(
      'Stream and skip side by side',
      '特征图与跳跃连接按通道拼接',
      'h = [\\,h\\,;\\,s\\,]',
      'h = torch.cat([h, skips.pop()], dim=1)',
    ),
    temb: say(
      scaleShift ? 'Time, a scale and a shift for each channel' : 'Time, one number a channel',
      scaleShift ? '时间：每个通道一个缩放和一个平移' : '时间：每个通道一个数',
      `${scaleShift ? '(s,\\, b) = ' : ''}W_t\\,\\mathrm{SiLU}(e) + b_t`,
      'temb = block.temb_proj(F.silu(e))',
    ),
    modulated: say(
      'Second norm scaled and shifted by the time',
      '用时间缩放并平移第二次归一化的结果',
      '(1 + s)\\,\\mathrm{GN}(h_1) + b',
      's, b = temb[:, :, None, None].chunk(2, dim=1); h2 = h2 * (1 + s) + b',
    ),
    timed: say(
      'Time added to every pixel',
      '时间加到每个像素上',
      'h_1 + W_t\\,\\mathrm{SiLU}(e) + b_t',
      'h1 = h1 + temb[:, :, None, None]',
    ),
  };
}

/** Docs of the attention of pixels to a text. */
export function textDocs(place: ResidualPlace) {
  const say = placed(place);
  return {
    norm: say('Group norm before the text', '关注文本之前的组归一化', '\\mathrm{GN}(h)', 'z = attn2.norm(h)'),
    places: say('Pixels as rows', '每个像素排成一行', 'z^\\top', 'places = z.flatten(2).transpose(1, 2)'),
    q: say(
      'Queries, one per pixel and head',
      '查询（每个像素、每个头一个）',
      'Q = z^\\top W_q^\\top',
      'q = attn2.q(places).reshape(B, T, h, d).transpose(1, 2)',
    ),
    k: say(
      'Keys, one per token of the text',
      '键（每个文本词元一个）',
      'K = c\\,W_k^\\top',
      'k, v = attn2.kv(context).reshape(B, L, 2, h, d).permute(2, 0, 3, 1, 4)',
    ),
    v: say(
      'Values, one per token of the text',
      '值（每个文本词元一个）',
      'V = c\\,W_v^\\top',
      'k, v = attn2.kv(context).reshape(B, L, 2, h, d).permute(2, 0, 3, 1, 4)',
    ),
    scores: say(
      'Scores of each pixel with each token',
      '每个像素与每个词元的注意力分数',
      'S = Q K^\\top / \\sqrt{d}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: say(
      'How much each pixel reads of each token',
      '每个像素从各词元读取的比例',
      'A = \\mathrm{softmax}(S)',
      'probs = scores.softmax(dim=-1)',
    ),
    out: say('Values mixed', '按概率混合的值', 'A V', 'out = probs @ v'),
    merged: say(
      'Heads side by side',
      '各个头拼接',
      '[A_1 V_1;\\, \\dots]',
      'merged = out.transpose(1, 2).flatten(2)',
    ),
    proj: say('Projected mixture', '投影后的混合', 'W_o [\\dots] + b_o', 'proj = attn2.proj(merged)'),
    sum: say(
      'Residual sum after the text',
      '加上文本注意力后的残差',
      'h + (W_o [\\dots] + b_o)^\\top',
      'h = h + proj.transpose(1, 2).reshape(h.shape)',
    ),
  };
}

export const STEM = {
  context: doc('Text features', '文本特征', 'c \\in \\mathbb{R}^{L \\times D_c}'),
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
