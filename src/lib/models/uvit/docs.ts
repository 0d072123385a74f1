import type { Doc } from '#lib/graph/index.ts';
import { doc, type BlockPlace } from '../shared/block-docs.ts';
import { embeddedDoc, PATCHES_DOC } from '../shared/patch-docs.ts';
import { contextOf, uvitSizes, type UViTConfig } from './config.ts';

/** Docs of what comes before the blocks. `live` says that the graph has intervention inputs. */
export function stemDocs(c: UViTConfig, live: boolean) {
  const label = c.classes > 0;
  const text = contextOf(c).tokens > 0;
  const symbols = [label && 'e_y', 'e_t', text && 'W_c\\,c', 'e_1', '\\dots', 'e_N'].filter(Boolean);
  const parts = [label && 'label_token', 'time_token', text && 'context_tokens', 'patch_embed'].filter(
    Boolean,
  );
  const words = { en: [label && 'label', 'time', text && 'text', 'patches'].filter(Boolean).join(', ') };
  const zh = [label && '标签', '时间', text && '文本', '图像块'].filter(Boolean).join('、');
  const scale = live ? '\\alpha\\,' : '';
  const torchScale = live ? 'pos_scale * ' : '';
  const table = c.positions === 'sincos2d' ? 'fixed_pos' : 'pos_embed';
  const used = live ? 'g_t\\,t + (1 - g_t)\\,t^\\ast' : 't';
  return {
    x: doc('Noisy picture', '带噪图像', 'x_t \\in \\mathbb{R}^{C \\times H \\times W}'),
    context: doc('Text features', '文本特征', 'c \\in \\mathbb{R}^{L \\times D_c}'),
    patches: PATCHES_DOC,
    patchEmbed: embeddedDoc('patch_embed'),
    timestep: doc(
      'Sinusoidal embedding of the time, cosines first',
      '时间的正弦余弦嵌入（余弦在前）',
      `\\left[\\cos(\\tau f_i),\\ \\sin(\\tau f_i)\\right],\\quad f_i = 10000^{-2i/D},\\quad \\tau = ${used}`,
      'timestep_embedding = torch.cat([torch.cos(t[:, None] * f), torch.sin(t[:, None] * f)], dim=1)',
    ),
    mlp0: doc(
      'Time MLP, first layer',
      '时间 MLP 的第一个线性层',
      'u = W_1 e + b_1',
      'u = time_embed[0](timestep_embedding)',
    ),
    mlp1: doc(
      'Time MLP after SiLU',
      '经过 SiLU 激活的时间 MLP 隐藏层',
      'u \\cdot \\sigma(u)',
      'u = F.silu(u)',
    ),
    mlp2: doc('Time MLP, output', '时间 MLP 的输出', 'W_2\\,\\mathrm{SiLU}(u) + b_2', 'e = time_embed[2](u)'),
    timeToken: doc(
      'Time as a token',
      '时间词元（time token）',
      c.timeMlp ? 'e_t = \\mathrm{MLP}(e)' : 'e_t = \\left[\\cos(\\tau f),\\ \\sin(\\tau f)\\right]',
      'time_token = time_embed(timestep_embedding).unsqueeze(1)',
    ),
    labelToken: doc(
      'Class as a token',
      '标签词元（label token）',
      'e_y = E_y',
      'label_token = label_emb(y).unsqueeze(1)',
    ),
    contextTokens: doc('Text tokens', '文本词元', 'W_c\\,c + b_c', 'context_tokens = context_embed(context)'),
    tokenCat: doc(
      `One sequence: ${words.en}`,
      `拼成的序列：${zh}`,
      `[\\,${symbols.join(';\\, ')}\\,]`,
      `token_cat = torch.cat([${parts.join(', ')}], dim=1)`,
    ),
    tokens:
      c.positions === 'none'
        ? doc(
            'Tokens',
            '输入 Transformer 的 词元序列',
            'z_0 \\in \\mathbb{R}^{T \\times D}',
            'tokens = token_cat',
          )
        : doc(
            'Tokens with positions',
            '加上位置编码的 词元序列',
            `z_0 = [\\,\\dots] + ${scale}E_{\\mathrm{pos}}`,
            `tokens = token_cat + ${torchScale}${table}`,
          ),
  };
}

/** Where block `b` of the U stands, counted in the order they run. */
export function uvitPlace(c: UViTConfig, b: number, live: boolean): BlockPlace {
  const { half } = uvitSizes(c);
  const gate = { formula: `g_{${b}}\\,`, torch: `block_skip[${b}] * ` };
  const skipped = b > half && c.skip !== 'none';
  const title =
    b < half
      ? { en: `in-block ${b}`, zh: `输入侧第 ${b} 层` }
      : b === half
        ? { en: 'middle block', zh: '中间层' }
        : { en: `out-block ${b - half - 1}`, zh: `输出侧第 ${b - half - 1} 层` };
  return {
    ...title,
    input: skipped ? `\\tilde z_{${b}}` : b > 0 ? `z_{${b}}` : 'z_0',
    output: `z_{${b + 1}}`,
    ...(live && { gate }),
  };
}

