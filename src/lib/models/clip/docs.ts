import { doc, type BlockPlace } from '../shared/block-docs.ts';
import { wholeConfig, type CLIPConfig } from './config.ts';

/** Block `i` of a tower. */
export function towerPlace(tower: 'picture' | 'text', i: number): BlockPlace {
  return {
    en: `block ${i} of the ${tower} tower`,
    zh: `${tower === 'text' ? '文本' : '图像'}塔第 ${i} 层`,
    input: `z_{${i}}`,
    output: `z_{${i + 1}}`,
  };
}

/** Docs of what comes after the picture tower's blocks. */
export function pictureDocs(c: CLIPConfig) {
  return {
    norm: doc(
      'Final LayerNorm of the picture tower',
      '图像塔最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${c.depth}})`,
      'norm = visual.norm(x)',
    ),
    pooled: doc(
      'Class token of the picture tower',
      '图像塔的分类词元（CLS）',
      'y = \\mathrm{LN}(z)^{(0)}',
      'pooled = norm[:, 0]',
    ),
    proj: doc(
      'The picture in the common space, of any length',
      '图像在共同空间中的向量（长度不限）',
      'y\\,W_{\\mathrm{img}}^\\top \\in \\mathbb{R}^{E}',
      'proj = pooled @ visual.proj.weight.T',
    ),
    embedding: doc(
      'The picture’s direction: its vector at length 1',
      '图像的方向：归一化为长度 1 的向量',
      'u = \\frac{y W_{\\mathrm{img}}^\\top}{\\lVert y W_{\\mathrm{img}}^\\top \\rVert}',
      'embedding = F.normalize(proj, dim=-1)',
    ),
  };
}

/** Docs of the text tower but for its blocks. */
export function textDocs(c: CLIPConfig) {
  const { end } = wholeConfig(c);
  return {
    ids: doc(
      'Tokens of each text, by their ids',
      '每段文本的词元编号',
      `s \\in \\{0, \\dots, ${c.vocabulary - 1}\\}^{S \\times T}`,
    ),
    tokenEmbedding: doc(
      'Embedding of each token: a row of the table',
      '词元嵌入：按编号取表中的一行',
      'e_t = E_{\\mathrm{tok}}[s_t]',
      'token_embedding = text.token_embedding(ids)',
    ),
    tokens: doc(
      'Tokens with positions',
      '加上位置编码的词元',
      'z_0 = e + E_{\\mathrm{pos}}',
      'tokens = token_embedding + text.positional_embedding',
    ),
    pooled: doc(
      'The token <end>, the one that has seen the whole text',
      '结束词元 <end>：唯一看过整段文本的词元',
      `z_{${c.textDepth}}^{(t)},\\quad s_t = ${end}`,
      `pooled = x[torch.arange(len(x)), (ids == ${end}).int().argmax(1)]`,
    ),
    lastHiddenState: doc(
      'Every token after the final LayerNorm: what networks that paint from words read',
      '每个词元经最后的层归一化后的特征：文生图网络读取的就是它',
      `\\mathrm{LN}(z_{${c.textDepth}}) \\in \\mathbb{R}^{S \\times T \\times D}`,
      'last_hidden_state = text.ln_final(x)',
    ),
    lnFinal: doc(
      'Final LayerNorm of the text tower',
      '文本塔最后的层归一化（LayerNorm）',
      'y = \\mathrm{LN}(z^{(t)})',
      'ln_final = text.ln_final(pooled)',
    ),
    projection: doc(
      'The text in the common space, of any length',
      '文本在共同空间中的向量（长度不限）',
      'y\\,W_{\\mathrm{txt}}^\\top \\in \\mathbb{R}^{E}',
      'text_projection = ln_final @ text.text_projection.weight.T',
    ),
    embedding: doc(
      'The text’s direction: its vector at length 1',
      '文本的方向：归一化为长度 1 的向量',
      'v = \\frac{y W_{\\mathrm{txt}}^\\top}{\\lVert y W_{\\mathrm{txt}}^\\top \\rVert}',
      'embedding = F.normalize(text_projection, dim=-1)',
    ),
  };
}

/** Docs of where the towers meet. */
export function jointDocs() {
  return {
    logits: doc(
      'Cosine of each picture with each text, times the scale',
      '每张图像与每段文本的余弦相似度，乘以缩放系数',
      '\\ell_{bs} = e^{\\tau}\\, u_b \\cdot v_s',
      'logits = logit_scale.exp() * visual_embedding @ text_embedding.T',
    ),
    probs: doc(
      'Share of each text in what a picture is said to be',
      '图像属于各段文本的概率',
      'p_b = \\mathrm{softmax}(\\ell_b)',
      'probs = logits.softmax(dim=-1)',
    ),
  };
}
