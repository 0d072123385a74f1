import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes, usual, type Guess } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { IMAGENET } from '../shared/preprocessing.ts';
import { YOLOS_DEFAULTS, yolosConfig, type YolosConfig } from './config.ts';
import { LANDMARK, yolosNames } from './keymaps.ts';
import { yolosPresets } from './presets.ts';

type Sides = Readonly<Record<'image' | 'imageWidth', number>>;

/** Height and width that so many patches are of: those of a published network, or a square; undefined for neither. */
function sidesOf(
  patches: number,
  patch: number,
): { readonly sides: Sides; readonly why: string } | undefined {
  for (const { image, imageWidth = image } of Object.values(yolosPresets)) {
    if (Math.floor(image / patch) * Math.floor(imageWidth / patch) === patches)
      return { sides: { image, imageWidth }, why: `published with ${patches} patches` };
  }
  const side = Math.sqrt(patches) * patch;
  return Number.isInteger(side)
    ? { sides: { image: side, imageWidth: side }, why: 'a square picture' }
    : undefined;
}

/**
 * The configuration of a bare weights file; how patches lie in rows and columns, heads, ε and GELU are assumed.
 * @throws WeightsError for shapes that contradict each other, and naming the fields that must be set; ConfigError for
 *   values that cannot be
 */
export function inferYolos(
  source: WeightSource,
  set: Readonly<Record<string, unknown>>,
): Inferred<YolosConfig> {
  const map = yolosNames(source);
  if (!map) throw new WeightsError('no detection tokens with heads for classes and boxes are in it');
  const shapes = new Shapes(namedShapesOf(source, map), LANDMARK);
  const { dim, channels, patch } = shapes.kernel('patch_embed.proj.weight');
  const [, queries = 0] = shapes.of(LANDMARK, 3);
  const [, tokens = 0] = shapes.of('pos_embed', 3);
  const guess = sidesOf(tokens - queries - 1, patch);
  const found = {
    channels,
    patch,
    dim,
    depth: shapes.count('blocks'),
    mlpRatio: (shapes.of('blocks.0.mlp.fc1.weight', 2)[0] ?? 0) / dim,
    queries,
    classes: (shapes.of('class_embed.layers.2.weight', 2)[0] ?? 0) - 1,
    midPositions: shapes.has('mid_pos_embed'),
    qkvBias: shapes.has('blocks.0.attn.qkv.bias'),
  };
  const sideOf = (field: keyof Sides): Guess | undefined =>
    guess && { value: guess.sides[field], why: guess.why };
  const given = set.image !== undefined;
  const { config, assumed } = completed<YolosConfig>(found, set, {
    ...usual(YOLOS_DEFAULTS.normEps, 'erf'),
    heads: headsOf(dim),
    image: sideOf('image'),
    ...(!given && { imageWidth: sideOf('imageWidth') }),
  });
  return { config: yolosConfig(config), assumed, preprocessing: IMAGENET };
}