/** Docs of the long skip into out-block `j`. */
export function skipDocs(
  c: UViTConfig,
  j: number,
  live: boolean,
): Record<'skip' | 'cat' | 'linear' | 'sum', Doc> {
  const { half } = uvitSizes(c);
  const i = half - 1 - j;
  const h = `z_{${half + 1 + j}}`;
  const s = 's';
  const en = (what: string) => `${what}, out-block ${j}`;
  const zh = (what: string) => `输出侧第 ${j} 层的${what}`;
  const linear: Record<UViTConfig['skip'], [string, string]> = {
    concat: [`\\tilde z = W\\,[\\,${h}\\,;\\,${s}\\,] + b`, 'x = skip_linear(skip_cat)'],
    'project-add': [`W\\,${s} + b`, 'skip_linear = skip_linear(skip)'],
    'add-project': [`\\tilde z = W\\,(${h} + ${s}) + b`, 'x = skip_linear(skip_add)'],
    add: ['', ''],
    none: ['', ''],
  };
  const sum: Record<UViTConfig['skip'], [string, string]> = {
    add: [`\\tilde z = ${h} + ${s}`, 'x = x + skip'],
    'project-add': [`\\tilde z = ${h} + (W\\,${s} + b)`, 'x = x + skip_linear'],
    'add-project': [`${h} + ${s}`, 'skip_add = x + skip'],
    concat: ['', ''],
    none: ['', ''],
  };
  return {
    skip: doc(
      en(`Long skip from in-block ${i}`),
      `来自输入侧第 ${i} 层的长跳跃连接（long skip），进入输出侧第 ${j} 层`,
      `s = ${live ? `\\gamma_{${j}}\\,` : ''}z_{${i + 1}}`,
      live ? `skip = skip_gates[${j}] * skips.pop()` : 'skip = skips.pop()',
    ),
    cat: doc(
      en('Stream and skip side by side'),
      zh('残差流与跳跃连接的拼接'),
      `[\\,${h}\\,;\\,${s}\\,] \\in \\mathbb{R}^{T \\times 2D}`,
      'skip_cat = torch.cat([x, skip], dim=-1)',
    ),
    linear: doc(en('Projection of the long skip'), zh('长跳跃连接的线性投影'), ...linear[c.skip]),
    sum: doc(en('Stream and skip added'), zh('残差流与跳跃连接之和'), ...sum[c.skip]),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs(c: UViTConfig, live: boolean) {
  const { blocks, extras } = uvitSizes(c);
  const gated = c.conv && live;
  return {
    norm: doc(
      'Final LayerNorm',
      '最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${blocks}})`,
      'norm = model.norm(x)',
    ),
    pred: doc(
      'Tokens as pixels',
      '每个词元 预测的像素',
      'W_{\\mathrm{out}}\\,\\mathrm{LN}(z) + b_{\\mathrm{out}} \\in \\mathbb{R}^{T \\times p^2 C}',
      'decoder_pred = model.decoder_pred(norm)',
    ),
    patchPred: doc(
      'Pixels of the patches, the other tokens dropped',
      '只保留图像块词元 的像素',
      undefined,
      `patch_pred = decoder_pred[:, ${extras}:]`,
    ),
    unpatchify: doc(
      'Patches put together',
      '图像块拼回图像',
      '\\mathbb{R}^{N \\times p^2 C} \\to \\mathbb{R}^{C \\times H \\times W}',
      'unpatchify = patch_pred.reshape(B, gh, gw, p, p, C).permute(0, 5, 1, 3, 2, 4).reshape(B, C, H, W)',
    ),
    conv: doc(
      '3 × 3 convolution over the picture',
      '图像上的 3 × 3 卷积',
      '\\mathrm{conv}_{3 \\times 3}(u) + b',
      'final_layer = F.conv2d(unpatchify, final_layer.weight, final_layer.bias, padding=1)',
    ),
    prediction: doc(
      'What the network predicts',
      '网络的预测',
      gated ? 'g_c\\,\\mathrm{conv}(u) + (1 - g_c)\\,u' : undefined,
      gated
        ? 'prediction = conv_gate * final_layer + (1 - conv_gate) * unpatchify'
        : `prediction = ${c.conv ? 'final_layer' : 'unpatchify'}`,
    ),
  };
}
