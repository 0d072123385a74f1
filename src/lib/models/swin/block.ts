import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { attention } from '../shared/attention.ts';
import { addBranch, mlp } from '../shared/block.ts';
import { layerNorm } from '../shared/layers.ts';
import { linearDocs, softmaxDocs, swinBlockDocs, type SwinPlace } from './block-docs.ts';
import { hasBias, hasWindows, isLinear, isShifted, type Stage, type SwinConfig } from './config.ts';
import type { BlockLive } from './interventions.ts';
import type { Kept } from './kept.ts';
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
  /** Which windows are computed, where those are not all. */
  readonly kept: Kept | undefined;
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
    const kept = live?.shiftMask ? g.mul(apart, live.shiftMask, as('mask')) : g.identity(apart, as('mask'));
    const some = block.kept ? g.gather(kept, 0, block.kept.keep) : kept;
    const forHeads = g.reshape(some, [some.shape[0] ?? 1, 1, n, n], ['w', '1', 'n', 'n']);
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

/**
 * A block of whose windows some alone are computed (SparseViT, Chen et al. 2023): they are gathered before the block
 * begins and put back after it, so that attention and MLP cost the less, the fewer there are.
 */
function keptBlock(g: Graph, x: Value, name: string, block: SwinBlock, { keep, restore }: Kept): Value {
  const { config, stage, index, live } = block;
  const { normEps } = config;
  const shift = isShifted(stage, index) ? stage.shift : 0;
  const docs = docsOf(block);
  const as = (part: 'rolled' | 'windows' | 'kept' | 'norm1' | 'norm2' | 'computed' | 'restored') =>
    named(`${name}.${part}`, docs[part]);
  const moved = shift > 0 ? rolled(g, x, stage.grid, -shift, as('rolled')) : x;
  const windows = intoWindows(g, moved, stage, as('windows'));
  const kept = g.gather(windows, 1, keep, as('kept'));
  const norm1 = layerNorm(g, kept, `${name}.norm1`, normEps, as('norm1'));
  const seen = softmaxAttention(g, norm1, `${name}.attn`, block);
  const residual = addBranch(g, kept, seen, live?.gate, named(`${name}.attn.residual`, docs.residual));
  const norm2 = layerNorm(g, residual, `${name}.norm2`, normEps, as('norm2'));
  const fc2 = mlp(g, norm2, `${name}.mlp`, { mlp: stage.mlp, gelu: config.gelu }, docs);
  const computed = addBranch(g, residual, fc2, live?.gate, as('computed'));
  // A window that was not computed is found behind those that were, as it came in.
  const all = g.concat([computed, windows], 1, { dims: windows.dims });
  const restored = g.gather(all, 1, restore, as('restored'));
  const last = named(name, docs.output);
  if (shift === 0) return outOfWindows(g, restored, stage, last);
  return rolled(g, outOfWindows(g, restored, stage), stage.grid, shift, last);
}

function docsOf({ config, stage, index, place, kept }: SwinBlock) {
  const shift = hasWindows(config) ? (isShifted(stage, index) ? stage.shift : 0) : undefined;
  const depthwise = config.mlp === 'depthwise';
  return swinBlockDocs(place, { gelu: config.gelu, shift, depthwise, kept: kept !== undefined });
}

/**
 * One pre-norm block, `[B, N, D]` to `[B, N, D]`: attention of the configured kind and an MLP, each around a residual
 * connection. Names: `name.norm1`, with windows `name.rolled`, `name.windows`, `name.unrolled`, `name.attn.…`,
 * `name.attn.residual`, `name.norm2`, `name.mlp.…`, and `name` for what comes out.
 */
export function swinBlock(g: Graph, x: Value, name: string, block: SwinBlock): Value {
  const { config, stage, live, kept } = block;
  if (kept) return keptBlock(g, x, name, block, kept);
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
