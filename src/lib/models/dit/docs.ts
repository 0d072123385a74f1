import { doc } from '../shared/block-docs.ts';
import { embeddedDoc, PATCHES_DOC } from '../shared/patch-docs.ts';
import { ditSizes, type DiTConfig } from './config.ts';

/** Docs of what comes before the blocks. `live` says that the graph has intervention inputs. */
export function stemDocs(c: DiTConfig, live: boolean) {
  const inContext = c.condition === 'in-context';
  const scale = live ? '\\alpha\\,' : '';
  const torchScale = live ? 'pos_scale * ' : '';
  const placed = c.positions === 'none' ? 'x_embedder' : `x_embedder + ${torchScale}pos_embed`;
  const rows = ['t_embedder', c.classes > 0 && 'y_embedder'].filter(Boolean);
  const patch = c.positions === 'none' ? 'e_n' : `e_n + ${scale}p_n`;
  const list = [patch, inContext && 'e_t', inContext && c.classes > 0 && 'e_y'].filter(Boolean);
  const used = live ? 'g_t\\,t + (1 - g_t)\\,t^\\ast' : 't';
  const rates = c.timeShift ? ',\\quad f_i = 10^{-4i/(F/2-1)}' : '';
  return {
    x: doc('Noisy picture', '带噪图像', 'x_t \\in \\mathbb{R}^{C \\times H \\times W}'),
    patches: PATCHES_DOC,
    embedded: embeddedDoc('x_embedder'),
    tokens: inContext
      ? doc(
          'Patches, then time and class as tokens',
          '图像块之后接上时间词元与标签词元',
          `z_0 = [\\,${list.join(';\\, ')}\\,]`,
          `tokens = torch.cat([${[placed, ...rows.map((r) => `${String(r)}[:, None]`)].join(', ')}], dim=1)`,
        )
      : doc('Tokens', '输入 Transformer 的 词元序列', `z_0^{(n)} = ${patch}`, `tokens = ${placed}`),
    sinusoid: doc(
      'Sinusoidal embedding of the time, cosines first',
      '时间的正弦余弦嵌入（余弦在前）',
      `\\left[\\cos(\\tau f_i),\\ \\sin(\\tau f_i)\\right],\\quad \\tau = ${used}${rates}`,
      'e = torch.cat([torch.cos(t[:, None] * f), torch.sin(t[:, None] * f)], dim=1)',
    ),
    time0: doc(
      'Time MLP, first layer',
      '时间 MLP 的第一个线性层',
      'u = W_1 e + b_1',
      'u = t_embedder.mlp[0](e)',
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
      't_embedder = t_embedder.mlp[2](u)',
    ),
    label: doc('Embedding of the class', '类别嵌入', 'e_y = E_y', 'y_embedder = embedding_table(y)'),
    c: doc(
      'Condition: time and class',
      '条件向量：时间与类别',
      c.classes > 0 ? 'c = e_t + e_y' : 'c = e_t',
      c.classes > 0 ? 'c = t_embedder + y_embedder' : 'c = t_embedder',
    ),
    cSilu: doc('Condition after SiLU', '经过 SiLU 的条件向量', '\\mathrm{SiLU}(c)', 'c_silu = F.silu(c)'),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs(c: DiTConfig) {
  const { patches, outChannels, modulations } = ditSizes(c);
  const out = outChannels > c.channels ? '2C' : 'C';
  const last = `z_{${c.depth}}`;
  return {
    patchTokens: doc(
      'Patches, the other tokens dropped',
      '只保留图像块词元',
      undefined,
      `patch_tokens = x[:, :${patches}]`,
    ),
    modulation: doc(
      'Final shift and scale',
      '末层的平移与缩放',
      '(\\beta, \\gamma) = W\\,\\mathrm{SiLU}(c) + b',
      'modulation = final_layer.adaLN_modulation[1](c_silu)',
    ),
    shift: doc(
      'Final shift',
      '末层的平移（shift）',
      '\\beta \\in \\mathbb{R}^{D}',
      'shift, scale = modulation.chunk(2, dim=1)',
    ),
    scale: doc(
      'Final scale',
      '末层的缩放（scale）',
      '\\gamma \\in \\mathbb{R}^{D}',
      'shift, scale = modulation.chunk(2, dim=1)',
    ),
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(${last})`,
      modulations > 0 ? 'norm = F.layer_norm(x, (D,), eps=eps)' : 'norm = final_layer.norm_final(x)',
    ),
    modulated: doc(
      'Final tokens, shifted and scaled',
      '末层平移、缩放后的词元',
      `(1 + \\gamma) \\odot \\mathrm{LN}(${last}) + \\beta`,
      'modulated = norm * (1 + scale[:, None]) + shift[:, None]',
    ),
    linear: doc(
      'Tokens as pixels',
      '每个词元 预测的像素',
      `\\mathbb{R}^{N \\times D} \\to \\mathbb{R}^{N \\times p^2 \\cdot ${out}}`,
      `pixels = final_layer.linear(${modulations > 0 ? 'modulated' : 'norm'})`,
    ),
    unpatchify: doc(
      'Patches put together',
      '图像块拼回图像',
      `\\mathbb{R}^{N \\times p^2 \\cdot ${out}} \\to \\mathbb{R}^{${out} \\times H \\times W}`,
      `unpatchify = pixels.reshape(B, gh, gw, p, p, ${outChannels}).permute(0, 5, 1, 3, 2, 4).reshape(B, ${outChannels}, H, W)`,
    ),
    prediction: doc(
      'What the network predicts',
      '网络的预测',
      undefined,
      c.learnSigma ? `prediction = unpatchify[:, :${c.channels}]` : 'prediction = unpatchify',
    ),
    variance: doc(
      'Where the log variance lies between its bounds',
      '对数方差在上下界之间的位置',
      '\\log \\sigma^2 = \\tfrac{v + 1}{2} \\log \\beta_t + \\tfrac{1 - v}{2} \\log \\tilde\\beta_t',
      `variance = unpatchify[:, ${c.channels}:]`,
    ),
  };
}
