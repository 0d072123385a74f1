import type { Doc } from '#lib/graph/index.ts';
import { doc } from './block-docs.ts';

/** Where a block of a convolutional network stands, in words: "way down, 8 × 8, block 1". */
export interface ResidualPlace {
  readonly en: string;
  readonly zh: string;
}

/** What says of a tensor where it is. */
export function placed({ en, zh }: ResidualPlace) {
  return (e: string, z: string, formula: string, torch: string): Doc =>
    doc(`${e}, ${en}`, `${zh}：${z}`, formula, torch);
}

/** Docs of a residual block. */
export function resDocs(place: ResidualPlace, shortcut: boolean) {
  const say = placed(place);
  const carried = shortcut ? 'W_s h' : 'h';
  return {
    norm1: say('First group norm', '第一次组归一化（group norm）', '\\mathrm{GN}(h)', 'h1 = block.norm1(h)'),
    conv1: say(
      'First 3 × 3 convolution',
      '第一个 3 × 3 卷积',
      'W_1 * \\mathrm{SiLU}(\\mathrm{GN}(h)) + b_1',
      'h1 = block.conv1(F.silu(h1))',
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
export function attnDocs(place: ResidualPlace) {
  const say = placed(place);
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
