import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';
import { PICTURE_DOC } from '../shared/patch-docs.ts';

/** Docs of what comes before the first stage. */
export const STEM = {
  x: PICTURE_DOC,
  conv: doc(
    'Whitened 2 × 2 patches',
    '白化后的 2 × 2 邻域',
    'u_0 = \\pm\\Lambda^{-1/2} V^\\top x_{2 \\times 2} + b',
    'whiten_conv = F.conv2d(x, whiten.weight, whiten.bias)',
  ),
  out: doc(
    'Whitened patches after GELU',
    '白化后的邻域经过 GELU',
    'h_0 = \\mathrm{GELU}(u_0)',
    'whiten = F.gelu(whiten_conv)',
  ),
};

/** Where a unit stands: stage and unit, both from 0, and whether it halves the picture's side. */
export interface UnitPlace {
  readonly stage: number;
  readonly unit: number;
  readonly pools: boolean;
}

/** Docs of one unit of a stage. */
export function unitDocs({
  stage,
  unit,
  pools,
}: UnitPlace): Readonly<Record<'conv' | 'pool' | 'norm' | 'out', Doc>> {
  const module = `body[${stage}][${unit}]`;
  const en = `stage ${stage}, unit ${unit}`;
  const zh = `第 ${stage} 阶段第 ${unit} 单元`;
  const entered = stage === 0 && unit === 0 ? 'h_0' : 'h';
  const normed = pools ? 'm' : 'u';
  return {
    conv: doc(
      `Convolution, ${en}`,
      `${zh}：卷积`,
      `u = K * ${entered}`,
      `conv = ${module}[0](x)  # 3 × 3, padding 1, no bias`,
    ),
    pool: doc(
      `Largest of 2 × 2, ${en}`,
      `${zh}：2 × 2 最大池化`,
      'm_{c,i,j} = \\max_{0 \\le a,b \\le 1} u_{c,\\,2i+a,\\,2j+b}',
      `pool = ${module}[1](conv)  # F.max_pool2d(conv, 2)`,
    ),
    norm: doc(
      `Batch normalisation, ${en}`,
      `${zh}：批归一化（BatchNorm）`,
      `n_c = \\gamma_c \\frac{${normed}_c - \\mu_c}{\\sqrt{\\sigma_c^2 + \\epsilon}} + \\beta_c`,
      `norm = ${module}[${pools ? 2 : 1}](${pools ? 'pool' : 'conv'})  # stored mean and variance`,
    ),
    out: doc(`GELU, ${en}`, `${zh}：GELU`, 'h = \\mathrm{GELU}(n)', 'x = F.gelu(norm)'),
  };
}

/** Docs of what comes after the last stage. */
export const HEAD = {
  features: doc(
    'Features: the largest of each channel',
    '特征：每个通道的最大值',
    'f_c = \\max_{i,j} h_{c,i,j}',
    'features = x.amax(dim=(2, 3))',
  ),
  logits: doc(
    'Logits',
    '各类别的 logit',
    '\\ell = \\tfrac19\\, f\\,W_{\\mathrm{head}}^\\top',
    'logits = head(features) / 9',
  ),
  probs: doc(
    'Class probabilities',
    '各类别的概率',
    'p = \\mathrm{softmax}(\\ell)',
    'probs = logits.softmax(dim=-1)',
  ),
};
