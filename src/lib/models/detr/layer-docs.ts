import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';
import type { Part } from './multihead.ts';

/** Which attention a doc speaks of. */
interface AttentionPlace {
  readonly en: string;
  readonly zh: string;
  /** What queries and keys come from, and values, in KaTeX and in PyTorch. */
  readonly from: Readonly<Record<'q' | 'k' | 'v', readonly [formula: string, torch: string]>>;
  /** The module in PyTorch: `self_attn`. */
  readonly module: string;
  /** Rows and columns of a map, in PyTorch: `N`, `Q`. */
  readonly rows: string;
  /** The graph has intervention inputs, and a query may be taken out. */
  readonly live: boolean;
  readonly masked?: boolean;
}

function attentionDocs(place: AttentionPlace): Readonly<Record<Part, Doc>> {
  const { from, module, rows, live, masked = false } = place;
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const projected = (part: 'q' | 'k' | 'v', third: 0 | 1 | 2, titles: readonly [string, string]) => {
    const letter = part.toUpperCase();
    const [formula, torch] = from[part];
    const chunk = (of: string) => `${module}.in_proj_${of}.chunk(3)[${third}]`;
    return doc(
      en(titles[0]),
      zh(titles[1]),
      `${letter} = ${formula}\\,W_${part}^\\top + b_${part}`,
      `${part} = F.linear(${torch}, ${chunk('weight')}, ${chunk('bias')}).unflatten(-1, (h, d)).transpose(1, 2)`,
    );
  };
  const tempered = live ? '(scores / temperature)' : 'scores';
  const hidden = live && masked;
  return {
    q: projected('q', 0, ['Queries of attention', '查询向量（query）']),
    k: projected('k', 1, ['Keys', '键（key）']),
    v: projected('v', 2, ['Values, without positions', '值（value），不含位置编码']),
    scores: doc(
      en('Attention scores'),
      zh('注意力分数'),
      'S = \\frac{Q K^\\top}{\\sqrt{d}}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: doc(
      en('Attention probabilities'),
      zh('注意力概率'),
      `A = \\mathrm{softmax}(S${live ? ' / \\tau' : ''}${hidden ? ' + m' : ''})`,
      `probs = ${hidden ? `(${tempered} + query_bias)` : tempered}.softmax(dim=-1)`,
    ),
    out: doc(
      en('Values mixed by attention, head by head'),
      zh('各注意力头对值的加权和'),
      `O^{(h)} = ${live ? '\\mu_h\\, ' : ''}A^{(h)} V^{(h)}`,
      live ? 'out = head_mask * (probs @ v)' : 'out = probs @ v',
    ),
    merged: doc(
      en('Heads side by side'),
      zh('拼接后的各头输出'),
      '[\\,O^{(1)}\\,|\\,\\dots\\,|\\,O^{(h)}\\,]',
      `merged = out.transpose(1, 2).reshape(B, ${rows}, D)`,
    ),
    out_proj: doc(
      en('Attention output'),
      zh('注意力输出的线性投影'),
      '[\\,O^{(1)}|\\dots|O^{(h)}\\,]\\,W_O^\\top + b_O',
      `out_proj = ${module}.out_proj(merged)`,
    ),
  };
}

/** Docs of the end of a layer. */
export type FeedDocs = Readonly<Record<'linear1' | 'relu' | 'linear2' | 'residual' | 'output', Doc>>;

/** @param before the norm before it, as in PyTorch. @param last the norm that ends the layer */
function feedDocs(en: string, zh: string, before: string, last: string, output: string): FeedDocs {
  return {
    linear1: doc(
      `Feed-forward, first layer, ${en}`,
      `${zh}前馈网络的第一个线性层`,
      'u = x\\,W_1^\\top + b_1',
      `linear1 = layer.linear1(${before})`,
    ),
    relu: doc(
      `Feed-forward after ReLU, ${en}`,
      `${zh}经过 ReLU 激活的前馈隐藏层`,
      '\\max(u, 0)',
      'relu = F.relu(linear1)',
    ),
    linear2: doc(
      `Feed-forward output, ${en}`,
      `${zh}前馈网络的输出`,
      '\\max(u, 0)\\,W_2^\\top + b_2',
      'linear2 = layer.linear2(relu)',
    ),
    residual: doc(
      `Sum with what the feed-forward adds, ${en}`,
      `${zh}加上前馈网络输出后的和`,
      'x + \\mathrm{FFN}(x)',
      `residual = ${before} + linear2`,
    ),
    output: doc(
      `Output of ${en}`,
      `${zh}的输出`,
      `${output} = \\mathrm{LN}(x + \\mathrm{FFN}(x))`,
      `x = layer.${last}(residual)`,
    ),
  };
}

