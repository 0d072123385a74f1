import { fileOf, type WeightSource } from '#lib/weights/source.ts';
import { checkFit, landmarksIn, prefixBefore, withoutPrefix } from '../shared/bind.ts';
import { mapNames } from '../shared/naming.ts';
import { renamed } from '../shared/renamed.ts';
import type { SwinConfig } from './config.ts';
import { swin } from './graph.ts';
import { HF_LANDMARK, hfNaming } from './hf-names.ts';

/** A tensor that every such file has. */
export const LANDMARK = 'patch_embed.proj.weight';

/** What tells this family from others that embed patches: a LayerNorm on the embeddings, and blocks in numbered stages. */
export function recogniseSwin(source: WeightSource): number {
  const staged = landmarksIn(source, [
    HF_LANDMARK,
    'embeddings.norm.weight',
    'encoder.layers.0.blocks.0.intermediate.dense.weight',
  ]);
  // The first alone is any family's of that library.
  if (staged > 1) return staged;
  return landmarksIn(source, [
    LANDMARK,
    'patch_embed.norm.weight',
    'layers.0.blocks.0.attn.qkv.weight',
    'layers.0.blocks.0.mlp.fc1.weight',
  ]);
}

/** Tables that follow from the configuration, which the published files store all the same. */
const TABLES = /\.(attn\.relative_position_index|attn_mask)$/;

/** A name of the file as the graph has it. */
type Rename = (name: string) => string;

/**
 * Names of the published code (github.com/microsoft/Swin-Transformer) and of timm before 0.9 to timm's of today: patches
 * are merged at the end of a stage there, at the beginning of the next one here, and the head was a layer of its own.
 */
function renaming(names: readonly string[]): Rename {
  const atTheEnd = names.includes('layers.0.downsample.reduction.weight');
  return (name) => {
    const [, stage, rest] = /^layers\.(\d+)\.(downsample\..+)$/.exec(name) ?? [];
    if (atTheEnd && stage !== undefined) return `layers.${Number(stage) + 1}.${rest}`;
    return name.replace(/^head\.(weight|bias)$/, 'head.fc.$1');
  };
}

/** The tensors of a file under the graph's names; a common prefix (`module.`) is taken off. Nothing is copied. */
export function namedSwin(source: WeightSource): WeightSource {
  const naming = hfNaming(source.names());
  const map = naming && mapNames(source.names(), [naming]);
  if (map) return withStrangers(renamed(source, map), source, map.strangers);
  const plain = withoutPrefix(source, prefixBefore(source.names(), LANDMARK) ?? '');
  const names = plain.names();
  const rename = renaming(names);
  const origins = new Map(names.filter((name) => !TABLES.test(name)).map((name) => [rename(name), name]));
  return {
    get: (name) => {
      const origin = origins.get(name);
      return origin === undefined ? undefined : plain.get(origin);
    },
    names: () => [...origins.keys()],
    buffers: source.buffers,
  };
}

/** With the names that a naming knows nothing of, so that they are refused by name. */
function withStrangers(
  bound: WeightSource,
  source: WeightSource,
  strangers: readonly string[],
): WeightSource {
  if (strangers.length === 0) return bound;
  return {
    ...bound,
    get: (name) => bound.get(name) ?? (strangers.includes(name) ? source.get(name) : undefined),
    names: () => [...bound.names(), ...strangers],
  };
}

/**
 * The weights under the graph's names, each with the shape the configuration needs.
 * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the network
 */
export function bindSwin(source: WeightSource, config: SwinConfig): WeightSource {
  const bound = namedSwin(source);
  checkFit(bound, swin(config), { at: fileOf(source), needless: () => false });
  return bound;
}
