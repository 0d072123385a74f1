import type { WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, labelGuess, Shapes, usual } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import type { Condition, DiTConfig } from './config.ts';
import { ditNames, LANDMARK } from './keymaps.ts';

/**
 * The configuration of bare DiT weights under the names of the published code (Peebles & Xie 2023) or of diffusers.
 * @throws WeightsError for shapes that contradict each other or tell too little
 */
export function inferDit(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<DiTConfig> {
  const map = ditNames(source);
  const shapes = new Shapes(map ? namedShapesOf(source, map) : source, LANDMARK);
  const diffusers = map?.naming.id === 'diffusers';
  const { dim, channels, patch } = shapes.kernel(LANDMARK);
  const depth = shapes.count('blocks');
  const labels = shapes.has('y_embedder.embedding_table.weight')
    ? shapes.of('y_embedder.embedding_table.weight', 2)[0]!
    : 0;
  const table = labels > 0 ? labelGuess(labels) : undefined;
  const out = shapes.of('final_layer.linear.weight', 2)[0]! / patch ** 2;
  if (out !== channels && out !== 2 * channels)
    shapes.fail('final_layer.linear.weight', `neither ${channels} nor ${2 * channels} channels come of it`);
  const stored = shapes.has('pos_embed');
  const read = {
    channels,
    patch,
    dim,
    depth,
    mlpRatio: shapes.of('blocks.0.mlp.fc1.weight', 2)[0]! / dim,
    qkvBias: shapes.has('blocks.0.attn.qkv.bias'),
    timeFrequencies: shapes.of('t_embedder.mlp.0.weight', 2)[1]!,
    learnSigma: out === 2 * channels,
    condition: conditionOf(shapes, dim),
    ...(stored && {
      image: shapes.side('pos_embed', shapes.of('pos_embed', 3)[1]!) * patch,
      positions: 'sincos2d',
    }),
    ...(labels === 0 && { classes: 0, nullClass: false }),
  };
  return completed<DiTConfig>(read, set, {
    ...usual(1e-6, 'tanh'),
    heads: headsOf(dim) ?? headsOf(dim, 72),
    image: undefined,
    positions: { value: 'sincos2d', why: 'the fixed table is not always stored' },
    ...(diffusers && {
      timeShift: {
        value: 1,
        why: 'the last frequency of the time is 1/10000, as in diffusers, not the one before it',
      },
    }),
    classes: table?.classes,
    nullClass: table?.nullClass,
  });
}

/** How the blocks are told time and class, by the width of what modulates them. */
function conditionOf(shapes: Shapes, dim: number): Condition {
  const name = 'blocks.0.adaLN_modulation.1.weight';
  if (!shapes.has(name)) return shapes.has('blocks.0.cross.proj.weight') ? 'cross-attention' : 'in-context';
  const vectors = shapes.of(name, 2)[0]! / dim;
  if (vectors === 6) return 'adaln-zero';
  if (vectors === 4) return 'adaln';
  return shapes.fail(name, `${vectors} vectors modulate a block; 6 or 4 are known`);
}
