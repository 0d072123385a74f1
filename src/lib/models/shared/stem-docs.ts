import { doc } from './block-docs.ts';
import { embeddedDoc, PATCHES_DOC, PICTURE_DOC } from './patch-docs.ts';
import { hasClassToken, registersComeLate, type StemConfig } from './stem-config.ts';

/** Docs of what comes before the blocks. `live` says that the graph has intervention inputs. */
export function stemDocs(c: StemConfig, live: boolean) {
  const scale = live ? '\\alpha\\,' : '';
  const torchScale = live ? 'pos_scale * ' : '';
  const late = registersComeLate(c);
  const prefix = [
    hasClassToken(c) && 'cls_token',
    c.distToken && 'dist_token',
    c.registers > 0 && !late && 'reg_token',
  ].filter(Boolean) as string[];
  const named = prefix.length;
  const before = c.positions !== 'none' && !c.clsPosition ? 'pos_added' : 'patch_embed';
  const expanded = prefix.map((t) => `${t}.expand(B, -1, -1)`).join(', ');
  const symbols = prefix.map((t) => `x_{\\mathrm{${t.slice(0, t.indexOf('_'))}}}`).join(';\\,');
  const table = c.positions === 'sincos2d' ? 'fixed_pos' : 'pos_embed';
  const whole = c.clsPosition && c.positions !== 'none';
  return {
    x: PICTURE_DOC,
    patches: PATCHES_DOC,
    patchEmbed: embeddedDoc('patch_embed'),
    posAdded: late
      ? doc(
          'Class token and patches with positions',
          '加上位置编码的分类词元与图像块',
          `[\\,${symbols};\\, e_1;\\, \\dots;\\, e_N] + ${scale}E_{\\mathrm{pos}}`,
          `pos_added = cls_cat + ${torchScale}${table}`,
        )
      : doc(
          'Patch embeddings with positions',
          '加上位置编码的图像块嵌入',
          `e_n + ${scale}p_n`,
          `pos_added = patch_embed + ${torchScale}${table}`,
        ),
    clsCat: doc(
      prefix.length === 0 ? 'Patch tokens' : 'Class token and patches in one sequence',
      prefix.length === 0 ? '图像块词元' : '分类词元（CLS）与图像块拼成的序列',
      symbols ? `[\\,${symbols};\\, e_1;\\, \\dots;\\, e_N]` : undefined,
      expanded ? `cls_cat = torch.cat([${expanded}, ${before}], dim=1)` : `cls_cat = ${before}`,
    ),
    tokens: doc(
      'Tokens',
      '输入 Transformer 的 词元序列',
      whole && !late ? `z_0 = [\\,\\dots] + ${scale}E_{\\mathrm{pos}}` : 'z_0 \\in \\mathbb{R}^{T \\times D}',
      late
        ? `tokens = torch.cat([pos_added[:, :${named}], reg_token.expand(B, -1, -1), pos_added[:, ${named}:]], dim=1)`
        : whole
          ? `tokens = cls_cat + ${torchScale}${table}`
          : 'tokens = cls_cat',
    ),
    normPre: doc(
      'LayerNorm before the blocks',
      '第 0 层之前的层归一化（LayerNorm）',
      '\\mathrm{LN}(z_0)',
      'x = norm_pre(tokens)',
    ),
  };
}
