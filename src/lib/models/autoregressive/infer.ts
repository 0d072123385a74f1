import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes, usual } from '../shared/infer.ts';
import { AUTOREGRESSIVE_DEFAULTS, autoregressiveConfig, type AutoregressiveConfig } from './config.ts';

/** Tensors that every such file has; no other family has them together. */
export const LANDMARKS = [
  'label_emb.weight',
  'head.weight',
  'pos_embed',
  'blocks.0.attn.qkv.weight',
] as const;
/** One of them is there. */
export const CODE_TABLES = ['code_embed.weight', 'code_proj.weight'] as const;

/** Scales of so many codes; the steps of a notebook's model, where they make as many. */
const SCALES: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 6, 8],
  [1, 2, 3, 4],
];
const codesOf = (sides: readonly number[]) => sides.reduce((sum, side) => sum + side * side, 0);

/**
 * The configuration of bare weights: all but heads, ε and GELU is told by the shapes, and of scales their sides.
 * @throws WeightsError for shapes that contradict each other, and naming the fields that must be set; ConfigError for
 *   values that cannot be
 */
export function inferAutoregressive(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<AutoregressiveConfig> {
  const shapes = new Shapes(source, LANDMARKS[0]);
  const [styles = 1, dim = 1] = shapes.of('label_emb.weight', 2);
  const [codes = 1] = shapes.of('head.weight', 2);
  const [, tokens = 1] = shapes.of('pos_embed', 3);
  const scales = shapes.has('code_proj.weight');
  const rows = scales ? codes : (shapes.of('code_embed.weight', 2)[0] ?? codes);
  const order = scales ? 'scales' : rows > codes ? 'masked' : 'raster';
  const text = shapes.has('context_embed.weight');
  const contextDim = text
    ? (shapes.of('context_embed.weight', 2)[1] ?? 1)
    : AUTOREGRESSIVE_DEFAULTS.contextDim;
  const read = {
    order,
    codes,
    dim,
    depth: shapes.count('blocks'),
    mlpRatio: (shapes.of('blocks.0.mlp.fc1.weight', 2)[0] ?? dim) / dim,
    classes: styles - 1,
    qkvBias: shapes.has('blocks.0.attn.qkv.bias'),
    contextDim,
    ...(!text && { contextTokens: 0 }),
    entryDim: scales ? (shapes.of('code_proj.weight', 2)[1] ?? 1) : AUTOREGRESSIVE_DEFAULTS.entryDim,
  };
  const told =
    (set.contextTokens as number | undefined) ?? (text ? AUTOREGRESSIVE_DEFAULTS.contextTokens : 0);
  const count = tokens - told - (order === 'masked' ? 1 : 0);
  const side = Math.sqrt(count);
  const grids = scales
    ? SCALES.find((sides) => codesOf(sides) === count)
    : Number.isInteger(side)
      ? [side]
      : undefined;
  const { config, assumed } = completed<AutoregressiveConfig>(read, set, {
    ...usual(AUTOREGRESSIVE_DEFAULTS.normEps, AUTOREGRESSIVE_DEFAULTS.gelu),
    heads: headsOf(dim),
    contextTokens: { value: told, why: 'as in the notebook’s own' },
    sides: grids && { value: grids, why: 'as in the notebook’s own' },
  });
  return { config: autoregressiveConfig(config), assumed };
}
