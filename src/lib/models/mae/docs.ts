import { doc, plainPlace, type BlockPlace } from '../shared/block-docs.ts';
import { embeddedDoc, PATCHES_DOC, PICTURE_DOC } from '../shared/patch-docs.ts';
import { maeSizes, type MAEConfig } from './config.ts';

/** Docs of everything outside the blocks; `live`: with the interventions' inputs. */
export function maeDocs(c: MAEConfig, live = false) {
  const { patches, visible } = maeSizes(c);
  const mask = live
    ? '(mask_scale * mask_token + mask_mean * decoder_embed[:, 1:].mean(1, keepdim=True))'
    : 'mask_token';
  return {
    x: PICTURE_DOC,
    idsKeep: doc('Patches that are seen', '可见图像块的编号', `i_1, \\dots, i_{${visible}}`),
    idsRestore: doc('Where each patch lies after the shuffle', '每个图像块在打乱后的位置', '\\pi^{-1}'),
    patches: PATCHES_DOC,
    patchEmbed: embeddedDoc('patch_embed'),
    posAdded: doc(
      'Patch embeddings with positions',
      '加上位置编码的图像块嵌入',
      live ? 's_n e_n + p_n' : 'e_n + p_n',
      live
        ? 'pos_added = patch_embed * patch_scale[:, None] + pos_embed[:, 1:]'
        : 'pos_added = patch_embed + pos_embed[:, 1:]',
    ),
    visible: doc(
      'Visible patches alone',
      '只保留可见的图像块',
      `[\\,e_{i_1} + p_{i_1};\\ \\dots;\\ e_{i_{${visible}}} + p_{i_{${visible}}}\\,]`,
      'visible = pos_added[:, ids_keep]',
    ),
    tokens: doc(
      'Tokens of the encoder: class token and visible patches',
      '编码器的词元：分类词元（CLS）与可见图像块',
      'z_0 = [\\,x_{\\mathrm{cls}};\\ \\dots\\,]',
      'tokens = torch.cat([cls_token.expand(B, -1, -1), visible], dim=1)',
    ),
    norm: doc(
      'LayerNorm after the encoder',
      '编码器之后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${c.depth}})`,
      'norm = model.norm(x)',
    ),
    decoderEmbed: doc(
      'Encoded tokens in the decoder’s width',
      '投影到解码器宽度的编码结果',
      'W_{\\mathrm{d}}\\,\\mathrm{LN}(z) + b_{\\mathrm{d}}',
      'decoder_embed = model.decoder_embed(norm)',
    ),
    unshuffled: doc(
      'Every patch in its place: encoded, or the mask token',
      '每个图像块回到原来的位置：编码结果或掩码词元（mask token）',
      'u_n = \\begin{cases} d_n & n\\ \\text{visible} \\\\ x_{\\mathrm{mask}} & \\text{else} \\end{cases}',
      `unshuffled = torch.cat([decoder_embed[:, 1:], ${mask}.expand(B, ${patches - visible}, -1)], dim=1)[:, ids_restore]`,
    ),
    decoderTokens: doc(
      'Tokens of the decoder, with positions',
      '解码器的词元（加上位置编码）',
      'y_0 = [\\,d_{\\mathrm{cls}};\\ u_1;\\ \\dots;\\ u_N\\,] + E_{\\mathrm{pos}}',
      live
        ? 'decoder_tokens = torch.cat([decoder_embed[:, :1], unshuffled], dim=1) + F.pad(decoder_pos_embed[:, 1:][:, decoder_places], (0, 0, 1, 0))'
        : 'decoder_tokens = torch.cat([decoder_embed[:, :1], unshuffled], dim=1) + decoder_pos_embed',
    ),
    decoderNorm: doc(
      'LayerNorm after the decoder',
      '解码器之后的层归一化（LayerNorm）',
      `\\mathrm{LN}(y_{${c.decoderDepth}})`,
      'decoder_norm = model.decoder_norm(x)',
    ),
    pred: doc(
      'Tokens as pixels',
      '每个词元 预测的像素',
      'W\\,\\mathrm{LN}(y) + b \\in \\mathbb{R}^{(N+1) \\times p^2 C}',
      'decoder_pred = model.decoder_pred(decoder_norm)',
    ),
    patchPred: doc(
      'Pixels of the patches, the class token dropped',
      '只保留图像块的像素',
      undefined,
      'patch_pred = decoder_pred[:, 1:]',
    ),
    reconstruction: doc(
      c.normPixels ? 'Reconstruction, each patch normalised' : 'Reconstruction',
      c.normPixels ? '重建结果（各图像块已归一化）' : '重建的图像',
      '\\mathbb{R}^{N \\times p^2 C} \\to \\mathbb{R}^{C \\times H \\times W}',
      'reconstruction = patch_pred.reshape(B, gh, gw, p, p, C).permute(0, 5, 1, 3, 2, 4).reshape(B, C, H, W)',
    ),
  };
}

/** Block `i` of the decoder. */
export function decoderPlace(i: number): BlockPlace {
  return {
    ...plainPlace(i, false),
    en: `decoder block ${i}`,
    zh: `解码器第 ${i} 层`,
    input: `y_{${i}}`,
    output: `y_{${i + 1}}`,
  };
}
