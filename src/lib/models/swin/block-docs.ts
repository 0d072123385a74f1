import type { Doc } from '#lib/graph/index.ts';
import type { AttentionPart } from '../shared/attention.ts';
import { attentionDocs, blockDocs, doc, type BlockPlace } from '../shared/block-docs.ts';

/** Tensors of attention with windows, beyond those of every attention. */
export type WindowPart = AttentionPart | 'biased' | 'mask' | 'masked';
/** Tensors of linear attention. */
export type LinearPart =
  | Exclude<AttentionPart, 'scores' | 'probs' | 'norm' | `${'q' | 'k'}_${'norm' | 'rot'}`>
  | 'aggreg.0'
  | 'aggreg.1'
  | 'q_relu'
  | 'k_relu'
  | 'kv'
  | 'normaliser';
export type LinearDocs = Readonly<Record<LinearPart, Doc>>;

/** Which block the docs speak of, and what changes its tensors. */
export interface SwinPlace extends BlockPlace {
  /** The graph has intervention inputs. */
  readonly live: boolean;
  /** Number of the block over all stages. */
  readonly number: number;
}

/**
 * Block `b` of stage `s`.
 * @param prunes windows may be passed over
 */
export function placeOf(s: number, b: number, number: number, live: boolean, prunes: boolean): SwinPlace {
  const keep = prunes ? 'm \\odot ' : '';
  const gate = {
    formula: `g_{${number}}\\,${keep}`,
    torch: `${prunes ? 'keep * ' : ''}block_skip[${number}] * `,
  };
  return {
    en: `stage ${s}, block ${b}`,
    zh: `第 ${s} 阶段第 ${b} 层`,
    input: `z_{${s},${b}}`,
    output: `z_{${s},${b + 1}}`,
    live,
    number,
    ...(live && { gate }),
  };
}

const titles = (place: BlockPlace) => ({
  en: (what: string) => `${what}, ${place.en}`,
  zh: (what: string) => `${place.zh}的${what}`,
});

/** Docs of attention whose scores meet a softmax: over the whole grid, or over a window where there are any. */
export function softmaxDocs(
  place: SwinPlace,
  { windows, bias, mask }: { readonly windows: boolean; readonly bias: boolean; readonly mask: boolean },
): Readonly<Partial<Record<WindowPart, Doc>>> {
  const { en, zh } = titles(place);
  const { live } = place;
  const common = attentionDocs(place, windows ? 'windows' : 'norm1');
  const last = mask ? 'masked' : bias ? 'biased' : 'scores';
  const summed = `S${bias ? ' + B' : ''}${mask ? ' + M' : ''}`;
  const split = windows
    ? 'q, k, v = qkv.reshape(B, w, n, 3, h, d).permute(3, 0, 1, 4, 2, 5)'
    : common.q!.torch!;
  const merge = windows ? 'merged = out.transpose(-3, -2).reshape(B, w, n, D)' : common.merged!.torch!;
  const heads = (of: Doc): Doc => ({ ...of, torch: split });
  return {
    ...common,
    q: heads(common.q!),
    k: heads(common.k!),
    v: heads(common.v!),
    merged: { ...common.merged!, torch: merge },
    biased: doc(
      en('Scores with the relative position bias'),
      zh('加上相对位置偏置的注意力分数'),
      live
        ? 'S + \\beta\\,B,\\quad B_{ij} = \\hat B_{\\,\\Delta y,\\,\\Delta x}'
        : 'S + B,\\quad B_{ij} = \\hat B_{\\,\\Delta y,\\,\\Delta x}',
      `biased = scores + ${live ? 'relative_bias * ' : ''}table[index].permute(2, 0, 1)`,
    ),
    mask: doc(
      en('Mask of the shifted windows'),
      zh('移位窗口的掩码'),
      'M_{ij} = \\begin{cases} 0 & i, j\\ \\text{in one region} \\\\ -100 & \\text{else} \\end{cases}',
      `mask = ${live ? 'shift_mask * ' : ''}(regions.unsqueeze(1) != regions.unsqueeze(2)).float() * -100`,
    ),
    masked: doc(
      en('Scores with the mask'),
      zh('加上掩码的注意力分数'),
      `${bias ? 'S + B' : 'S'} + M`,
      `masked = ${bias ? 'biased' : 'scores'} + mask.unsqueeze(1)`,
    ),
    probs: doc(
      en('Attention probabilities'),
      zh('注意力概率'),
      `A = \\mathrm{softmax}(${live ? `(${summed}) / \\tau` : summed})`,
      live ? `probs = (${last} / temperature).softmax(dim=-1)` : `probs = ${last}.softmax(dim=-1)`,
    ),
  };
}

