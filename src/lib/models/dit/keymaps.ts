import { bytesOf, fileOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { blocksNamed, type BlockNames } from '../shared/block-names.ts';
import { mapNames, type NameMap, type Naming } from '../shared/naming.ts';

/** A tensor that every DiT's weights have, by the graph's names. */
export const LANDMARK = 'x_embedder.proj.weight';

/** The graph's names are those of the published code (github.com/facebookresearch/DiT, `models.py`). */
const PUBLISHED: Naming = { id: 'published', title: 'the published code', landmark: LANDMARK };

/** diffusers has the embedders of time and class in every block; those of the published weights are all the same. */
const EMBEDDERS = 'norm1.emb.';
const COPY = /^transformer_blocks\.[1-9]\d*\.norm1\.emb\./;

const DIFFUSERS_BLOCK: BlockNames = {
  'norm1.linear': 'adaLN_modulation.1',
  'attn1.to_q': { to: 'attn.qkv', part: [0, 3] },
  'attn1.to_k': { to: 'attn.qkv', part: [1, 3] },
  'attn1.to_v': { to: 'attn.qkv', part: [2, 3] },
  'attn1.to_out.0': 'attn.proj',
  'ff.net.0.proj': 'mlp.fc1',
  'ff.net.2': 'mlp.fc2',
};

const FIRST = `transformer_blocks.0.${EMBEDDERS}`;

/** diffusers' `DiTTransformer2DModel`. */
const DIFFUSERS: Naming = {
  id: 'diffusers',
  title: 'diffusers',
  landmark: 'pos_embed.proj.weight',
  leaves: [[COPY, 'copies of the first block’s embedders of time and class']],
  names: {
    'pos_embed.proj': 'x_embedder.proj',
    'pos_embed.pos_embed': 'pos_embed',
    [`${FIRST}timestep_embedder.linear_1`]: 't_embedder.mlp.0',
    [`${FIRST}timestep_embedder.linear_2`]: 't_embedder.mlp.2',
    [`${FIRST}class_embedder.embedding_table`]: 'y_embedder.embedding_table',
    proj_out_1: 'final_layer.adaLN_modulation.1',
    proj_out_2: 'final_layer.linear',
    ...blocksNamed(DIFFUSERS_BLOCK, ['transformer_blocks.#']),
  },
};

/** The patch embedding under each of the names. */
export const LANDMARKS: readonly string[] = [PUBLISHED, DIFFUSERS].map(({ landmark }) => landmark);

/** Tensors that every DiT has, by the graph's names. */
const NEEDED = [LANDMARK, 't_embedder.mlp.0.weight'] as const;

/** A file's names as the graph's; undefined for what is no DiT. */
export function ditNames(source: WeightSource): NameMap | undefined {
  const map = mapNames(source.names(), [PUBLISHED, DIFFUSERS]);
  return map && NEEDED.every((name) => map.origins.has(name)) ? map : undefined;
}

/** How many of the tensors that tell a DiT are there: all of them, or 0. */
export const recogniseDit = (source: WeightSource): number => (ditNames(source) ? NEEDED.length : 0);

/**
 * Holds the embedders of all blocks against those of the first, which are used for all.
 * @throws WeightsError for one with other values
 */
export function checkCopies(source: WeightSource, map: NameMap): void {
  for (const { tensor } of map.left) {
    const [, prefix = '', rest = ''] = /^(.*)transformer_blocks\.\d+\.(.*)$/.exec(tensor) ?? [];
    const first = source.get(`${prefix}transformer_blocks.0.${rest}`);
    const copy = source.get(tensor);
    if (first && copy && sameBytes(bytesOf(source, first), bytesOf(source, copy))) continue;
    const rule = `its values are not those of "${prefix}transformer_blocks.0.${rest}"; one embedder of time and class can be run for all blocks`;
    throw new WeightsError(rule, { ...fileOf(source), tensor });
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
