import type { Doc } from '#lib/graph/index.ts';
import { doc, mlpDocs, type BlockPlace } from '../shared/block-docs.ts';
import type { DiTConfig } from './config.ts';

/** Parts of a block's modulation in the order of the linear layer's rows. */
export const PARTS = ['shift_msa', 'scale_msa', 'gate_msa', 'shift_mlp', 'scale_mlp', 'gate_mlp'] as const;
export type Part = (typeof PARTS)[number];

/** The parts that the configuration has. */
export function partsOf(c: DiTConfig): readonly Part[] {
  if (c.condition === 'adaln-zero') return PARTS;
  return c.condition === 'adaln' ? PARTS.filter((p) => !p.startsWith('gate')) : [];
}

const SYMBOLS: Readonly<Record<Part, string>> = {
  shift_msa: '\\beta_1',
  scale_msa: '\\gamma_1',
  gate_msa: '\\alpha_1',
  shift_mlp: '\\beta_2',
  scale_mlp: '\\gamma_2',
  gate_mlp: '\\alpha_2',
};
const WORDS: Readonly<Record<Part, readonly [string, string]>> = {
  shift_msa: ['Shift before attention', '注意力之前的平移（shift）'],
  scale_msa: ['Scale before attention', '注意力之前的缩放（scale）'],
  gate_msa: ['Gate of attention', '注意力分支的门控（gate）'],
  shift_mlp: ['Shift before the MLP', 'MLP 之前的平移（shift）'],
  scale_mlp: ['Scale before the MLP', 'MLP 之前的缩放（scale）'],
  gate_mlp: ['Gate of the MLP', 'MLP 分支的门控（gate）'],
};

/** Docs of a modulated block (adaLN, adaLN-Zero). */
export function adaDocs(place: BlockPlace, c: DiTConfig) {
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const parts = partsOf(c);
  const zero = c.condition === 'adaln-zero';
  const gate = place.gate?.formula ?? '';
  const torchGate = place.gate?.torch ?? '';
  const part = (p: Part): Doc =>
    doc(
      en(WORDS[p][0]),
      zh(WORDS[p][1]),
      `${SYMBOLS[p]} \\in \\mathbb{R}^{D}`,
      `${parts.join(', ')} = modulation.chunk(${parts.length}, dim=1)`,
    );
  const norm = (input: string) => `\\frac{${input} - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}}`;
  const first = `(1 + \\gamma_1) \\odot \\mathrm{LN}(z) + \\beta_1`;
  const second = `(1 + \\gamma_2) \\odot \\mathrm{LN}(z') + \\beta_2`;
  return {
    modulation: doc(
      en('Modulation: shifts, scales' + (zero ? ' and gates' : '')),
      zh(zero ? '调制量：平移、缩放与门控' : '调制量：平移与缩放'),
      `(${parts.map((p) => SYMBOLS[p]).join(', ')}) = W\\,\\mathrm{SiLU}(c) + b`,
      'modulation = adaLN_modulation[1](c_silu)',
    ),
    part,
    norm1: doc(
      en('LayerNorm without weights, before attention'),
      zh('注意力之前不带参数的层归一化（LayerNorm）'),
      `\\mathrm{LN}(z) = ${norm('z')},\\quad z = ${place.input}`,
      'norm1 = F.layer_norm(x, (D,), eps=eps)',
    ),
    modulated1: doc(
      en('Shifted and scaled, before attention'),
      zh('注意力之前平移、缩放后的词元'),
      first,
      'modulated1 = norm1 * (1 + scale_msa[:, None]) + shift_msa[:, None]',
    ),
    gated1: doc(
      en('Attention times its gate'),
      zh('乘上门控的注意力输出'),
      '\\alpha_1 \\odot \\mathrm{MSA}(\\cdot)',
      'gated = gate_msa[:, None] * proj',
    ),
    residual: doc(
      en('Residual stream after attention'),
      zh('加上注意力输出后的残差流'),
      `z' = z + ${gate}${zero ? '\\alpha_1 \\odot ' : ''}\\mathrm{MSA}\\left(${first}\\right)`,
      `x = x + ${torchGate}${zero ? 'gated' : 'proj'}`,
    ),
    norm2: doc(
      en('LayerNorm without weights, before the MLP'),
      zh('MLP 之前不带参数的层归一化（LayerNorm）'),
      `\\mathrm{LN}(z') = ${norm("z'")}`,
      'norm2 = F.layer_norm(x, (D,), eps=eps)',
    ),
    modulated2: doc(
      en('Shifted and scaled, before the MLP'),
      zh('MLP 之前平移、缩放后的词元'),
      second,
      'modulated2 = norm2 * (1 + scale_mlp[:, None]) + shift_mlp[:, None]',
    ),
    ...mlpDocs(place, c.gelu, 'modulated2', `\\left(${second}\\right)`),
    gated2: doc(
      en('MLP times its gate'),
      zh('乘上门控的 MLP 输出'),
      '\\alpha_2 \\odot \\mathrm{MLP}(\\cdot)',
      'gated = gate_mlp[:, None] * fc2',
    ),
    output: doc(
      `Output of ${place.en}`,
      `${place.zh}的输出`,
      `${place.output} = z' + ${gate}${zero ? '\\alpha_2 \\odot ' : ''}\\mathrm{MLP}\\left(${second}\\right)`,
      `x = x + ${torchGate}${zero ? 'gated' : 'fc2'}`,
    ),
  };
}

