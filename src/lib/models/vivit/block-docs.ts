import type { Doc } from '#lib/graph/index.ts';
import type { AttentionDocs } from '../shared/attention.ts';
import { attentionDocs, blockDocs, doc, mlpDocs, plainPlace, type BlockPlace } from '../shared/block-docs.ts';
import type { VivitConfig } from './config.ts';

/** Whom a token sees: every other one, those of its time, or those of its place. */
export type Reach = 'all' | 'space' | 'time';

/** Block `i` of the first encoder, or of the second one over time. `before`: blocks of the encoder before it. */
export function placeOf(i: number, live: boolean, before?: number): BlockPlace {
  const plain = plainPlace(i, live);
  if (before === undefined) return plain;
  const number = before + i;
  return {
    en: `temporal block ${i}`,
    zh: `时间编码器第 ${i} 层`,
    input: `y_{${i}}`,
    output: `y_{${i + 1}}`,
    ...(live && { gate: { formula: `g_{${number}}\\,`, torch: `block_skip[${number}] * ` } }),
  };
}

/** The same block, of one of its attentions alone. */
function within(place: BlockPlace, reach: Reach): BlockPlace {
  if (reach === 'all') return place;
  const [en, zh] = reach === 'space' ? ['over space', '空间'] : ['over time', '时间'];
  return { ...place, en: `${place.en}, ${en}`, zh: `${place.zh}（${zh}）` };
}

/** Probabilities with a temperature, where the graph has intervention inputs. No key is masked here. */
const tempered = (of: Doc, live: boolean, subscript = ''): Doc => ({
  ...of,
  formula: `A${subscript} = \\mathrm{softmax}(S${subscript}${live ? ' / \\tau' : ''})`,
  torch: `probs = ${live ? '(scores / temperature)' : 'scores'}.softmax(dim=-1)`,
});

/**
 * Docs of an attention.
 * @param rows the axes of its sequences in PyTorch: `T`, `n_t, n_s`
 * @param from what it reads, in PyTorch
 */
export function reachDocs(place: BlockPlace, reach: Reach, rows: string, from = 'norm1'): AttentionDocs {
  const common = attentionDocs(within(place, reach), from);
  const axes = rows.split(', ').length;
  const order = axes === 1 ? '2, 0, 3, 1, 4' : '3, 0, 1, 4, 2, 5';
  const split = `q, k, v = qkv.reshape(B, ${rows}, 3, h, d).permute(${order})`;
  return {
    ...common,
    q: { ...common.q!, torch: split },
    k: { ...common.k!, torch: split },
    v: { ...common.v!, torch: split },
    probs: tempered(common.probs!, place.gate !== undefined),
    merged: { ...common.merged!, torch: `merged = out.transpose(-3, -2).reshape(B, ${rows}, D)` },
  };
}

/** Docs of a block with attention over space, then over time. */
export function twoStepDocs(place: BlockPlace, { gelu }: Pick<VivitConfig, 'gelu'>) {
  const plain = blockDocs(place, { layerScale: false, gelu });
  const gate = place.gate ?? { formula: '', torch: '' };
  return {
    ...plain,
    residual: doc(
      `Residual stream after attention over space, ${place.en}`,
      `${place.zh}加上空间注意力输出后的残差流`,
      `z' = z + ${gate.formula}\\mathrm{MSA}_s(\\mathrm{LN}(z))`,
      `x = x + ${gate.torch}proj.reshape(B, N, D)`,
    ),
    normTime: doc(
      `LayerNorm before attention over time, ${place.en}`,
      `${place.zh}时间注意力之前的层归一化（LayerNorm）`,
      "\\mathrm{LN}(z')",
      'norm_time = F.layer_norm(x, (D,), norm_time.weight, norm_time.bias, eps)',
    ),
    residualTime: doc(
      `Residual stream after attention over time, ${place.en}`,
      `${place.zh}加上时间注意力输出后的残差流`,
      `z'' = z' + ${gate.formula}\\mathrm{MSA}_t(\\mathrm{LN}(z'))`,
      `x = x + ${gate.torch}proj.transpose(1, 2).reshape(B, N, D)`,
    ),
    norm2: { ...plain.norm2, formula: "\\mathrm{LN}(z'')" },
    ...mlpDocs(place, gelu, 'norm2', "\\mathrm{LN}(z'')"),
    output: {
      ...plain.output,
      formula: `${place.output} = z'' + ${gate.formula}\\mathrm{MLP}(\\mathrm{LN}(z''))`,
    },
  };
}

/** Docs of attention whose heads are divided between space and time. */
export function splitDocs(place: BlockPlace) {
  const common = attentionDocs(place);
  const live = place.gate !== undefined;
  const half = (reach: 'space' | 'time') => {
    const docs = attentionDocs(within(place, reach));
    const letter = reach === 'space' ? '_s' : '_t';
    const heads = reach === 'space' ? ': h // 2' : 'h // 2 :';
    const order = reach === 'space' ? '3, 0, 1, 4, 2, 5' : '3, 0, 2, 4, 1, 5';
    const split = `q, k, v = qkv.reshape(B, n_t, n_s, 3, h, d)[..., ${heads}, :].permute(${order})`;
    return {
      scores: {
        ...docs.scores!,
        formula: `S${letter} = \\frac{Q${letter} K${letter}^\\top}{\\sqrt{d}}`,
        torch: `${split}; scores = q @ k.transpose(-2, -1) / d ** 0.5`,
      },
      probs: tempered(docs.probs!, live, letter),
      out: {
        ...docs.out!,
        formula: `O${letter}^{(h)} = ${live ? '\\mu_h\\, ' : ''}A${letter}^{(h)} V${letter}^{(h)}`,
      },
    };
  };
  return {
    qkv: common.qkv!,
    space: half('space'),
    time: half('time'),
    merged: doc(
      `Heads over space and heads over time side by side, ${place.en}`,
      `${place.zh}拼接后的各头输出：先是空间头，后是时间头`,
      '[\\,O_s\\,|\\,O_t\\,]',
      'merged = torch.cat([space_out.permute(0, 1, 3, 2, 4).reshape(B, N, D // 2), time_out.permute(0, 3, 1, 2, 4).reshape(B, N, D // 2)], dim=-1)',
    ),
    proj: { ...common.proj!, formula: '[\\,O_s\\,|\\,O_t\\,]\\,W_O^\\top + b_O' },
  };
}
