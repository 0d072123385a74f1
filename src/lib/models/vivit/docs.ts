import type { Doc } from '#lib/graph/index.ts';
import { doc } from '../shared/block-docs.ts';
import { hasCls, type VivitConfig } from './config.ts';

/** Docs of the way from a clip to embedded tubelets. */
export const STEM_DOCS = {
  x: doc(
    'Clip: frames one after another',
    '视频片段：按先后排列的各帧',
    'x \\in \\mathbb{R}^{F \\times C \\times H \\times W}',
  ),
  tubelets: doc(
    'Flattened tubelets: patches of several frames, time by time',
    '展平的时空管（tubelet）：跨越数帧的图像块，按时间先后排列',
    'x_p \\in \\mathbb{R}^{N \\times C f p^2},\\quad N = n_t\\, n_s',
    'tubelets = x.reshape(B, n_t, f, C, g, p, g, p).permute(0, 1, 4, 6, 3, 2, 5, 7).reshape(B, N, C * f * p * p)',
  ),
  patchEmbed: doc(
    'Tubelet embeddings',
    '时空管嵌入（tubelet embedding）',
    'e_n = W x_p^{(n)} + b',
    'patch_embed = tubelets @ proj.weight.flatten(1).T + proj.bias',
  ),
};

/** Docs of a sequence of tokens as it begins. */
export interface TokenDocs {
  readonly clsCat: Doc;
  readonly tokens: Doc;
}

/** With intervention inputs the table is first drawn to its mean over the times, as far as `time_pos_scale` says. */
const timedTorch = (table: string, cls: boolean) => {
  const rows = `${cls ? `${table}[:, 1:]` : table}.reshape(1, n_t, -1, D)`;
  const drawn = `${rows}.mean(1, keepdim=True).lerp(${rows}, time_pos_scale).flatten(1, 2)`;
  return cls ? `torch.cat([${table}[:, :1], ${drawn}], dim=1)` : drawn;
};

const scaleOf = (live: boolean) => ({ formula: live ? '\\alpha\\,' : '', torch: live ? 'pos_scale * ' : '' });

/** Docs of the tokens of the clip, or of every time of it. `live` says that the graph has intervention inputs. */
export function tokenDocs(c: VivitConfig, live: boolean): TokenDocs {
  const scale = scaleOf(live);
  if (c.attention === 'factorised-encoder') {
    return {
      clsCat: doc(
        'Class token and patches of each time, a sequence for each',
        '每个时刻的分类词元（CLS）与图像块，各成一个序列',
        '[\\,x_{\\mathrm{cls}};\\, e_{\\tau,1};\\, \\dots;\\, e_{\\tau,n_s}],\\quad \\tau = 1,\\dots,n_t',
        'cls_cat = torch.cat([cls_token.expand(B, n_t, 1, D), patch_embed.reshape(B, n_t, n_s, D)], dim=2)',
      ),
      tokens: doc(
        'Tokens of each time; all times have the same positions',
        '每个时刻的词元；各时刻共用同一套位置编码',
        `z_0^{(\\tau)} = [\\,\\dots]^{(\\tau)} + ${scale.formula}E_{\\mathrm{pos}}`,
        `tokens = cls_cat + ${scale.torch}pos_embed`,
      ),
    };
  }
  const before = hasCls(c) ? 'cls_cat' : 'patch_embed';
  const sequence = hasCls(c)
    ? '[\\,x_{\\mathrm{cls}};\\, e_1;\\, \\dots;\\, e_N]'
    : '[\\,e_1;\\, \\dots;\\, e_N]';
  return {
    clsCat: doc(
      'Class token and all tubelets in one sequence',
      '分类词元（CLS）与全部时空管拼成的序列',
      sequence,
      'cls_cat = torch.cat([cls_token.expand(B, -1, -1), patch_embed], dim=1)',
    ),
    tokens: doc(
      'Tokens; each has a position in space and time of its own',
      '词元序列；每个词元在空间和时间上各有自己的位置编码',
      `z_0 = ${sequence} + ${scale.formula}E_{\\mathrm{pos}}`,
      `tokens = ${before} + ${scale.torch}${live ? timedTorch('pos_embed', hasCls(c)) : 'pos_embed'}`,
    ),
  };
}

/** Docs of the second encoder, over time. `live` says that the graph has intervention inputs. */
export function temporalDocs(c: VivitConfig, live: boolean) {
  const scale = scaleOf(live);
  return {
    frameTokens: doc(
      'One token for each time: the class token of its sequence',
      '每个时刻一个词元：该时刻序列的分类词元',
      'h_\\tau = \\mathrm{LN}(z^{(\\tau)})^{(0)}',
      'frame_tokens = norm[:, :, 0]',
    ),
    clsCat: doc(
      'Class token of the clip and the tokens of the times',
      '整段视频的分类词元与各时刻的词元',
      '[\\,h_{\\mathrm{cls}};\\, h_1;\\, \\dots;\\, h_{n_t}]',
      'cls_cat = torch.cat([temporal.cls_token.expand(B, -1, -1), frame_tokens], dim=1)',
    ),
    tokens: doc(
      'Tokens of the times with their positions in time',
      '加上时间位置编码的各时刻词元',
      `y_0 = [\\,h_{\\mathrm{cls}};\\, h_1;\\, \\dots;\\, h_{n_t}] + ${scale.formula}E_{\\mathrm{time}}`,
      `tokens = cls_cat + ${scale.torch}${live ? timedTorch('temporal.pos_embed', true) : 'temporal.pos_embed'}`,
    ),
    norm: doc(
      'Final LayerNorm of the encoder over time',
      '时间编码器最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(y_{${c.temporalDepth}})`,
      'norm = temporal.norm(x)',
    ),
  };
}

/** Docs of what comes after the blocks. */
export function headDocs(c: VivitConfig) {
  const encoder = c.attention === 'factorised-encoder';
  return {
    norm: doc(
      encoder ? 'Final LayerNorm of the encoder over space' : 'Final LayerNorm',
      encoder ? '空间编码器最后的层归一化（LayerNorm）' : '最后的层归一化（LayerNorm）',
      `\\mathrm{LN}(z_{${c.depth}})`,
      'norm = model.norm(x)',
    ),
    pooled: encoder
      ? doc(
          'Class token of the clip',
          '整段视频的分类词元',
          'y = \\mathrm{LN}(y)^{(0)}',
          'pooled = temporal_norm[:, 0]',
        )
      : hasCls(c)
        ? doc('Class token', '分类词元（CLS）', 'y = \\mathrm{LN}(z)^{(0)}', 'pooled = norm[:, 0]')
        : doc(
            'Mean of all tokens',
            '所有词元的平均值（平均池化）',
            'y = \\frac1N \\sum_{n=1}^{N} \\mathrm{LN}(z)^{(n)}',
            'pooled = norm.mean(dim=1)',
          ),
    logits: doc(
      'Logits',
      '各类别的 logit',
      '\\ell = y\\,W_{\\mathrm{head}}^\\top + b_{\\mathrm{head}}',
      'logits = head(pooled)',
    ),
    probs: doc(
      'Class probabilities',
      '各类别的概率',
      'p = \\mathrm{softmax}(\\ell)',
      'probs = logits.softmax(dim=-1)',
    ),
  };
}
