import type { AttentionDocs } from './attention.ts';
import { attentionDocs, doc, type BlockPlace } from './block-docs.ts';

/** Docs of a gated MLP. */
export function gatedDocs(place: BlockPlace, normed = false) {
  const en = (what: string) => `${what}, ${place.en}`;
  const zh = (what: string) => `${place.zh}的${what}`;
  return {
    fc1: doc(
      en('MLP, gate and value side by side'),
      zh('MLP 的第一个线性层（门控与值并列）'),
      "[\\,u\\,|\\,v\\,] = \\mathrm{LN}(z')\\,W_1^\\top + b_1",
      'fc1 = mlp.fc1(norm2)',
    ),
    silu: doc(
      en('Gate of the MLP after SiLU'),
      zh('经过 SiLU 激活的 MLP 门控'),
      '\\mathrm{SiLU}(u) = u \\cdot \\sigma(u)',
      'silu = F.silu(fc1.chunk(2, dim=-1)[0])',
    ),
    gated: doc(
      en('Value of the MLP times its gate (SwiGLU)'),
      zh('MLP 的值乘以门控（SwiGLU）'),
      '\\mathrm{SiLU}(u) \\odot v',
      'gated = silu * fc1.chunk(2, dim=-1)[1]',
    ),
    norm: doc(
      en('LayerNorm inside the MLP'),
      zh('MLP 内部的层归一化（LayerNorm）'),
      '\\mathrm{LN}(\\mathrm{SiLU}(u) \\odot v)',
      'norm = mlp.norm(gated)',
    ),
    fc2: normed
      ? doc(
          en('MLP output'),
          zh('MLP 的输出'),
          '\\mathrm{LN}(\\mathrm{SiLU}(u) \\odot v)\\,W_2^\\top + b_2',
          'fc2 = mlp.fc2(norm)',
        )
      : doc(
          en('MLP output'),
          zh('MLP 的输出'),
          '(\\mathrm{SiLU}(u) \\odot v)\\,W_2^\\top + b_2',
          'fc2 = mlp.fc2(gated)',
        ),
  };
}

/** Docs of attention whose scores have a learned bias for each pair of tokens. */
export function biasedDocs(place: BlockPlace): AttentionDocs {
  const live = place.gate !== undefined;
  return {
    ...attentionDocs(place),
    scores: doc(
      `Attention scores before the biases by distance, ${place.en}`,
      `${place.zh}的注意力分数（加相对位置偏置之前）`,
      'S = \\frac{Q K^\\top}{\\sqrt{d}}',
      'scores = q @ k.transpose(-2, -1) / d ** 0.5',
    ),
    probs: doc(
      `Attention probabilities, ${place.en}`,
      `${place.zh}的注意力概率`,
      live ? 'A = \\mathrm{softmax}((S + B) / \\tau + m)' : 'A = \\mathrm{softmax}(S + B)',
      live
        ? 'probs = ((scores + rel_pos_bias) / temperature + key_bias).softmax(dim=-1)'
        : 'probs = (scores + rel_pos_bias).softmax(dim=-1)',
    ),
  };
}

/** Docs of queries and keys that are turned by the places of their patches. */
export function turnedDocs(place: BlockPlace): AttentionDocs {
  const turn =
    '\\begin{pmatrix} \\cos\\theta & -\\sin\\theta \\\\ \\sin\\theta & \\cos\\theta \\end{pmatrix}';
  return {
    q_rot: doc(
      `Queries turned by their places, ${place.en}`,
      `${place.zh}的按位置旋转后的查询（RoPE）`,
      `(\\tilde q_a, \\tilde q_b)^\\top = ${turn} (q_a, q_b)^\\top`,
      'q = q * cos + rotate(q) * sin',
    ),
    k_rot: doc(
      `Keys turned by their places, ${place.en}`,
      `${place.zh}的按位置旋转后的键（RoPE）`,
      `(\\tilde k_a, \\tilde k_b)^\\top = ${turn} (k_a, k_b)^\\top`,
      'k = k * cos + rotate(k) * sin',
    ),
  };
}

/** Docs of attention with a norm before its last layer. */
export function innerNormDocs(place: BlockPlace): AttentionDocs {
  return {
    norm: doc(
      `LayerNorm inside attention, ${place.en}`,
      `${place.zh}的注意力内部的层归一化（LayerNorm）`,
      '\\mathrm{LN}([\\,O_1\\,|\\,\\dots\\,|\\,O_h\\,])',
      'norm = attn.norm(merged)',
    ),
    proj: doc(
      `Attention output, ${place.en}`,
      `${place.zh}的注意力输出`,
      '\\mathrm{LN}([\\,O_1\\,|\\,\\dots\\,|\\,O_h\\,])\\,W_O^\\top + b_O',
      'proj = attn.proj(norm)',
    ),
  };
}

/** Doc of those biases. `place`: the block that has a table of its own. */
export function relPositionDoc(place?: BlockPlace) {
  return doc(
    place
      ? `Biases of the scores by distance, ${place.en}`
      : 'Biases of the scores by distance, of all blocks',
    place ? `${place.zh}的相对位置偏置` : '各层共用的相对位置偏置',
    'B^{(h)}_{ij} = T^{(h)}_{\\,p_j - p_i}',
    'rel_pos_bias = table[index].reshape(T, T, h).permute(2, 0, 1)',
  );
}
