import type { Graph, Value } from '#lib/graph/index.ts';
import { attention } from '../shared/attention.ts';
import { blockDocs, type BlockPlace } from '../shared/block-docs.ts';
import { block } from './block.ts';
import { reachDocs, twoStepDocs, type Reach } from './block-docs.ts';
import { vivitSizes, type VivitConfig } from './config.ts';
import type { AttentionLive, BlockLive } from './interventions.ts';
import { backFromPlaces, byPlace, byTime, inOneRow } from './order.ts';

/** What a block of any form is told. */
export interface BlockAt {
  readonly config: VivitConfig;
  readonly place: BlockPlace;
  readonly live: BlockLive | undefined;
}

/** Options of an attention: heads and bias of the configuration, docs, interventions. */
function attentionOf({ heads, qkvBias }: VivitConfig, live: AttentionLive | undefined) {
  return { heads, qkvBias, ...(live && { intervention: live }) };
}

/**
 * A block whose tokens see all others of their sequence: `[B, T, D]`, or `[B, t, T, D]`, where each time has a sequence of
 * its own.
 * @param reach what a sequence holds
 */
export function oneStepBlock(
  g: Graph,
  x: Value,
  name: string,
  { config, place, live }: BlockAt,
  reach: Reach,
): Value {
  const { norm1, residual } = blockDocs(place, { layerScale: false, gelu: config.gelu });
  const docs = reachDocs(place, reach, x.shape.length > 3 ? 'n_t, T' : 'T');
  const attend = (normed: Value) =>
    attention(g, normed, `${name}.attn`, { ...attentionOf(config, live?.attn), docs });
  const branches = [{ norm: 'norm1', attn: 'attn', attend, docs: { norm: norm1, residual } }];
  return block(g, x, name, { config, place, live, branches });
}

/** A block of model 3, `[B, N, D]`: attention within each time, then at each place over time, then the MLP. */
export function spaceThenTime(g: Graph, x: Value, name: string, { config, place, live }: BlockAt): Value {
  const docs = twoStepDocs(place, config);
  const sizes = vivitSizes(config);
  const space = (normed: Value) => {
    const own = reachDocs(place, 'space', 'n_t, n_s', 'norm1.reshape(B, n_t, n_s, D)');
    const options = { ...attentionOf(config, live?.attn), docs: own };
    return inOneRow(g, attention(g, byTime(g, normed, sizes), `${name}.attn`, options));
  };
  const time = (normed: Value) => {
    const own = reachDocs(place, 'time', 'n_s, n_t', 'norm_time.reshape(B, n_t, n_s, D).transpose(1, 2)');
    const options = { ...attentionOf(config, live?.attnTime), docs: own };
    return backFromPlaces(g, attention(g, byPlace(g, normed, sizes), `${name}.attn_time`, options));
  };
  const branches = [
    { norm: 'norm1', attn: 'attn', attend: space, docs: { norm: docs.norm1, residual: docs.residual } },
    {
      norm: 'norm_time',
      attn: 'attn_time',
      attend: time,
      docs: { norm: docs.normTime, residual: docs.residualTime },
    },
  ];
  return block(g, x, name, { config, place, live, branches, docs });
}
