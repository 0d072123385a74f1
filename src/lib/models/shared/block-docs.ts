import type { Doc } from '#lib/graph/index.ts';
import type { AttentionDocs } from './attention.ts';
import type { GeluKind } from './layers.ts';

export function doc(en: string, zh: string, formula?: string, torch?: string): Doc {
  return { title: { en, zh }, ...(formula && { formula }), ...(torch && { torch }) };
}

/** Which block a doc speaks of. */
export interface BlockPlace {
  /** "block 3" */
  readonly en: string;
  /** "第 3 层" */
  readonly zh: string;
  /** KaTeX of what goes in (`z_3`) and what comes out (`z_4`). */
  readonly input: string;
  readonly output: string;
  /** How the block's gate is written: in KaTeX and in PyTorch. Undefined without interventions. */
  readonly gate?: { readonly formula: string; readonly torch: string };
}

/** Block `i` of a plain stack. `live`: the graph has intervention inputs. */
export function plainPlace(i: number, live: boolean): BlockPlace {
  const gate = { formula: `g_{${i}}\\,`, torch: `block_skip[${i}] * ` };
  return {
    en: `block ${i}`,
    zh: `第 ${i} 层`,
    input: i > 0 ? `z_{${i}}` : 'z_0',
    output: `z_{${i + 1}}`,
    ...(live && { gate }),
  };
}

/** Docs of the tensors inside attention. `from` is the name of the normalised tokens in PyTorch. */
export function attentionDocs(place: BlockPlace, from = 'norm1'): AttentionDocs {
  const live = place.gate !== undefined;
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const split = 'q, k, v = qkv.reshape(B, T, 3, h, d).permute(2, 0, 3, 1, 4)';
  return {
    qkv: doc(
      en('Queries, keys and values together'),
      zh('查询、键、值的合并投影'),
      '[Q\\,|\\,K\\,|\\,V] = \\mathrm{LN}(z)\\,W_{qkv}^\\top + b_{qkv}',
      `qkv = attn.qkv(${from})`,
    ),
    q: doc(en('Queries'), zh('查询（query）'), 'q_t^{(h)} \\in \\mathbb{R}^{d}', split),
    k: doc(en('Keys'), zh('键（key）'), 'k_t^{(h)} \\in \\mathbb{R}^{d}', split),
    v: doc(en('Values'), zh('值（value）'), 'v_t^{(h)} \\in \\mathbb{R}^{d}', split),
    q_norm: doc(
      en('Queries after their LayerNorm'),
      zh('经过层归一化的查询'),
      '\\hat q_t^{(h)} = \\mathrm{LN}(q_t^{(h)})',
      'q = attn.q_norm(q)',
    ),
    k_norm: doc(
      en('Keys after their LayerNorm'),
      zh('经过层归一化的键'),
      '\\hat k_t^{(h)} = \\mathrm{LN}(k_t^{(h)})',
      'k = attn.k_norm(k)',
    ),
    scores: doc(
      en('Attention scores'),
      zh('注意力分数'),
      'S = \\frac{Q K^\\top}{\\sqrt{d}}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: doc(
      en('Attention probabilities'),
      zh('注意力概率'),
      live ? 'A = \\mathrm{softmax}(S / \\tau + m)' : 'A = \\mathrm{softmax}(S)',
      live ? 'probs = (scores / temperature + key_bias).softmax(dim=-1)' : 'probs = scores.softmax(dim=-1)',
    ),
    out: doc(
      en('Values mixed by attention, head by head'),
      zh('各注意力头对值的加权和'),
      live ? 'O^{(h)} = \\mu_h\\, A^{(h)} V^{(h)}' : 'O^{(h)} = A^{(h)} V^{(h)}',
      live ? 'out = head_mask * (probs @ v)' : 'out = probs @ v',
    ),
    merged: doc(
      en('Heads side by side'),
      zh('拼接后的各头输出'),
      '[\\,O^{(1)}\\,|\\,\\dots\\,|\\,O^{(h)}\\,]',
      'merged = out.transpose(1, 2).reshape(B, T, D)',
    ),
    proj: doc(
      en('Attention output'),
      zh('注意力输出的线性投影'),
      '\\mathrm{MSA}(z) = [\\,O^{(1)}|\\dots|O^{(h)}\\,]\\,W_O^\\top + b_O',
      'proj = attn.proj(merged)',
    ),
  };
}

