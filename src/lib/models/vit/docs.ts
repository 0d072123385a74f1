import { doc } from '../shared/block-docs.ts';
import type { ViTConfig } from './config.ts';

/** Docs of what comes after the blocks. */
export function headDocs(c: ViTConfig) {
  const gap = c.pool === 'gap';
  return {
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${c.depth}})`,
      'norm = model.norm(x)',
    ),
    pooled: gap
      ? doc(
          'Mean of the patch tokens',
          '图像块词元 的平均值（平均池化）',
          '\\bar z = \\frac1N \\sum_{n=1}^{N} z^{(n)}',
          'pooled = x[:, num_prefix_tokens:].mean(dim=1)',
        )
      : doc('Class token', '分类词元（CLS）', 'y = \\mathrm{LN}(z)^{(0)}', 'pooled = norm[:, 0]'),
    fcNorm: doc(
      'LayerNorm after pooling',
      '池化之后的层归一化（LayerNorm）',
      'y = \\mathrm{LN}(\\bar z)',
      'fc_norm = model.fc_norm(pooled)',
    ),
    logits: doc(
      'Logits',
      '各类别的 logit',
      '\\ell = y\\,W_{\\mathrm{head}}^\\top + b_{\\mathrm{head}}',
      `logits = head(${gap ? 'fc_norm' : 'pooled'})`,
    ),
    probs: doc(
      'Class probabilities',
      '各类别的概率',
      'p = \\mathrm{softmax}(\\ell)',
      'probs = logits.softmax(dim=-1)',
    ),
  };
}
