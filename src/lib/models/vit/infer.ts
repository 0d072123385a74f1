import { vitConfig, type ViTConfig } from './config.ts';
import { namedShapes, type NamedShapes } from './bind.ts';
import type { Inferred } from '../family.ts';
import { UnreadFields } from '../shared/infer.ts';
import { shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';

export interface InferredViT {
  /** What the shapes tell. */
  readonly config: Partial<ViTConfig>;
  /** Fields they can't tell: always `heads`; `image` and `positions` too where no positions are stored. */
  readonly unknown: (keyof ViTConfig)[];
}

/**
 * The configuration of a bare weights file, from the shapes of its tensors. ε of LayerNorm follows the style's habit
 * (1e-6 in timm, 1e-12 in Hugging Face), GELU is the exact one.
 * @throws WeightsError when the tensors are none of a ViT's or contradict each other
 */
export function inferViTConfig(source: WeightSource): InferredViT {
  const shapes = namedShapes(source);
  const kernel = rankOf(shapes, 'patch_embed.proj.weight', 4);
  const [dim, channels, patch] = kernel as [number, number, number];
  if (kernel[3] !== patch) fail(shapes, 'patch_embed.proj.weight', 'only square patches can be run');
  const classToken = shapes.shape('cls_token') !== undefined;
  const preNorm = shapes.shape('norm_pre.weight') !== undefined;
  const patchBias = shapes.shape('patch_embed.proj.bias') !== undefined;
  const registers = shapes.shape('reg_token')?.[1] ?? 0;
  const depth = depthOf(shapes);
  const unknown: (keyof ViTConfig)[] = ['heads'];
  const positions = positionsOf(shapes, (classToken ? 1 : 0) + registers);
  if (!positions) unknown.push('image', 'positions');
  return {
    config: {
      channels,
      patch,
      dim,
      depth,
      mlpRatio: (shapes.shape('blocks.0.mlp.fc1.weight')?.[0] ?? 4 * dim) / dim,
      classes: shapes.shape('head.weight')?.[0] ?? 0,
      qkvBias: depth === 0 || shapes.shape('blocks.0.attn.qkv.bias') !== undefined,
      pool: shapes.shape('fc_norm.weight') !== undefined || !classToken ? 'gap' : 'cls',
      normEps: shapes.style === 'timm' ? 1e-6 : 1e-12,
      gelu: 'erf',
      clsPosition: positions?.clsPosition ?? false,
      preNorm,
      registers,
      layerScale: shapes.shape('blocks.0.ls1.gamma') !== undefined,
      ...(classToken ? {} : { classToken }),
      ...(patchBias === !preNorm ? {} : { patchBias }),
      ...(positions ? { image: positions.grid * patch, positions: 'learned' as const } : {}),
    },
    unknown,
  };
}

/**
 * The whole configuration: what was inferred, then what the caller sets, then 64 values a head where the width allows
 * that (every published ViT but H/14 has them).
 * @returns the configuration, and the fields that were assumed rather than read or set
 * @throws WeightsError naming the fields that must be set, ConfigError (src/lib/models) for values that can't be
 */
export function completeViTConfig(
  inferred: InferredViT,
  set: Partial<ViTConfig> = {},
): { config: ViTConfig; assumed: Partial<ViTConfig> } {
  const given = { ...inferred.config, ...set };
  const assumed: { heads?: number } = {};
  const missing = inferred.unknown.filter((field) => given[field] === undefined);
  if (missing.includes('heads') && given.dim !== undefined && given.dim % 64 === 0) {
    assumed.heads = given.dim / 64;
    missing.splice(missing.indexOf('heads'), 1);
  }
  if (missing.length > 0) throw new UnreadFields(missing);
  return { config: vitConfig({ ...given, ...assumed }), assumed };
}

/**
 * The configuration of a bare weights file, see `inferViTConfig` and `completeViTConfig`.
 * @throws WeightsError naming the fields that must be set, ConfigError for values that can't be
 */
export function inferWholeVit(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<ViTConfig> {
  const { config, assumed } = completeViTConfig(inferViTConfig(source), set);
  const why = '64 values each';
  return { config, assumed: Object.entries(assumed).map(([field, value]) => ({ field, value, why })) };
}

function depthOf(shapes: NamedShapes): number {
  const indices = new Set<number>();
  for (const name of shapes.names()) {
    const index = /^blocks\.(\d+)\./.exec(name)?.[1];
    if (index !== undefined) indices.add(Number(index));
  }
  for (let i = 0; i < indices.size; i++) {
    if (!indices.has(i))
      throw new WeightsError('it is missing, though later blocks are there', {
        ...shapes.at,
        tensor: `blocks.${i}`,
      });
  }
  return indices.size;
}

/** Side of the grid of positions, and whether the `prefix` other tokens have positions too. */
function positionsOf(
  shapes: NamedShapes,
  prefix: number,
): { grid: number; clsPosition: boolean } | undefined {
  if (shapes.shape('pos_embed') === undefined) return undefined;
  const [, count = 0] = rankOf(shapes, 'pos_embed', 3);
  const plain = Math.sqrt(count);
  if (Number.isInteger(plain) && plain > 0) return { grid: plain, clsPosition: false };
  const rest = Math.sqrt(count - prefix);
  if (Number.isInteger(rest) && rest > 0) return { grid: rest, clsPosition: true };
  return fail(shapes, 'pos_embed', `neither ${count} nor ${count} − ${prefix} positions make a square grid`);
}

function rankOf(shapes: NamedShapes, name: string, rank: number): readonly number[] {
  const shape = shapes.shape(name);
  if (shape?.length !== rank) return fail(shapes, name, `${rank} dimensions are needed`);
  return shape;
}

function fail(shapes: NamedShapes, tensor: string, rule: string): never {
  throw new WeightsError(`its shape is ${shapeText(shapes.shape(tensor) ?? [])}; ${rule}`, {
    ...shapes.at,
    tensor,
  });
}
