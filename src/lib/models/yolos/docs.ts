import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';
import { embeddedDoc, PATCHES_DOC, PICTURE_DOC } from '../shared/patch-docs.ts';
import type { YolosConfig } from './config.ts';

/** Docs of what comes before the blocks. `live` says that the graph has intervention inputs. */
export function tokenDocs(live: boolean) {
  return {
    x: PICTURE_DOC,
    patches: PATCHES_DOC,
    patchEmbed: embeddedDoc('patch_embed'),
    clsCat: doc(
      'Class token, patches and detection tokens in one sequence',
      '分类词元（CLS）、图像块与检测词元（detection token）拼成的序列',
      '[\\,x_{\\mathrm{cls}};\\, e_1;\\, \\dots;\\, e_N;\\, d_1;\\, \\dots;\\, d_Q]',
      'cls_cat = torch.cat([cls_token.expand(B, -1, -1), patch_embed, det_token.expand(B, -1, -1)], dim=1)',
    ),
    tokens: doc(
      'Tokens with their positions',
      '加上位置编码的词元',
      `z_0 = [\\,\\dots] + ${live ? '\\alpha\\,' : ''}E_{\\mathrm{pos}}`,
      `tokens = cls_cat + ${live ? 'pos_scale * ' : ''}pos_embed`,
    ),
  };
}

/** Doc of the stream after block `i`, with positions anew. */
export const midDoc = (i: number, live: boolean): Doc =>
  doc(
    `Output of block ${i} with positions added anew`,
    `第 ${i} 层的输出，再次加上位置编码`,
    `z_{${i + 1}} + ${live ? '\\alpha\\,' : ''}E_{\\mathrm{mid}}^{(${i})}`,
    `x = x + ${live ? 'pos_scale * ' : ''}mid_pos_embed[${i}]`,
  );

/** Docs of what comes after the blocks. */
export function headDocs(c: YolosConfig) {
  return {
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${c.depth}})`,
      'norm = model.norm(x)',
    ),
    found: doc(
      'Detection tokens, as the heads read them',
      '检测词元，供预测头读取',
      '\\hat y = \\mathrm{LN}(z)^{(1+N\\,:)}',
      `hidden = norm[:, -${c.queries}:]`,
    ),
    logits: doc(
      'Logits of the classes and of “no object”',
      '各类别与“无物体”（no object）的 logit',
      '\\ell = \\mathrm{MLP}_c(\\hat y)',
      'logits = class_embed(hidden)',
    ),
    probs: doc(
      'Probabilities of the classes and of “no object”',
      '各类别与“无物体”的概率',
      '\\mathrm{softmax}(\\ell)',
      'probs = logits.softmax(dim=-1)',
    ),
    boxes: doc(
      'Boxes: centre, width and height as shares of the picture',
      '边界框：中心、宽和高，都是占图像的比例',
      '(c_x, c_y, w, h) = \\sigma(\\mathrm{MLP}_b(\\hat y))',
      'boxes = bbox_embed(hidden).sigmoid()',
    ),
  };
}
