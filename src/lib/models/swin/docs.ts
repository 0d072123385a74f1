import { doc } from '../shared/block-docs.ts';
import { PATCHES_DOC, PICTURE_DOC } from '../shared/patch-docs.ts';
import type { SwinConfig } from './config.ts';

/** Docs of what comes before the stages. `live` says that the graph has intervention inputs. */
export function stemDocs(live: boolean) {
  return {
    x: PICTURE_DOC,
    patches: PATCHES_DOC,
    proj: doc(
      'Patch embeddings before their LayerNorm',
      '层归一化之前的图像块嵌入',
      'e_n = W x_p^{(n)} + b',
      'proj = patches @ patch_embed.proj.weight.flatten(1).T + patch_embed.proj.bias',
    ),
    embed: doc(
      'Patch embeddings',
      '图像块嵌入（patch embedding）',
      '\\mathrm{LN}(e_n)',
      'patch_embed = patch_embed.norm(proj)',
    ),
    positions: doc(
      'Patch embeddings with positions',
      '加上位置编码的图像块嵌入',
      `\\mathrm{LN}(e_n) + ${live ? '\\alpha\\,' : ''}p_n`,
      `pos_added = patch_embed + ${live ? 'pos_scale * ' : ''}fixed_pos`,
    ),
  };
}

/** Docs of the way into stage `s`. `shift`: tokens by which its shifted windows are shifted. */
export function stageDocs(s: number, shift: number) {
  const en = (what: string) => `${what}, stage ${s}`;
  const zh = (what: string) => `第 ${s} 阶段的${what}`;
  return {
    merged: doc(
      `Four neighbours side by side, before stage ${s}`,
      `并排的四个相邻图像块（进入第 ${s} 阶段之前）`,
      '[\\,z_{2y,2x}\\,|\\,z_{2y+1,2x}\\,|\\,z_{2y,2x+1}\\,|\\,z_{2y+1,2x+1}\\,] \\in \\mathbb{R}^{4D}',
      'merged = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], dim=-1)',
    ),
    norm: doc(
      `LayerNorm of the merged patches, before stage ${s}`,
      `合并后的图像块的层归一化（进入第 ${s} 阶段之前）`,
      '\\mathrm{LN}(\\cdot)',
      'norm = downsample.norm(merged)',
    ),
    downsample: doc(
      `Patch merging: half the grid, twice the width, before stage ${s}`,
      `图像块合并：边长减半，宽度加倍（进入第 ${s} 阶段之前）`,
      `z_{${s},0} = \\mathrm{LN}(\\cdot)\\,W^\\top,\\quad W \\in \\mathbb{R}^{2D \\times 4D}`,
      'downsample = downsample.reduction(norm)',
    ),
    scores: doc(
      en('How active each window is'),
      zh('各窗口的激活强度'),
      `\\sqrt{\\textstyle\\sum_{i \\in w} \\big(\\tfrac1D \\sum_c |z_{i,c}|\\big)^2}`,
      'window_scores = window_partition(x.abs().mean(dim=-1)).norm(dim=-1)',
    ),
    shiftedScores: doc(
      en('How active each shifted window is'),
      zh('各移位窗口的激活强度'),
      `\\sqrt{\\textstyle\\sum_{i \\in w} \\big(\\tfrac1D \\sum_c |\\tilde z_{i,c}|\\big)^2}`,
      `shifted_window_scores = window_partition(torch.roll(x, (-${shift}, -${shift}), dims=(1, 2)).abs().mean(dim=-1)).norm(dim=-1)`,
    ),
  };
}

/** Docs of what comes after the stages. */
export function headDocs(c: SwinConfig) {
  const last = c.depths.length - 1;
  return {
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化',
      `\\mathrm{LN}(z_{${last},${c.depths[last] ?? 0}})`,
      'norm = model.norm(x)',
    ),
    pooled: doc(
      'Mean of all tokens',
      '所有词元的平均值（平均池化）',
      '\\bar z = \\frac1N \\sum_{n=1}^{N} \\mathrm{LN}(z)^{(n)}',
      'pooled = norm.mean(dim=1)',
    ),
    logits: doc(
      'Logits',
      '各类别的 logit',
      '\\ell = \\bar z\\,W_{\\mathrm{head}}^\\top + b_{\\mathrm{head}}',
      'logits = head.fc(pooled)',
    ),
    probs: doc(
      'Class probabilities',
      '各类别的概率',
      'p = \\mathrm{softmax}(\\ell)',
      'probs = logits.softmax(dim=-1)',
    ),
  };
}