/** Docs of ReLU linear attention. */
export function linearDocs(place: SwinPlace, multiScale: boolean): LinearDocs {
  const { en, zh } = titles(place);
  const { live } = place;
  const { qkv, proj } = attentionDocs(place);
  const split = multiScale
    ? 'q, k, v = torch.cat([t.reshape(B, N, 3, h, d) for t in (qkv, aggreg_1)], dim=3).permute(2, 0, 3, 1, 4)'
    : 'q, k, v = qkv.reshape(B, N, 3, h, d).permute(2, 0, 3, 1, 4)';
  return {
    qkv: qkv!,
    'aggreg.0': doc(
      en('Queries, keys and values of a wider neighbourhood'),
      zh('更大邻域内的查询、键、值（5 × 5 深度卷积）'),
      '\\mathrm{DWConv}_{5 \\times 5}([Q\\,|\\,K\\,|\\,V])',
      'aggreg_0 = F.conv2d(qkv.mT.reshape(B, 3 * D, H, W), aggreg[0].weight, padding=2, groups=3 * D)',
    ),
    'aggreg.1': doc(
      en('The second scale, mixed within each head'),
      zh('第二个尺度的查询、键、值（头内混合，分组 1 × 1 卷积）'),
      '\\mathrm{Conv}^{3h\\ \\text{groups}}_{1 \\times 1}(\\cdot)',
      'aggreg_1 = F.conv2d(aggreg_0, aggreg[1].weight, groups=3 * h)',
    ),
    q: doc(en('Queries'), zh('查询（query）'), 'q_t^{(h)} \\in \\mathbb{R}^{d}', split),
    k: doc(en('Keys'), zh('键（key）'), 'k_t^{(h)} \\in \\mathbb{R}^{d}', split),
    v: doc(en('Values'), zh('值（value）'), 'v_t^{(h)} \\in \\mathbb{R}^{d}', split),
    q_relu: doc(
      en('Queries after ReLU'),
      zh('经过 ReLU 的查询'),
      '\\phi(Q) = \\max(Q, 0)',
      'q_relu = F.relu(q)',
    ),
    k_relu: doc(en('Keys after ReLU'), zh('经过 ReLU 的键'), '\\phi(K) = \\max(K, 0)', 'k_relu = F.relu(k)'),
    kv: doc(
      en('Keys and values, summed over all tokens'),
      zh('键值乘积之和（对所有词元）'),
      '\\phi(K)^\\top V = \\sum_j \\phi(k_j)^\\top v_j \\in \\mathbb{R}^{d \\times d}',
      'kv = k_relu.transpose(-2, -1) @ v',
    ),
    normaliser: doc(
      en('What each query’s weights add up to'),
      zh('各查询的权重之和（归一化因子）'),
      '\\phi(q_i) \\sum_j \\phi(k_j)^\\top + 10^{-6}',
      'normaliser = q_relu @ k_relu.sum(dim=-2).unsqueeze(-1) + 1e-6',
    ),
    out: doc(
      en('Values mixed by linear attention, head by head'),
      zh('各注意力头由线性注意力得到的加权平均'),
      `o_i = ${live ? '\\mu_h\\,' : ''}\\frac{\\phi(q_i)\\,(\\phi(K)^\\top V)}{\\phi(q_i) \\sum_j \\phi(k_j)^\\top}`,
      `out = ${live ? 'head_mask * ' : ''}(q_relu @ kv) / normaliser`,
    ),
    merged: doc(
      en('Heads side by side'),
      zh('拼接后的各头输出'),
      '[\\,O^{(1)}\\,|\\,\\dots\\,|\\,O^{(h)}\\,]',
      `merged = out.transpose(1, 2).reshape(B, N, ${multiScale ? '2 * D' : 'D'})`,
    ),
    proj: proj!,
  };
}

