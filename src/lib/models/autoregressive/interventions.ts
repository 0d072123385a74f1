import type { Graph, Value } from '#lib/graph/index.ts';
import type { InputSpec } from '../family.ts';
import {
  atBlock,
  commonInterventions,
  declareInterventions,
  factors,
  type BlockInterventions,
  type Interventions,
} from '../shared/interventions.ts';
import { autoregressiveSizes, type AutoregressiveConfig } from './config.ts';

/** What may be changed in a running network. */
export interface Live extends Interventions {
  /** A scalar: 1 keeps the mask of attention, 0 takes it off. Undefined where there is none. */
  readonly causal?: Value;
  /** `[T]`: which row of the table of positions each token is given. */
  readonly places?: Value;
}

const extent = (c: AutoregressiveConfig) => ({
  blocks: c.depth,
  heads: c.heads,
  tokens: autoregressiveSizes(c).tokens,
});

/** Whether tokens are hidden from one another. */
export const isMaskedInAttention = (c: AutoregressiveConfig): boolean => c.order !== 'masked';

/**
 * Every input that changes a running network, each with the value that changes nothing. A step with a cache has the
 * common ones alone: later tokens are not there, and it is told its place anyway.
 */
export function interventionsOf(c: AutoregressiveConfig): readonly InputSpec[] {
  const common = commonInterventions(extent(c));
  if (c.cached === 1) return common;
  const { tokens } = autoregressiveSizes(c);
  const places: InputSpec = {
    name: 'places',
    role: 'intervention',
    shape: [tokens],
    dims: ['T'],
    neutral: Float32Array.from({ length: tokens }, (_, i) => i),
  };
  const title = { en: 'Later tokens are hidden', zh: '看不到后面的词元' };
  const causal = factors('causal', [], [], { kind: 'switch', title });
  return [...common, ...(isMaskedInAttention(c) ? [causal] : []), places];
}

/** Declares them. */
export function declare(g: Graph, c: AutoregressiveConfig): Live {
  const common = declareInterventions(g, extent(c));
  if (c.cached === 1) return common;
  const causal = { title: { en: 'Share of the mask', zh: '因果掩码的份额' } };
  const places = {
    title: { en: 'Row of the positions that each token is given', zh: '各词元取位置编码的哪一行' },
  };
  return {
    ...common,
    ...(isMaskedInAttention(c) && { causal: g.input('causal', [], [], 'float32', causal) }),
    places: g.input('places', [autoregressiveSizes(c).tokens], ['T'], 'float32', places),
  };
}

/** What block `i` sees of them. */
export const inBlock = (g: Graph, live: Live | undefined, i: number): BlockInterventions | undefined =>
  atBlock(g, live, i);
