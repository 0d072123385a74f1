import type { Doc } from '../graph/index.ts';
import type { AttentionDocs } from './attention.ts';
import { hasClassToken, type VitConfig } from './vit-config.ts';

function doc(en: string, zh: string, formula?: string, torch?: string): Doc {
  return { title: { en, zh }, ...(formula && { formula }), ...(torch && { torch }) };
}

/** Docs of what comes before the blocks. `live` says that the graph has intervention inputs. */
export function stemDocs(c: VitConfig, live: boolean) {
  const scale = live ? '\\alpha\\,' : '';
  const torchScale = live ? 'pos_scale * ' : '';
  const prefix = [hasClassToken(c) && 'cls_token', c.registers > 0 && 'reg_token'].filter(
    Boolean,
  ) as string[];
  const before = c.positions !== 'none' && !c.clsPosition ? 'pos_added' : 'patch_embed';
  const expanded = prefix.map((t) => `${t}.expand(B, -1, -1)`).join(', ');
  const symbols = prefix
    .map((t) => (t === 'cls_token' ? 'x_{\\mathrm{cls}}' : 'x_{\\mathrm{reg}}'))
    .join(';\\,');
  const table = c.positions === 'sincos2d' ? 'fixed_pos' : 'pos_embed';
  const whole = c.clsPosition && c.positions !== 'none';
  return {
    x: doc('Picture', '图像', 'x \\in \\mathbb{R}^{C \\times H \\times W}'),
    patches: doc(
      'Flattened patches',
      '展平的图像块（patch）',
      'x_p \\in \\mathbb{R}^{N \\times p^2 C}',
      'patches = F.unfold(x, p, stride=p).transpose(1, 2)',
    ),
    patchEmbed: doc(
      'Patch embeddings',
      '图像块嵌入（patch embedding）',
      'e_n = W x_p^{(n)} + b',
      'patch_embed = patches @ proj.weight.flatten(1).T + proj.bias',
    ),
    posAdded: doc(
      'Patch embeddings with positions',
      '加上位置编码的图像块嵌入',
      `e_n + ${scale}p_n`,
      `pos_added = patch_embed + ${torchScale}${table}`,
    ),
    clsCat: doc(
      prefix.length === 0 ? 'Patch tokens' : 'Class token and patches in one sequence',
      prefix.length === 0 ? '图像块 token' : '类别 token（CLS）与图像块拼成的序列',
      symbols ? `[\\,${symbols};\\, e_1;\\, \\dots;\\, e_N]` : undefined,
      expanded ? `cls_cat = torch.cat([${expanded}, ${before}], dim=1)` : `cls_cat = ${before}`,
    ),
    tokens: doc(
      'Tokens',
      '输入 Transformer 的 token 序列',
      whole ? `z_0 = [\\,\\dots] + ${scale}E_{\\mathrm{pos}}` : 'z_0 \\in \\mathbb{R}^{T \\times D}',
      whole ? `tokens = cls_cat + ${torchScale}${table}` : 'tokens = cls_cat',
    ),
    normPre: doc(
      'LayerNorm before the blocks',
      '进入各块之前的层归一化（LayerNorm）',
      '\\mathrm{LN}(z_0)',
      'x = norm_pre(tokens)',
    ),
  };
}

/** Docs of the tensors inside attention, block `i`. */
export function attentionDocs(i: number, live: boolean): AttentionDocs {
  const en = (what: string) => `${what}, block ${i}`;
  const zh = (what: string) => `块 ${i} 的${what}`;
  return {
    qkv: doc(
      en('Queries, keys and values together'),
      zh('查询、键、值的合并投影'),
      '[Q\\,|\\,K\\,|\\,V] = \\mathrm{LN}(z)\\,W_{qkv}^\\top + b_{qkv}',
      'qkv = attn.qkv(norm1)',
    ),
    q: doc(
      en('Queries'),
      zh('查询（query）'),
      'q_t^{(h)} \\in \\mathbb{R}^{d}',
      'q, k, v = qkv.reshape(B, T, 3, h, d).permute(2, 0, 3, 1, 4)',
    ),
    k: doc(
      en('Keys'),
      zh('键（key）'),
      'k_t^{(h)} \\in \\mathbb{R}^{d}',
      'q, k, v = qkv.reshape(B, T, 3, h, d).permute(2, 0, 3, 1, 4)',
    ),
    v: doc(
      en('Values'),
      zh('值（value）'),
      'v_t^{(h)} \\in \\mathbb{R}^{d}',
      'q, k, v = qkv.reshape(B, T, 3, h, d).permute(2, 0, 3, 1, 4)',
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

/** Docs of the rest of block `i`. */
export function blockDocs(c: VitConfig, i: number, live: boolean) {
  const en = (what: string) => `${what}, block ${i}`;
  const zh = (what: string) => `块 ${i} 的${what}`;
  const input = i > 0 ? `z_{${i}}` : 'z_0';
  const gate = live ? `g_{${i}}\\,` : '';
  const torchGate = live ? `block_skip[${i}] * ` : '';
  const branch = (which: 1 | 2, tensor: string) => (c.layerScale ? `ls${which}` : tensor);
  const phi = c.gelu === 'erf' ? '\\tfrac12\\left(1 + \\mathrm{erf}\\tfrac{u}{\\sqrt2}\\right)' : undefined;
  const tanh = '\\tfrac12\\left(1 + \\tanh\\left(\\sqrt{2/\\pi}\\,(u + 0.044715\\,u^3)\\right)\\right)';
  return {
    norm1: doc(
      en('LayerNorm before attention'),
      zh('注意力之前的层归一化（LayerNorm）'),
      `\\mathrm{LN}(z) = \\frac{z - \\mu}{\\sqrt{\\sigma^2 + \\epsilon}} \\odot \\gamma + \\beta,\\quad z = ${input}`,
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
    fc1: doc(
      en('MLP, first layer'),
      zh('MLP 的第一个线性层'),
      "u = \\mathrm{LN}(z')\\,W_1^\\top + b_1",
      'fc1 = mlp.fc1(norm2)',
    ),
    gelu: doc(
      en('MLP after GELU'),
      zh('经过 GELU 激活的 MLP 隐藏层'),
      `\\mathrm{GELU}(u) = u \\cdot ${phi ?? tanh}`,
      c.gelu === 'erf' ? 'gelu = F.gelu(fc1)' : "gelu = F.gelu(fc1, approximate='tanh')",
    ),
    fc2: doc(
      en('MLP output'),
      zh('MLP 的输出'),
      '\\mathrm{GELU}(u)\\,W_2^\\top + b_2',
      'fc2 = mlp.fc2(gelu)',
    ),
    ls2: doc(
      en('LayerScale after the MLP'),
      zh('MLP 分支的 LayerScale'),
      '\\gamma_2 \\odot \\mathrm{MLP}(\\cdot)',
      'ls2 = ls2.gamma * fc2',
    ),
    output: doc(
      `Output of block ${i}`,
      `块 ${i} 的输出`,
      `z_{${i + 1}} = z' + ${gate}\\mathrm{MLP}(\\mathrm{LN}(z'))`,
      `x = x + ${torchGate}${branch(2, 'fc2')}`,
    ),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs(c: VitConfig) {
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
          '图像块 token 的平均值（平均池化）',
          '\\bar z = \\frac1N \\sum_{n=1}^{N} z^{(n)}',
          'pooled = x[:, num_prefix_tokens:].mean(dim=1)',
        )
      : doc('Class token', '类别 token（CLS）', 'y = \\mathrm{LN}(z)^{(0)}', 'pooled = norm[:, 0]'),
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
