import { hasRelPositions, vitConfig, type ViTConfig } from './config.ts';
import { namedShapes, needBlocks, type NamedShapes } from './bind.ts';
import type { Assumption, Inferred } from '../family.ts';
import {
  fail,
  gridOfTable,
  positionsOf,
  rankOf,
  relPositionsOf,
  rotaryOf,
  type Set,
} from './infer-positions.ts';
import { HALVES, IMAGENET, OPENAI_PICTURES } from '../shared/preprocessing.ts';
import { UnreadFields } from '../shared/infer.ts';
import { WeightsError, type WeightSource } from '#lib/weights/source.ts';

export interface InferredViT {
  /** What the shapes tell, and habits where they don't. */
  readonly config: Partial<ViTConfig>;
  /** Fields they can't tell: `heads`, but of a JAX release; `image` and `positions` too where no positions are stored. */
  readonly unknown: (keyof ViTConfig)[];
  /** Fields that follow a habit, which the tensors neither confirm nor contradict. */
  readonly habits: readonly Assumption[];
}

/**
 * The configuration of a bare weights file, from the shapes of its tensors. ε of LayerNorm follows the style's habit
 * (1e-6 in timm, torchvision and DINOv2, 1e-12 in Hugging Face's ViT and DeiT), GELU is the exact one but in JAX.
 * @param set fields whose value is known; a size of the picture decides what positions could mean otherwise
 * @throws WeightsError when the tensors are none of a ViT's or contradict each other
 */
export function inferViTConfig(source: WeightSource, set: Set = {}): InferredViT {
  const shapes = namedShapes(source);
  const has = (name: string) => shapes.shape(name) !== undefined;
  const kernel = rankOf(shapes, 'patch_embed.proj.weight', 4);
  const [dim, channels, patch] = kernel as [number, number, number];
  if (kernel[3] !== patch) fail(shapes, 'patch_embed.proj.weight', 'only square patches can be run');
  needBlocks(source, shapes);
  const [fc1 = 4 * dim] = shapes.shape('blocks.0.mlp.fc1.weight') ?? [];
  const [, fc2 = fc1] = shapes.shape('blocks.0.mlp.fc2.weight') ?? [];
  const gatedMlp = fc1 === 2 * fc2;
  const relPositions = relPositionsOf(has);
  const classToken = has('cls_token');
  const distToken = has('dist_token');
  const preNorm = has('norm_pre.weight');
  const patchBias = has('patch_embed.proj.bias');
  const registers = shapes.shape('reg_token')?.[1] ?? 0;
  const layerScale = has('blocks.0.ls1.gamma');
  const place = { named: (classToken ? 1 : 0) + (distToken ? 1 : 0), registers, patch };
  const positions = positionsOf(shapes, place, set);
  const rotary = rotaryOf(source, shapes, { gatedMlp, relative: !!relPositions, learned: !!positions });
  const side = relPositions && !positions ? gridOfTable(shapes, relPositions.table, set) : undefined;
  const head = headOf(shapes, classToken, set);
  const usual = usualOf(shapes.style, layerScale && !relPositions, rotary === 'centred');
  const { heads } = shapes;
  const unknown: (keyof ViTConfig)[] = heads === undefined ? ['heads'] : [];
  if (!positions && !side) unknown.push('image', ...(rotary ? [] : (['positions'] as const)));
  return {
    config: {
      channels,
      patch,
      dim,
      depth: depthOf(shapes),
      mlpRatio: fc2 / dim,
      classes: shapes.shape('head.weight')?.[0] ?? 0,
      qkvBias: has('blocks.0.attn.qkv.bias'),
      normEps: usual.normEps.value,
      gelu: usual.gelu.value,
      ...(heads !== undefined && { heads }),
      clsPosition: positions?.clsPosition ?? false,
      preNorm,
      registers,
      layerScale,
      ...head.config,
      ...(has('blocks.0.attn.q_norm.weight') && { qkNorm: true }),
      ...(gatedMlp && { gatedMlp }),
      ...(relPositions && { relPositions: relPositions.kind }),
      ...(rotary && { rotary }),
      ...(rotary && !positions && { positions: 'none' as const }),
      ...(has('blocks.0.mlp.norm.weight') && { gatedNorm: true }),
      ...(has('blocks.0.attn.norm.weight') && { attnNorm: true }),
      ...(has('proj.weight') && { projection: shapes.shape('proj.weight')![0]! }),
      ...(has('proj.bias') && { projectionBias: true }),
      ...(distToken && { distToken }),
      ...(has('head_dist.weight') && { distHead: true }),
      ...(positions?.registerPosition === false && { registerPosition: false }),
      ...(classToken ? {} : { classToken }),
      ...(patchBias === !preNorm ? {} : { patchBias }),
      ...(side && { image: side * patch, positions: 'none' as const }),
      ...(positions && { image: positions.rows * patch, positions: 'learned' as const }),
      ...(positions?.storedImage && { storedImage: positions.storedImage }),
      ...(positions && positions.columns !== positions.rows && { imageWidth: positions.columns * patch }),
    },
    unknown,
    habits: [
      ...head.habits,
      ...(positions?.habits ?? []),
      { field: 'normEps', ...usual.normEps },
      ...(gatedMlp
        ? [
            {
              field: 'gatedMlp',
              value: true,
              why: 'the MLP’s first half is taken for the gate, through SiLU, as in DINOv2',
            },
          ]
        : [{ field: 'gelu', ...usual.gelu }]),
      // Under other names the code that has them is one whose norms stand before.
      ...(NORMS_UNTOLD.has(shapes.style) && !layerScale && !relPositions
        ? [
            {
              field: 'blockNorm',
              value: 'before',
              why: 'before attention and MLP, as in most ViTs; timm’s ResPostBlock and EVA-02’s E/14 have them after under the same names',
            },
          ]
        : []),
      ...(rotary
        ? [
            {
              field: 'rotary',
              value: rotary,
              why: `rotary positions, as ${rotary === 'centred' ? 'DINOv3' : 'EVA-02'} has them, which no tensor tells`,
            },
          ]
        : []),
      ...(head.config.pool === 'map' && classToken
        ? [
            {
              field: 'rotary',
              value: 'none',
              why: 'no tensor tells of rotary positions; a Perception Encoder has them',
            },
          ]
        : []),
      ...(side
        ? [
            {
              field: 'image',
              value: side * patch,
              why: `a square picture: its table has distances of ${side} × ${side} patches`,
            },
          ]
        : []),
    ],
  };
}

