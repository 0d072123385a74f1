import type { Doc } from '#lib/graph/index.ts';
import type { AttentionDocs } from '../shared/attention.ts';
import { attentionDocs, doc, maskedAttentionDocs, type BlockPlace } from '../shared/block-docs.ts';
import { autoregressiveSizes, type AutoregressiveConfig } from './config.ts';

/** Docs of what is fed and of the tokens made of it. `live` says that the graph has intervention inputs. */
export function stemDocs(c: AutoregressiveConfig, live: boolean) {
  const scales = c.order === 'scales';
  const text = c.contextTokens > 0;
  const codes = scales ? 'code_proj' : 'code_embed';
  const parts = [text && 'context_tokens', 'label_token', codes].filter(Boolean).join(', ');
  const symbols = [text && 'W_c\\,c + b_c', 'e_y', 'e_1', '\\dots'].filter(Boolean).join(';\\, ');
  const scale = live ? '\\alpha\\,' : '';
  const table = `${live ? 'pos_scale * ' : ''}${live && c.cached !== 1 ? 'pos_embed[:, places]' : 'pos_embed'}`;
  const placed = `[\\,\\dots] + ${scale}E_{\\mathrm{pos}}`;
  return {
    context: doc('Text features', '文本特征', 'c \\in \\mathbb{R}^{L \\times D_c}'),
    codes: doc(
      c.cached === 1
        ? 'The code chosen last'
        : c.order === 'masked'
          ? `Codes; ${c.codes} where a place is masked`
          : 'Codes so far, row by row; later ones are not seen',
      c.cached === 1
        ? '上一个选定的码字编号'
        : c.order === 'masked'
          ? `码字编号；被遮住的位置是 ${c.codes}`
          : '到目前为止的码字编号（逐行）；后面的不会被看到',
      '(k_1, k_2, \\dots)',
    ),
    sums: doc(
      'For each later scale, what the scales before it stand for, averaged to its size',
      '对其后每个尺度：前面各尺度之和，平均到该尺度的边长',
      '\\mathrm{area}_{s_k}\\!\\left(\\textstyle\\sum_{j<k} \\phi_j\\right)',
    ),
    past: doc(
      'Keys and values of all tokens before it, block by block: two rows a block',
      '此前所有词元的键与值（每层两行：键、值）',
      '(K_0, V_0, K_1, V_1, \\dots)',
    ),
    slot: doc('Which token of the sequence this one is', '它是序列中的第几个词元', 't'),
    place: doc('Which row of the positions it is given', '它取位置编码的哪一行', 'p'),
    contextTokens: doc('Text tokens', '文本词元', 'W_c\\,c + b_c', 'context_tokens = context_embed(context)'),
    label: doc(
      c.order === 'masked' ? 'The style as a token' : 'The style as a token, which is also where it starts',
      c.order === 'masked' ? '画风词元' : '画风词元，同时是起始词元',
      'e_y = E_y',
      'label_token = label_emb(y).unsqueeze(1)',
    ),
    codeEmbed: doc(
      'Codes as tokens',
      '由码字编号得到的词元',
      'e_n = E_{k_n}',
      'code_embed = code_embed(codes.long())',
    ),
    codeProj: doc(
      'Sums of the scales before, as tokens',
      '由前面各尺度之和得到的词元',
      'e_n = W_f\\,f_n + b_f',
      'code_proj = code_proj(sums)',
    ),
    tokenCat: doc(
      text ? 'One sequence: text, style, codes' : 'One sequence: style, codes',
      text ? '拼成的序列：文本、画风、码字' : '拼成的序列：画风、码字',
      `[\\,${symbols}\\,]`,
      `token_cat = torch.cat([${parts}], dim=1)`,
    ),
    positioned: doc(
      'Tokens with positions',
      '加上位置编码的词元',
      placed,
      `positioned = token_cat + ${table}`,
    ),
    tokens: scales
      ? doc(
          'Tokens with positions and the embedding of their scale',
          '加上位置编码与尺度嵌入的词元',
          'z_0^{(n)} = z^{(n)} + \\ell_{k(n)}',
          'tokens = positioned + F.pad(level_embed.weight[levels], (0, 0, L, 0))',
        )
      : doc(
          'Tokens with positions',
          '加上位置编码的词元',
          c.cached === 1 ? `z_0 = E_{k} + ${scale}p` : `z_0 = ${placed}`,
          c.cached === 1
            ? `tokens = code_embed + ${live ? 'pos_scale * ' : ''}pos_embed[:, place]`
            : `tokens = token_cat + ${table}`,
        ),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs(c: AutoregressiveConfig) {
  const { first, count } = autoregressiveSizes(c);
  const end = first + count;
  return {
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化（LayerNorm）',
      `y = \\mathrm{LN}(z_{${c.depth}})`,
      'norm = norm(x)',
    ),
    hidden: doc(
      'The tokens that codes are read from',
      '用来读出码字的词元',
      'h_n \\in \\mathbb{R}^{D}',
      c.cached === 1 ? 'hidden = norm' : `hidden = norm[:, ${first}:${end}]`,
    ),
    logits: doc(
      'Logits of every code at every place',
      '各位置上每个码字的 logits',
      '\\ell_{nk} = w_k \\cdot h_n + b_k',
      'logits = head(hidden)',
    ),
    cache: doc(
      'Keys and values with those of this token: what the next step is fed as past',
      '并入该词元之后的键与值：下一步的 past',
      '(K_0, V_0, K_1, V_1, \\dots)',
      'cache = torch.stack([keys, values])',
    ),
  };
}

/** Docs of the two tensors that a step with a cache has beside those of a block. */
export function cacheDocs({ en, zh }: BlockPlace): Record<'keys' | 'values', Doc> {
  return {
    keys: doc(
      `Keys of all tokens so far, ${en}`,
      `${zh}中到目前为止所有词元的键`,
      'K_t \\leftarrow k_t',
      'keys = past_k.index_copy(2, slot.long(), k)',
    ),
    values: doc(
      `Values of all tokens so far, ${en}`,
      `${zh}中到目前为止所有词元的值`,
      'V_t \\leftarrow v_t',
      'values = past_v.index_copy(2, slot.long(), v)',
    ),
  };
}

/** Docs of attention, by what a token may see. */
export function seenDocs(c: AutoregressiveConfig, place: BlockPlace): AttentionDocs {
  if (c.order === 'masked') return attentionDocs(place);
  if (c.cached === 1) {
    const probs = doc(
      `Attention probabilities, this token to itself and those before it, ${place.en}`,
      `${place.zh}的注意力概率：该词元看自己和前面的词元`,
      'a = \\mathrm{softmax}(s + m),\\quad m_j = \\begin{cases} 0 & j \\le t \\\\ -\\infty & j > t \\end{cases}',
      "probs = scores.masked_fill(torch.arange(T) > slot, float('-inf')).softmax(dim=-1)",
    );
    const scores = doc(
      `Scores of this token with all keys, ${place.en}`,
      `${place.zh}中该词元对所有键的注意力分数`,
      's = \\frac{q\\,K^\\top}{\\sqrt{d}}',
      'scores = q @ keys.transpose(-2, -1) / d ** 0.5',
    );
    return { ...attentionDocs(place), scores, probs };
  }
  if (c.order === 'raster') return maskedAttentionDocs(place);
  const probs = doc(
    `Attention probabilities, each token to its scale and those before it, ${place.en}`,
    `${place.zh}的注意力概率：每个词元看本尺度和前面的尺度`,
    'A = \\mathrm{softmax}(S + M),\\quad M_{ij} = \\begin{cases} 0 & k(j) \\le k(i) \\\\ -\\infty & k(j) > k(i) \\end{cases}',
    "probs = scores.masked_fill(level[None, :] > level[:, None], float('-inf')).softmax(dim=-1)",
  );
  return { ...maskedAttentionDocs(place), probs };
}
