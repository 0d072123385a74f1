import { doc } from '../shared/block-docs.ts';
import { featuresOf, normsOf, type ViTConfig } from './config.ts';

/** Docs of what comes after the blocks. */
export function headDocs(c: ViTConfig) {
  const gap = c.pool === 'gap';
  const { before } = normsOf(c);
  const tokens = before ? 'norm' : 'x';
  const z = before ? '\\mathrm{LN}(z)' : 'z';
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
          `\\bar z = \\frac1N \\sum_{n=1}^{N} ${z}^{(n)}`,
          `pooled = ${tokens}[:, num_prefix_tokens:].mean(dim=1)`,
        )
      : c.pool === 'both'
        ? doc(
            'Class token and mean of the patch tokens, side by side',
            '分类词元（CLS）与图像块词元的平均值并列',
            `y = [\\,${z}^{(0)}\\,|\\,\\frac1N \\sum_{n=1}^{N} ${z}^{(n)}\\,]`,
            `pooled = torch.cat([${tokens}[:, 0], ${tokens}[:, num_prefix_tokens:].mean(dim=1)], dim=1)`,
          )
        : doc('Class token', '分类词元（CLS）', `y = ${z}^{(0)}`, `pooled = ${tokens}[:, 0]`),
    pooledDist: doc(
      'Distillation token',
      '蒸馏词元',
      'y_d = \\mathrm{LN}(z)^{(1)}',
      'pooled_dist = norm[:, 1]',
    ),
    fcNorm: doc(
      'LayerNorm after pooling',
      '池化之后的层归一化（LayerNorm）',
      'y = \\mathrm{LN}(\\bar z)',
      'fc_norm = model.fc_norm(pooled)',
    ),
    preLogits: doc(
      'Representation before the head',
      '分类头之前的表示层',
      'r = \\tanh(y\\,W_{r}^\\top + b_{r})',
      `pre_logits = torch.tanh(model.pre_logits.fc(${normsOf(c).after ? 'fc_norm' : 'pooled'}))`,
    ),
    proj: doc(
      'Place in the space shared with texts',
      '与文本共享的空间中的向量',
      c.projectionBias ? 'e = y\\,W_E^\\top + b_E' : 'e = y\\,W_E^\\top',
      `proj = proj(${normsOf(c).after ? 'fc_norm' : 'pooled'})`,
    ),
    logits: c.distHead
      ? doc(
          'Logits, the mean of two heads',
          '各类别的 logit（两个分类头的平均）',
          '\\ell = \\tfrac12 (y\\,W_{\\mathrm{head}}^\\top + b_{\\mathrm{head}} + y_d\\,W_d^\\top + b_d)',
          `logits = (head(${featuresOf(c)}) + head_dist(pooled_dist)) / 2`,
        )
      : doc(
          'Logits',
          '各类别的 logit',
          `\\ell = ${c.preLogits ? 'r' : 'y'}\\,W_{\\mathrm{head}}^\\top + b_{\\mathrm{head}}`,
          `logits = head(${featuresOf(c)})`,
        ),
    probs: doc(
      'Class probabilities',
      '各类别的概率',
      'p = \\mathrm{softmax}(\\ell)',
      'probs = logits.softmax(dim=-1)',
    ),
  };
}