/** Docs of the cross-attention of a block. */
export function crossDocs(place: BlockPlace, count: number) {
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const gate = place.gate?.formula ?? '';
  return {
    norm: doc(
      en('LayerNorm before cross-attention'),
      zh('交叉注意力之前的层归一化（LayerNorm）'),
      '\\mathrm{LN}(z)',
      'norm_cross = model.norm_cross(x)',
    ),
    parts: {
      q: doc(
        en('Queries of the patches'),
        zh('图像块的查询（query）'),
        'Q = \\mathrm{LN}(z)\\,W_q^\\top',
        'q = cross.q(norm_cross).reshape(B, T, h, d).transpose(1, 2)',
      ),
      k: doc(
        en('Keys of the condition'),
        zh('条件的键（key）'),
        'K = e\\,W_k^\\top',
        `k, v = cross.kv(cond).reshape(B, ${count}, 2, h, d).permute(2, 0, 3, 1, 4)`,
      ),
      v: doc(
        en('Values of the condition'),
        zh('条件的值（value）'),
        'V = e\\,W_v^\\top',
        `k, v = cross.kv(cond).reshape(B, ${count}, 2, h, d).permute(2, 0, 3, 1, 4)`,
      ),
      scores: doc(
        en('Scores of the patches against the condition'),
        zh('图像块对条件的注意力分数'),
        'S = \\frac{Q K^\\top}{\\sqrt{d}}',
        'scores = q @ k.transpose(-2, -1) / d ** 0.5',
      ),
      probs: doc(
        en('Attention to time and class'),
        zh('对时间与类别的注意力概率'),
        '\\mathrm{softmax}(S)',
        'probs = scores.softmax(dim=-1)',
      ),
      out: doc(
        en('Condition mixed in, head by head'),
        zh('各注意力头混入的条件'),
        'A^{(h)} V^{(h)}',
        'out = probs @ v',
      ),
      merged: doc(
        en('Heads of cross-attention side by side'),
        zh('拼接后的交叉注意力各头输出'),
        '[\\,O^{(1)}\\,|\\,\\dots\\,|\\,O^{(h)}\\,]',
        'merged = out.transpose(1, 2).reshape(B, T, D)',
      ),
      proj: doc(
        en('Cross-attention output'),
        zh('交叉注意力输出的线性投影'),
        'O\\,W_O^\\top + b_O',
        'proj = cross.proj(merged)',
      ),
    },
    residual: doc(
      en('Residual stream after cross-attention'),
      zh('加上交叉注意力输出后的残差流'),
      `z'' = z' + ${gate}\\mathrm{MCA}(\\mathrm{LN}(z'), [e_t; e_y])`,
      `x = x + ${place.gate?.torch ?? ''}proj`,
    ),
  };
}