/** Docs of a block around its attention. */
export function swinBlockDocs(
  place: SwinPlace,
  options: {
    readonly gelu: 'erf' | 'tanh';
    /** Tokens by which the windows are shifted; undefined without windows. */
    readonly shift: number | undefined;
    readonly depthwise: boolean;
    /** Some of the windows alone are computed. */
    readonly kept?: boolean;
  },
) {
  const { en, zh } = titles(place);
  const { gelu, shift, depthwise, kept = false } = options;
  const common = blockDocs(place, { layerScale: false, gelu });
  const branch = shift === undefined ? 'proj' : 'unrolled';
  const first = kept ? 'x' : 'norm1';
  const from = shift ? 'rolled' : first;
  const moved = `(${-(shift ?? 0)}, ${-(shift ?? 0)})`;
  const back = `(${shift ?? 0}, ${shift ?? 0})`;
  const reversed = 'proj.reshape(B, H // M, W // M, M, M, D).transpose(2, 3).reshape(B, H, W, D)';
  const hidden = depthwise ? 'gelu2' : 'gelu';
  return {
    ...common,
    rolled: doc(
      en('Tokens rolled cyclically over the grid'),
      zh('循环移位后的词元'),
      `\\tilde z_{y,x} = z_{(y + ${shift ?? 0}) \\bmod H,\\ (x + ${shift ?? 0}) \\bmod W}`,
      `rolled = torch.roll(${first}.reshape(B, H, W, D), ${moved}, dims=(1, 2))`,
    ),
    windows: doc(
      en(shift ? 'Tokens in shifted windows' : 'Tokens in windows'),
      zh(shift ? '按移位窗口划分的词元' : '按窗口划分的词元'),
      '\\mathbb{R}^{N \\times D} \\to \\mathbb{R}^{\\frac{N}{M^2} \\times M^2 \\times D}',
      `windows = ${from}.reshape(B, H // M, M, W // M, M, D).transpose(2, 3).reshape(B, w, M * M, D)`,
    ),
    unrolled: doc(
      en(shift ? 'Windows back on the grid, rolled back' : 'Windows back on the grid'),
      zh(shift ? '放回网格并移回原位的窗口' : '放回网格的窗口'),
      '\\mathbb{R}^{\\frac{N}{M^2} \\times M^2 \\times D} \\to \\mathbb{R}^{N \\times D}',
      shift ? `unrolled = torch.roll(${reversed}, ${back}, dims=(1, 2))` : `unrolled = ${reversed}`,
    ),
    residual: {
      ...common.residual,
      torch: `x = ${kept ? 'kept' : 'x'} + ${place.gate?.torch ?? ''}${kept ? 'proj' : branch}`,
    },
    kept: doc(
      en('Windows that are computed'),
      zh('参与计算的窗口'),
      '[\\,w_1;\\ \\dots;\\ w_k\\,] \\in \\mathbb{R}^{k \\times M^2 \\times D}',
      'kept = windows[:, ids_keep]',
    ),
    computed: { ...common.output, torch: common.output.torch!.replace(/^x =/, 'computed =') },
    restored: doc(
      en('Every window in its place: computed, or as it came in'),
      zh('放回原处的各窗口：计算过的，或原样通过的'),
      undefined,
      'restored = torch.cat([computed, windows], dim=1)[:, ids_restore]',
    ),
    output: kept
      ? {
          ...common.output,
          torch: shift
            ? `x = torch.roll(${reversed.replace('proj', 'restored')}, ${back}, dims=(1, 2))`
            : `x = ${reversed.replace('proj', 'restored')}`,
        }
      : common.output,
    dwconv: doc(
      en('Hidden channels of the MLP, each convolved for itself'),
      zh('MLP 隐藏层的 3 × 3 深度卷积'),
      '\\mathrm{DWConv}_{3 \\times 3}(u)',
      'dwconv = F.conv2d(gelu.mT.reshape(B, M, H, W), mlp.dwconv.weight, mlp.dwconv.bias, padding=1, groups=M)',
    ),
    gelu2: doc(
      en('MLP after the convolution’s GELU'),
      zh('深度卷积后再经过 GELU 的 MLP 隐藏层'),
      '\\mathrm{GELU}(u)',
      gelu === 'erf' ? 'gelu2 = F.gelu(dwconv)' : "gelu2 = F.gelu(dwconv, approximate='tanh')",
    ),
    fc2: { ...common.fc2, torch: `fc2 = mlp.fc2(${hidden})` },
  };
}
