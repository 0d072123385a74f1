import { doc } from '../shared/block-docs.ts';

/** Docs of what is fed, and of the condition made of it. `live` says that the graph has intervention inputs. */
export function conditionDocs(live: boolean) {
  const [told, chosen] = live ? ['g_h\\,', 'g_k\\,'] : ['', ''];
  const [toldLine, chosenLine] = live ? ['hidden_gate * ', 'code_gate * '] : ['', ''];
  return {
    x: doc('Noisy rest, place by place', '带噪的残余（逐位置）', 'x_t \\in \\mathbb{R}^{N \\times E}'),
    hidden: doc(
      'Hidden state of each place, from the network that chose the codes',
      '各位置的隐藏状态（来自生成码字的网络）',
      'h_n \\in \\mathbb{R}^{H}',
    ),
    codes: doc('Code of each place', '各位置的码字编号', 'k_n'),
    inputProj: doc(
      'The rest at the network’s width',
      '投影到网络宽度的残余',
      'z_0 = W_x\\,x_t + b_x',
      'input_proj = input_proj(x)',
    ),
    sinusoid: doc(
      'Sinusoidal embedding of the time, cosines first',
      '时间的正弦余弦嵌入（余弦在前）',
      '\\left[\\cos(t f_i),\\ \\sin(t f_i)\\right]',
      'e = torch.cat([torch.cos(t[:, None] * f), torch.sin(t[:, None] * f)], dim=1)',
    ),
    time0: doc(
      'Time MLP, first layer',
      '时间 MLP 的第一个线性层',
      'u = W_1 e + b_1',
      'u = time_embed.mlp[0](e)',
    ),
    time1: doc(
      'Time MLP after SiLU',
      '经过 SiLU 激活的时间 MLP 隐藏层',
      'u \\cdot \\sigma(u)',
      'u = F.silu(u)',
    ),
    time: doc(
      'Embedding of the time',
      '时间嵌入',
      'e_t = W_2\\,\\mathrm{SiLU}(u) + b_2',
      'time_embed = time_embed.mlp[2](u)',
    ),
    cond: doc(
      'Hidden state at the network’s width',
      '投影到网络宽度的隐藏状态',
      'W_h h_n + b_h',
      'cond_embed = cond_embed(hidden)',
    ),
    code: doc('Embedding of the code', '码字编号的嵌入', 'E_{k_n}', 'code_embed = code_embed(codes.long())'),
    c: doc(
      'Condition: time, hidden state and code',
      '条件向量：时间、隐藏状态与码字',
      `c_n = e_t + ${told}(W_h h_n + b_h) + ${chosen}E_{k_n}`,
      `c = time_embed[:, None] + ${toldLine}cond_embed + ${chosenLine}code_embed`,
    ),
    cSilu: doc('Condition after SiLU', '经过 SiLU 的条件向量', '\\mathrm{SiLU}(c)', 'c_silu = F.silu(c)'),
  };
}

/** Docs of residual block `i`. */
export function blockDocs(i: number) {
  const en = (what: string) => `${what}, residual block ${i}`;
  const zh = (what: string) => `第 ${i} 个残差块的${what}`;
  return {
    modulation: doc(
      en('Shift, scale and gate'),
      zh('平移、缩放与门控'),
      '[\\beta\\,|\\,\\gamma\\,|\\,\\alpha] = W\\,\\mathrm{SiLU}(c) + b',
      'shift, scale, gate = adaLN_modulation[1](c_silu).chunk(3, dim=-1)',
    ),
    norm: doc(en('LayerNorm'), zh('层归一化（LayerNorm）'), `\\mathrm{LN}(z_{${i}})`, 'norm = in_ln(x)'),
    modulated: doc(
      en('Modulated by the condition'),
      zh('经条件调制的结果'),
      '(1 + \\gamma) \\odot \\mathrm{LN}(z) + \\beta',
      'modulated = norm * (1 + scale) + shift',
    ),
    mlp0: doc(
      en('MLP, first layer'),
      zh('MLP 的第一个线性层'),
      'u = W_1\\,(\\cdot) + b_1',
      'u = mlp[0](modulated)',
    ),
    mlp1: doc(
      en('MLP after SiLU'),
      zh('经过 SiLU 激活的 MLP 隐藏层'),
      'u \\cdot \\sigma(u)',
      'u = F.silu(u)',
    ),
    mlp2: doc(en('MLP output'), zh('MLP 的输出'), 'W_2\\,\\mathrm{SiLU}(u) + b_2', 'h = mlp[2](u)'),
    gated: doc(
      en('MLP output times the gate'),
      zh('乘以门控的 MLP 输出'),
      '\\alpha \\odot \\mathrm{MLP}(\\cdot)',
      'gated = gate * h',
    ),
    out: doc(
      `Output of residual block ${i}`,
      `第 ${i} 个残差块的输出`,
      `z_{${i + 1}} = z_{${i}} + \\alpha \\odot \\mathrm{MLP}(\\cdot)`,
      'x = x + gated',
    ),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs() {
  return {
    modulation: doc(
      'Last shift and scale',
      '最后的平移与缩放',
      '[\\beta\\,|\\,\\gamma] = W\\,\\mathrm{SiLU}(c) + b',
      'shift, scale = final_layer.adaLN_modulation[1](c_silu).chunk(2, dim=-1)',
    ),
    norm: doc(
      'Last LayerNorm, without weights',
      '最后的层归一化（无可学习参数）',
      '\\mathrm{LN}(z)',
      'norm = F.layer_norm(x, (W,), eps=1e-6)',
    ),
    modulated: doc(
      'Modulated by the condition',
      '经条件调制的结果',
      '(1 + \\gamma) \\odot \\mathrm{LN}(z) + \\beta',
      'modulated = norm * (1 + scale) + shift',
    ),
    prediction: doc(
      'What it says of the rest',
      '对残余的预测',
      'W\\,(\\cdot) + b',
      'prediction = final_layer.linear(modulated)',
    ),
  };
}
