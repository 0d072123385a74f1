import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { addBranch, mlp } from '../shared/block.ts';
import { blockDocs, type BlockPlace } from '../shared/block-docs.ts';
import { layerNorm } from '../shared/layers.ts';
import { vivitSizes, type VivitConfig } from './config.ts';
import type { BlockLive } from './interventions.ts';

/** One attention of a block: a LayerNorm, what attends, and the residual connection around both. */
export interface Branch {
  /** Part of the name of its LayerNorm: `norm1`. */
  readonly norm: string;
  /** Part of the name of what attends; the sum with the residual stream is called `<attn>.residual`. */
  readonly attn: string;
  /** From the normalised tokens to what is added to the stream, both in the stream's shape. */
  readonly attend: (normed: Value) => Value;
  readonly docs: { readonly norm: Doc; readonly residual: Doc };
}

export interface BlockOptions {
  readonly config: VivitConfig;
  readonly place: BlockPlace;
  readonly live: BlockLive | undefined;
  readonly branches: readonly Branch[];
  /** Docs of what follows the attentions; by default those of every pre-norm block. */
  readonly docs?: Pick<ReturnType<typeof blockDocs>, 'norm2' | 'fc1' | 'gelu' | 'fc2' | 'output'>;
}

const named = (name: string, doc: Doc) => ({ name, doc });

/** A pre-norm block, `[…, D]` to `[…, D]`: its attentions one after another, then the MLP, a residual around each. */
export function block(g: Graph, x: Value, name: string, options: BlockOptions): Value {
  const { config, place, live, branches } = options;
  const { normEps, gelu } = config;
  const docs = options.docs ?? blockDocs(place, { layerScale: false, gelu });
  let stream = x;
  for (const { norm, attn, attend, docs: own } of branches) {
    const at = `${name}.${norm}`;
    const out = attend(layerNorm(g, stream, at, normEps, named(at, own.norm)));
    stream = addBranch(g, stream, out, live?.gate, named(`${name}.${attn}.residual`, own.residual));
  }
  const norm2 = layerNorm(g, stream, `${name}.norm2`, normEps, named(`${name}.norm2`, docs.norm2));
  const fc2 = mlp(g, norm2, `${name}.mlp`, { mlp: vivitSizes(config).mlp, gelu }, docs);
  return addBranch(g, stream, fc2, live?.gate, named(name, docs.output));
}