/** Styles of names under which blocks with their norms before and after the branches are published. */
const NORMS_UNTOLD: ReadonlySet<string> = new Set(['timm', 'eva-clip']);

/** ε of LayerNorm and the kind of GELU, by the habits of whoever's names they are. */
function usualOf(style: string, dino: boolean, dino3: boolean) {
  const clip = style === 'hf-clip' || style === 'openai';
  const old = (style === 'hf-v4' || style === 'hf-v5') && !dino;
  const eps = dino3
    ? { value: 1e-5, why: 'as in DINOv3' }
    : clip
      ? { value: 1e-5, why: 'as in OpenAI’s models' }
      : old
        ? { value: 1e-12, why: 'the habit of Hugging Face' }
        : { value: 1e-6, why: 'the habit of timm' };
  const kind = clip
    ? ({ value: 'sigmoid', why: 'as in OpenAI’s models; those that OpenCLIP trained have gelu=erf' } as const)
    : style === 'flax' || style === 'hf-siglip'
      ? ({ value: 'tanh', why: 'the approximation, as JAX and SigLIP have it' } as const)
      : ({ value: 'erf', why: 'the exact one, as in all published ViTs' } as const);
  return { normEps: eps, gelu: kind };
}

/** What the head reads, and through which layers. */
function headOf(shapes: NamedShapes, classToken: boolean, set: Set) {
  const [before, after] = [shapes.shape('norm.weight'), shapes.shape('fc_norm.weight')];
  const attends = shapes.shape('attn_pool.latent') !== undefined;
  const [, width = 0] = shapes.shape('head.weight') ?? [];
  const [dim] = shapes.shape('patch_embed.proj.weight') ?? [];
  const twice = classToken && width === 2 * (dim ?? 0);
  const pool =
    set.pool ?? (attends ? 'map' : twice ? 'both' : after && !before ? 'gap' : classToken ? 'cls' : 'gap');
  const headNorm = before && after ? 'both' : before ? 'before' : 'after';
  const usual = headNorm === (pool === 'gap' ? 'after' : 'before');
  const preLogits = shapes.shape('pre_logits.fc.weight')?.[0];
  const why =
    pool === 'gap'
      ? `the mean of the patch tokens is what is pooled, ${after ? 'as the norm fc_norm tells' : 'as there is no CLS token'}`
      : 'the CLS token is what is pooled; a network that was trained with the mean of the patch tokens needs pool=gap';
  return {
    config: {
      pool,
      ...(!usual && { headNorm }),
      ...(preLogits !== undefined && { preLogits }),
    } satisfies Partial<ViTConfig>,
    // What attends, or reads twice the width, is read from the file.
    habits: pool === 'map' || pool === 'both' ? [] : [{ field: 'pool', value: pool, why }],
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
  const inferred = inferViTConfig(source, set);
  const { config, assumed } = completeViTConfig(inferred, set);
  const heads = Object.entries(assumed).map(([field, value]) => ({ field, value, why: '64 values each' }));
  const habits = inferred.habits.filter(({ field }) => set[field] === undefined);
  const { style } = namedShapes(source);
  const own = style === 'torchvision' || config.distToken || config.layerScale || config.registers > 0;
  const clip = style === 'hf-clip' || style === 'openai' || style === 'eva-clip';
  const preprocessing = clip ? OPENAI_PICTURES : own && !hasRelPositions(config) ? IMAGENET : HALVES;
  return { config, assumed: [...heads, ...habits], preprocessing };
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
