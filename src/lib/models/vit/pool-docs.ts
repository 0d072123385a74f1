import type { AttentionDocs } from '../shared/attention.ts';
import { doc } from '../shared/block-docs.ts';

/** Docs of attention pooling: one learned query looks at all tokens (Zhai et al. 2022, “Scaling Vision Transformers”). */
export function poolDocs() {
  const parts: AttentionDocs = {
    q: doc(
      'The learned query that pools',
      '用于池化的可学习查询（query）',
      'q = \\lambda\\,W_q^\\top + b_q',
      'q = attn_pool.q(latent).reshape(B, 1, h, d).transpose(1, 2)',
    ),
    k: doc(
      'Keys of the tokens, for pooling',
      '池化时各词元的键（key）',
      'K = \\mathrm{LN}(z)\\,W_k^\\top + b_k',
      'k, v = attn_pool.kv(norm).reshape(B, T, 2, h, d).permute(2, 0, 3, 1, 4)',
    ),
    v: doc(
      'Values of the tokens, for pooling',
      '池化时各词元的值（value）',
      'V = \\mathrm{LN}(z)\\,W_v^\\top + b_v',
      'k, v = attn_pool.kv(norm).reshape(B, T, 2, h, d).permute(2, 0, 3, 1, 4)',
    ),
    scores: doc(
      'Scores of the pooling query against the tokens',
      '池化查询对各词元的注意力分数',
      's = \\frac{q K^\\top}{\\sqrt{d}}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: doc(
      'Attention of the pooling query: which tokens the picture is summed up from',
      '池化查询的注意力概率：汇总图片时各词元所占的权重',
      'a = \\mathrm{softmax}(s)',
      'probs = scores.softmax(dim=-1)',
    ),
    out: doc(
      'Values mixed by the pooling query, head by head',
      '各注意力头按池化权重混合的值',
      'a^{(h)} V^{(h)}',
      'out = probs @ v',
    ),
    merged: doc(
      'Heads of the pooling side by side',
      '拼接后的池化各头输出',
      '[\\,o^{(1)}\\,|\\,\\dots\\,|\\,o^{(h)}\\,]',
      'merged = out.transpose(1, 2).reshape(B, 1, D)',
    ),
    proj: doc(
      'Output of the pooling attention',
      '池化注意力输出的线性投影',
      'p = o\\,W_O^\\top + b_O',
      'proj = attn_pool.proj(merged)',
    ),
  };
  return {
    parts,
    norm: doc(
      'LayerNorm before the pooling’s MLP',
      '池化 MLP 之前的层归一化（LayerNorm）',
      '\\mathrm{LN}(p)',
      'norm = attn_pool.norm(proj)',
    ),
    mlp: {
      fc1: doc(
        'First layer of the pooling’s MLP',
        '池化 MLP 的第一层',
        'u = \\mathrm{LN}(p)\\,W_1^\\top + b_1',
        'fc1 = attn_pool.mlp.fc1(norm)',
      ),
      gelu: doc(
        'GELU of the pooling’s MLP',
        '池化 MLP 的 GELU 激活',
        '\\mathrm{GELU}(u)',
        'gelu = F.gelu(fc1)',
      ),
      fc2: doc(
        'Second layer of the pooling’s MLP',
        '池化 MLP 的第二层',
        '\\mathrm{GELU}(u)\\,W_2^\\top + b_2',
        'fc2 = attn_pool.mlp.fc2(gelu)',
      ),
    },
    pooled: doc(
      'The tokens summed up by attention',
      '由注意力汇总的图片表示',
      'y = p + \\mathrm{MLP}(\\mathrm{LN}(p))',
      'pooled = (proj + fc2)[:, 0]',
    ),
  };
}