/** The same where a mask is added to the scores: 0, or minus infinity for what a token must not see. */
export function maskedAttentionDocs(place: BlockPlace): AttentionDocs {
  return {
    ...attentionDocs(place),
    scores: doc(
      `Attention scores before the mask, ${place.en}`,
      `${place.zh}的注意力分数（加掩码之前）`,
      'S = \\frac{Q K^\\top}{\\sqrt{d}}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: doc(
      `Attention probabilities, each token to itself and those before it, ${place.en}`,
      `${place.zh}的注意力概率：每个词元只看自己和前面的词元`,
      'A = \\mathrm{softmax}(S + M),\\quad M_{ij} = \\begin{cases} 0 & j \\le i \\\\ -\\infty & j > i \\end{cases}',
      "probs = scores.masked_fill(torch.ones(T, T).triu(1).bool(), float('-inf')).softmax(dim=-1)",
    ),
  };
}

/** What a GELU multiplies its argument by, in KaTeX, and the whole of it in PyTorch. */
const GELUS: Readonly<Record<GeluKind, { readonly formula: string; readonly torch: string }>> = {
  erf: {
    formula: '\\tfrac12\\left(1 + \\mathrm{erf}\\tfrac{u}{\\sqrt2}\\right)',
    torch: 'F.gelu(fc1)',
  },
  tanh: {
    formula: '\\tfrac12\\left(1 + \\tanh\\left(\\sqrt{2/\\pi}\\,(u + 0.044715\\,u^3)\\right)\\right)',
    torch: "F.gelu(fc1, approximate='tanh')",
  },
  sigmoid: { formula: '\\sigma(1.702\\,u)', torch: 'fc1 * torch.sigmoid(1.702 * fc1)' },
};

/** Docs of the MLP. `from` is the name of its input in PyTorch, `input` its KaTeX. */
export function mlpDocs(place: BlockPlace, kind: GeluKind, from: string, input: string) {
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const { formula, torch } = GELUS[kind];
  return {
    fc1: doc(
      en('MLP, first layer'),
      zh('MLP 的第一个线性层'),
      `u = ${input}\\,W_1^\\top + b_1`,
      `fc1 = mlp.fc1(${from})`,
    ),
    gelu: doc(
      en('MLP after GELU'),
      zh('经过 GELU 激活的 MLP 隐藏层'),
      `\\mathrm{GELU}(u) = u \\cdot ${formula}`,
      `gelu = ${torch}`,
    ),
    fc2: doc(
      en('MLP output'),
      zh('MLP 的输出'),
      '\\mathrm{GELU}(u)\\,W_2^\\top + b_2',
      'fc2 = mlp.fc2(gelu)',
    ),
  };
}

/** Docs of the rest of a pre-norm block. */
export function blockDocs(place: BlockPlace, options: { layerScale: boolean; gelu: GeluKind }) {
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  const gate = place.gate?.formula ?? '';
  const torchGate = place.gate?.torch ?? '';
  const branch = (which: 1 | 2, tensor: string) => (options.layerScale ? `ls${which}` : tensor);
  return {
    norm1: doc(
      en('LayerNorm before attention'),
      zh('注意力之前的层归一化（LayerNorm）'),
      `\\mathrm{LN}(z) = \\frac{z - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}} \\odot \\gamma + \\beta,\\quad z = ${place.input}`,
      'norm1 = F.layer_norm(x, (D,), norm1.weight, norm1.bias, eps)',
    ),
    ls1: doc(
      en('LayerScale after attention'),
      zh('注意力分支的 LayerScale'),
      '\\gamma_1 \\odot \\mathrm{MSA}(\\cdot)',
      'ls1 = ls1.gamma * proj',
    ),
    residual: doc(
      en('Residual stream after attention'),
      zh('加上注意力输出后的残差流'),
      `z' = z + ${gate}\\mathrm{MSA}(\\mathrm{LN}(z))`,
      `x = x + ${torchGate}${branch(1, 'proj')}`,
    ),
    norm2: doc(
      en('LayerNorm before the MLP'),
      zh('MLP 之前的层归一化（LayerNorm）'),
      "\\mathrm{LN}(z')",
      'norm2 = F.layer_norm(x, (D,), norm2.weight, norm2.bias, eps)',
    ),
    ...mlpDocs(place, options.gelu, 'norm2', "\\mathrm{LN}(z')"),
    ls2: doc(
      en('LayerScale after the MLP'),
      zh('MLP 分支的 LayerScale'),
      '\\gamma_2 \\odot \\mathrm{MLP}(\\cdot)',
      'ls2 = ls2.gamma * fc2',
    ),
    output: doc(
      `Output of ${place.en}`,
      `${place.zh}的输出`,
      `${place.output} = z' + ${gate}\\mathrm{MLP}(\\mathrm{LN}(z'))`,
      `x = x + ${torchGate}${branch(2, 'fc2')}`,
    ),
  };
}
