import { doc } from '../shared/block-docs.ts';
import { vqSizes, type VqConfig } from './config.ts';

/** Docs of what lies between encoder and codes, and between codes and decoder. */
export function codeDocs(c: VqConfig) {
  const { tokens } = vqSizes(c);
  const several = c.scales.length > 0;
  return {
    features: doc(
      'Latents before they are quantised',
      '量化之前的隐变量',
      'f = W_q * E(x) + b_q',
      'f = quant_conv(h)',
    ),
    codes: doc(
      several ? 'All codes, the smallest scale first' : 'The codes, row by row',
      several ? '全部码字编号（从最小的尺度开始）' : '码字编号（逐行）',
      `(k_1, \\dots, k_{${tokens}})`,
      several ? 'codes = torch.cat(scales, dim=1)' : 'codes = codes.float()',
    ),
    z: doc(
      'Latents that are decoded',
      '被解码的隐变量',
      c.fromLatents === 1 ? 'z' : several ? 'z = \\sum_s \\phi_s(\\mathrm{up}(e))' : 'z_{n} = e_{k_n}',
      'z = found',
    ),
  };
}

/** Docs of one grid of codes; of several scales, of scale `k` with `side` places a side. */
export function gridDocs(side: number, k?: number) {
  const [en, zh] =
    k === undefined ? ['', ''] : [`, scale ${k} (${side} × ${side})`, `（尺度 ${k}，${side} × ${side}）`];
  return {
    down: doc(
      `Rest, averaged to ${side} × ${side}${en}`,
      `把剩余部分平均到 ${side} × ${side}${zh}`,
      '\\mathrm{area}(r)',
      `down = F.interpolate(rest, size=${side}, mode='area')`,
    ),
    distances: doc(
      `Squared distances to every code${en}`,
      `到每个码字的距离平方${zh}`,
      '\\lVert f_n - e_k \\rVert^2',
      'distances = torch.cdist(rows, codebook) ** 2',
    ),
    codes: doc(
      `Number of the nearest code${en}`,
      `最近码字的编号${zh}`,
      'k_n = \\arg\\min_k \\lVert f_n - e_k \\rVert^2',
      'codes = distances.argmin(dim=-1)',
    ),
    entries: doc(
      `Entries of these codes${en}`,
      `这些编号对应的码字${zh}`,
      'e_{k_n}',
      'entries = codebook[codes].transpose(1, 2).reshape(B, D, s, s)',
    ),
    up: doc(
      `Entries brought to the latents’ size${en}`,
      `放大到隐变量的尺寸${zh}`,
      '\\mathrm{up}(e)',
      "up = F.interpolate(entries, size=g, mode='bicubic')",
    ),
    phi: doc(
      `Through the scale’s convolution, in part${en}`,
      `部分经过该尺度的卷积${zh}`,
      '\\phi(u) = (1 - \\rho)\\,u + \\rho\\,(W * u + b)',
      'phi = (1 - ratio) * up + ratio * conv(up)',
    ),
    sum: doc(
      `What all scales so far stand for${en}`,
      `到这一尺度为止的总和${zh}`,
      '\\hat f \\leftarrow \\hat f + \\phi(u)',
      'found = found + phi',
    ),
    rest: doc(`What is still missing${en}`, `还差的部分${zh}`, 'r = f - \\hat f', 'rest = f - found'),
  };
}
