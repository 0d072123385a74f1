import type { Condition, DiTConfig } from '#lib/models/dit/config.ts';
import { dit } from '#lib/models/dit/graph.ts';
import { ditPresets } from '#lib/models/dit/presets.ts';
import { describe, type Graph } from '#lib/graph/index.ts';
import { countDeep } from './count-deep.ts';
import { WAYS } from './state.ts';

/** FID-50K of DiT-XL/2 after 400,000 steps without guidance (Peebles & Xie 2023, figure 5). */
export const WAY_FID: Readonly<Record<Condition, number>> = {
  'in-context': 35.2,
  'cross-attention': 26.1,
  adaln: 25.2,
  'adaln-zero': 19.5,
};

export const XL: DiTConfig = ditPresets['dit-xl-2']!;

/** One way of telling a DiT time and class, counted from its graph. */
export interface Variant {
  readonly condition: Condition;
  /** Of one block; all are alike. */
  readonly graph: Graph;
  readonly parameters: number;
  readonly macs: number;
  /** Over a network of the same blocks that is told nothing: weights, and multiply-adds of one pass. */
  readonly extraParameters: number;
  readonly extraMacs: number;
}

const cache = new Map<string, readonly Variant[]>();

/** Work of the modulating layers, which is all that time and class cost in adaLN: one a block, one at the end. */
function modulating(graph: Graph, depth: number): number {
  const work = (end: string) =>
    describe(graph).tensors.find((t) => t.name === `${end}.adaLN_modulation`)!.macs;
  return depth * work('blocks.0') + work('final_layer');
}

/**
 * All four of one size. What they are held against: in-context adds no weight of its own, so its weights are those of
 * the bare blocks; adaLN adds no work but its linear layers, so its work without them is that of the bare blocks.
 */
export function variantsOf(config: DiTConfig): readonly Variant[] {
  const key = JSON.stringify(config);
  const known = cache.get(key);
  if (known) return known;
  const built = WAYS.map((condition) => {
    // Positions cost neither weights nor multiply-adds, but a table that takes time to make.
    const make = (depth: number) => dit({ ...config, condition, depth, positions: 'none' });
    return { condition, graph: make(1), count: countDeep(make, config.depth) };
  });
  const of = (condition: Condition) => built.find((b) => b.condition === condition)!;
  const bareParameters = of('in-context').count.parameters;
  const bareMacs = of('adaln').count.macs - modulating(of('adaln').graph, config.depth);
  const all = built.map(({ condition, graph, count: { parameters, macs } }) => ({
    condition,
    graph,
    parameters,
    macs,
    extraParameters: parameters - bareParameters,
    extraMacs: macs - bareMacs,
  }));
  cache.set(key, all);
  return all;
}
