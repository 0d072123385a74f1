import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { attention } from '../shared/attention.ts';
import { addBranch, mlp } from '../shared/block.ts';
import { layerNorm } from '../shared/layers.ts';
import { linearDocs, softmaxDocs, swinBlockDocs, type SwinPlace } from './block-docs.ts';
import { hasBias, hasWindows, isLinear, isShifted, type Stage, type SwinConfig } from './config.ts';
import type { BlockLive } from './interventions.ts';
import { linearAttention } from './linear-attention.ts';
import { depthwiseMlp } from './mlp.ts';
import { intoWindows, outOfWindows, relativeBias, rolled, shiftMask } from '../shared/windows.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

export interface SwinBlock {
  readonly config: SwinConfig;
  readonly stage: Stage;
  /** Number of the block in its stage. */
  readonly index: number;
  readonly place: SwinPlace;
  readonly live: BlockLive | undefined;
}

/** Softmax attention over the whole grid `[B, N, D]`, or over each window `[B, w, n, D]`. */
function softmaxAttention(g: Graph, x: Value, name: string, block: SwinBlock): Value {
  const { config, stage, index, place, live } = block;
  const bias = hasBias(config);
  const mask = isShifted(stage, index);
  const docs = softmaxDocs(place, { windows: hasWindows(config), bias, mask });
  const as = (part: 'biased' | 'mask' | 'masked') => named(`${name}.${part}`, docs[part]!);
  const before = (scores: Value): Value => {
    let seen = scores;
    if (bias) {
      const table = relativeBias(g, `${name}.relative_position_bias_table`, stage);
      const part = live?.relativeBias ? g.mul(table, live.relativeBias) : table;
      seen = g.add(seen, part, as('biased'));
    }
    if (!mask) return seen;
    const { windows, window } = stage;
    const n = window * window;
    const apart = g.constant(shiftMask(stage), [windows ** 2, n, n], ['w', 'n', 'n']);
    const kept = live?.shiftMask
      ? g.mul(apart, live.shiftMask, as('mask'))
      : g.identity(apart, as('mask'));
    const forHeads = g.reshape(kept, [windows ** 2, 1, n, n], ['w', '1', 'n', 'n']);
    return g.add(seen, forHeads, as('masked'));
  };
  return attention(g, x, name, {
    heads: stage.heads,
    qkvBias: config.qkvBias,
    docs,
    before,
    ...(live?.sharpness && { intervention: { headMask: live.headMask, sharpness: live.sharpness } }),
  });
}

/** From the normalised tokens of the grid to what attention adds to them. */
function attended(g: Graph, x: Value, name: string, block: SwinBlock): Value {
  const { config, stage, index, place, live } = block;
  if (isLinear(config)) {
    const multiScale = config.attention === 'multi-scale-linear';
    return linearAttention(g, x, `${name}.attn`, {
      heads: stage.heads,
      qkvBias: config.qkvBias,
      grid: stage.grid,
      multiScale,
      docs: linearDocs(place, multiScale),
      headMask: live?.headMask,
    });
  }
  if (!hasWindows(config)) return softmaxAttention(g, x, `${name}.attn`, block);
  const shift = isShifted(stage, index) ? stage.shift : 0;
  const docs = docsOf(block);
  const as = (part: 'rolled' | 'windows' | 'unrolled') => named(`${name}.${part}`, docs[part]);
  const moved = shift > 0 ? rolled(g, x, stage.grid, -shift, as('rolled')) : x;
  const windows = intoWindows(g, moved, stage, as('windows'));
  const seen = softmaxAttention(g, windows, `${name}.attn`, block);
  if (shift === 0) return outOfWindows(g, seen, stage, as('unrolled'));
  return rolled(g, outOfWindows(g, seen, stage), stage.grid, shift, as('unrolled'));
}

function docsOf({ config, stage, index, place }: SwinBlock) {
  const shift = hasWindows(config) ? (isShifted(stage, index) ? stage.shift : 0) : undefined;
  return swinBlockDocs(place, { gelu: config.gelu, shift, depthwise: config.mlp === 'depthwise' });
}

/**
 * One pre-norm block, `[B, N, D]` to `[B, N, D]`: attention of the configured kind and an MLP, each around a residual
 * connection. Names: `name.norm1`, with windows `name.rolled`, `name.windows`, `name.unrolled`, `name.attn.…`,
 * `name.attn.residual`, `name.norm2`, `name.mlp.…`, and `name` for what comes out.
 */
export function swinBlock(g: Graph, x: Value, name: string, block: SwinBlock): Value {
  const { config, stage, live } = block;
  const { normEps } = config;
  const docs = docsOf(block);
  const norm1 = layerNorm(g, x, `${name}.norm1`, normEps, named(`${name}.norm1`, docs.norm1));
  const branch = attended(g, norm1, name, block);
  const residual = addBranch(g, x, branch, live?.gate, named(`${name}.attn.residual`, docs.residual));

  const norm2 = layerNorm(g, residual, `${name}.norm2`, normEps, named(`${name}.norm2`, docs.norm2));
  const width = { mlp: stage.mlp, gelu: config.gelu };
  const fc2 =
    config.mlp === 'depthwise'
      ? depthwiseMlp(g, norm2, `${name}.mlp`, { ...width, grid: stage.grid }, docs)
      : mlp(g, norm2, `${name}.mlp`, width, docs);
  return addBranch(g, residual, fc2, live?.gate, named(name, docs.output));
}