/** Docs of a LayerNorm behind a sum. */
const normDoc = (en: string, zh: string, norm: string, from: string): Doc =>
  doc(
    `LayerNorm after attention, ${en}`,
    `${zh}注意力之后的层归一化（LayerNorm）`,
    '\\mathrm{LN}(y) = \\frac{y - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}} \\odot \\gamma + \\beta',
    `${norm} = layer.${norm}(${from})`,
  );

/** Docs of layer `i` of the encoder. `live` says that the graph has intervention inputs. */
export function encoderDocs(i: number, live: boolean) {
  const en = `encoder layer ${i}`;
  const zh = `编码器第 ${i} 层`;
  const input = `x_{${i}}`;
  const placed = [`(${input} + p)`, 'with_pos'] as const;
  return {
    withPos: doc(
      `Tokens with positions, for queries and keys, ${en}`,
      `${zh}加上位置编码的词元，用来算查询和键`,
      `${input} + ${live ? '\\alpha\\,' : ''}p`,
      `with_pos = x + ${live ? 'pos_scale * ' : ''}pos`,
    ),
    selfAttn: attentionDocs({
      en,
      zh,
      from: { q: placed, k: placed, v: [input, 'x'] },
      module: 'self_attn',
      rows: 'N',
      live,
    }),
    selfAttnResidual: doc(
      `Sum with what attention adds, ${en}`,
      `${zh}加上注意力输出后的和`,
      `${input} + \\mathrm{MSA}(${input})`,
      'residual = x + out_proj',
    ),
    norm1: normDoc(en, zh, 'norm1', 'residual'),
    feed: feedDocs(en, zh, 'norm1', 'norm2', `x_{${i + 1}}`),
  };
}

/** Docs of layer `i` of the decoder. */
export function decoderDocs(i: number, live: boolean) {
  const en = `decoder layer ${i}`;
  const zh = `解码器第 ${i} 层`;
  const input = `y_{${i}}`;
  const asked = [`(${input} + q)`, 'with_query'] as const;
  return {
    withQuery: doc(
      `What the queries know so far, with their embeddings, ${en}`,
      `${zh}各查询已有的内容加上查询嵌入`,
      `${input} + q`,
      'with_query = x + query_embed',
    ),
    selfAttn: attentionDocs({
      en: `among the queries, ${en}`,
      zh: `${zh}查询之间的自注意力`,
      from: { q: asked, k: asked, v: [input, 'x'] },
      module: 'self_attn',
      rows: 'Q',
      live,
      masked: true,
    }),
    selfAttnResidual: doc(
      `Sum with what the queries tell each other, ${en}`,
      `${zh}加上查询之间自注意力输出后的和`,
      `${input} + ${live ? 's\\,' : ''}\\mathrm{MSA}(${input})`,
      `residual = x + ${live ? 'query_attention * ' : ''}out_proj`,
    ),
    norm1: normDoc(`among the queries, ${en}`, `${zh}自`, 'norm1', 'residual'),
    norm1WithQuery: doc(
      `Queries with their embeddings, as they look at the picture, ${en}`,
      `${zh}加上查询嵌入、准备去看图像的查询`,
      "y' + q",
      'with_query = norm1 + query_embed',
    ),
    crossAttn: attentionDocs({
      en: `from queries to the picture, ${en}`,
      zh: `${zh}从查询到图像的交叉注意力（cross-attention）`,
      from: { q: ["(y' + q)", 'with_query'], k: ['(m + p)', 'keys'], v: ['m', 'memory'] },
      module: 'multihead_attn',
      rows: 'Q',
      live,
    }),
    crossAttnResidual: doc(
      `Sum with what the queries saw, ${en}`,
      `${zh}加上交叉注意力输出后的和`,
      "y' + \\mathrm{MA}(y', m)",
      'residual = norm1 + out_proj',
    ),
    norm2: normDoc(`to the picture, ${en}`, `${zh}交叉`, 'norm2', 'residual'),
    feed: feedDocs(en, zh, 'norm2', 'norm3', `y_{${i + 1}}`),
  };
}
