import { doc } from '../shared/block-docs.ts';

const split = (name: string): string => `${name} = ${name}.reshape(h, N, d)`;

/** Docs of one attention without weights. */
export const DOCS = {
  q: doc('Queries', '查询（query）', 'q_i \\in \\mathbb{R}^{d}', split('q')),
  k: doc('Keys', '键（key）', 'k_j \\in \\mathbb{R}^{d}', split('k')),
  v: doc('Values', '值（value）', 'v_j \\in \\mathbb{R}^{d}', split('v')),
  scores: doc(
    'Scores',
    '注意力分数',
    'S = \\frac{Q K^\\top}{\\sqrt{d}}',
    'scores = q @ k.transpose(-2, -1) / d ** 0.5',
  ),
  probs: doc('Attention', '注意力概率', 'A = \\mathrm{softmax}(S)', 'probs = scores.softmax(dim=-1)'),
  out: doc('Values mixed by attention', '值的加权和', 'O = A V', 'out = probs @ v'),
};

/** Docs of windows. `rolled`: the grid is rolled by `shift` before it is cut. */
export const windowDocs = (shift: number) => {
  const roll = (name: string) => `${name} = ${name}.reshape(h, g, g, d).roll((-${shift}, -${shift}), (1, 2))`;
  const cut = (name: string) =>
    `${name}_windows = ${name}.reshape(h, g // M, M, g // M, M, d).transpose(2, 3).flatten(1, 2).flatten(2, 3)`;
  const from = shift > 0 ? '循环移位后的' : '';
  return {
    rolled: (name: 'q' | 'k' | 'v', en: string, zh: string) =>
      doc(
        `${en}, the grid rolled`,
        `${zh}：网格循环移位后`,
        `\\tilde ${name} = \\mathrm{roll}(${name}, -${shift})`,
        roll(name),
      ),
    cut: (name: 'q' | 'k' | 'v', en: string, zh: string) =>
      doc(
        `${en}, window by window`,
        `${from}${zh}：按窗口排列`,
        `${name}^{(w)} \\in \\mathbb{R}^{M^2 \\times d}`,
        cut(name),
      ),
    mask: doc(
      'Mask of the shifted windows',
      '移位窗口的掩码',
      'm_{ij} = \\begin{cases} 0 & \\text{neighbours before the roll} \\\\ -100 & \\text{else} \\end{cases}',
      'mask = torch.where(region[:, :, None] == region[:, None, :], 0.0, -100.0)',
    ),
    scores: doc(
      'Scores within windows',
      '窗口内的注意力分数',
      shift > 0 ? 'S = \\frac{Q K^\\top}{\\sqrt{d}} + m' : 'S = \\frac{Q K^\\top}{\\sqrt{d}}',
      `scores = q_windows @ k_windows.transpose(-2, -1) / d ** 0.5${shift > 0 ? ' + mask' : ''}`,
    ),
    mixed: doc('Values mixed within windows', '窗口内值的加权和', 'O = A V', 'mixed = probs @ v_windows'),
    unrolled: doc(
      'Values mixed by attention',
      '值的加权和，按网格顺序排列',
      'O = \\mathrm{roll}(O, +s)',
      'out = mixed',
    ),
  };
};

/** Docs of the kinds without softmax. */
export const LINEAR = {
  q: doc('Queries after ReLU', '经过 ReLU 的查询', '\\phi(q) = \\max(q, 0)', 'q_relu = q.relu()'),
  k: doc('Keys after ReLU', '经过 ReLU 的键', '\\phi(k) = \\max(k, 0)', 'k_relu = k.relu()'),
  kv: doc(
    'Keys times values, summed over all tokens',
    '键与值的乘积之和',
    'K^\\top V = \\sum_j \\phi(k_j)\\, v_j^\\top \\in \\mathbb{R}^{d \\times d}',
    'kv = k_relu.transpose(-2, -1) @ v',
  ),
  normaliser: doc(
    'Sum of a row’s weights',
    '每一行的权重之和',
    'Z_i = \\phi(q_i) \\cdot \\sum_j \\phi(k_j)',
    'normaliser = q_relu @ k_relu.sum(dim=-2).unsqueeze(-1) + 1e-6',
  ),
  scores: doc(
    'Weights before they are divided',
    '归一化之前的权重',
    'W = \\phi(Q)\\, \\phi(K)^\\top',
    'scores = q_relu @ k_relu.transpose(-2, -1)',
  ),
  sums: doc(
    'Sum of a row’s weights',
    '每一行的权重之和',
    'Z_i = \\sum_j W_{ij}',
    'normaliser = scores.sum(dim=-1, keepdim=True) + 1e-6',
  ),
  probs: doc(
    'Weights of a row, which sum to 1',
    '每一行归一化后的权重',
    'A_{ij} = W_{ij} / Z_i',
    'probs = scores / normaliser',
  ),
  out: doc(
    'Values mixed by linear attention',
    '线性注意力的输出',
    'o_i = \\frac{\\phi(q_i)\\, (K^\\top V)}{Z_i}',
    'out = (q_relu @ kv) / normaliser',
  ),
};
