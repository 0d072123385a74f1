import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { completed, headsOf, Shapes, usual, type Guess } from '../shared/infer.ts';
import { namedShapesOf } from '../shared/naming.ts';
import { HALVES } from '../shared/preprocessing.ts';
import { VIVIT_DEFAULTS, vivitConfig, type Form, type VivitConfig } from './config.ts';
import { LANDMARK, vivitNames } from './keymaps.ts';

type Set = Readonly<Record<string, unknown>>;

/** Whose attention the names of the blocks tell. */
function formOf(shapes: Shapes): Form {
  if (shapes.has('temporal.pos_embed')) return 'factorised-encoder';
  if (shapes.has('blocks.0.attn_time.qkv.weight')) return 'factorised-self-attention';
  return shapes.has('cls_token') ? 'joint' : 'factorised-dot-product';
}

/** Sizes of a clip: frames and their side, read or guessed. */
interface Extent {
  readonly read: { readonly image?: number; readonly frames?: number };
  readonly guesses: Readonly<Record<'image' | 'frames', Guess | undefined>>;
}

const READ = { image: undefined, frames: undefined };

/**
 * How long and how large clips are. Two encoders have a table of positions each; in the other forms one table holds all
 * tubelets, and the side of a frame tells how many times it has: the one that is set, or 224 as published.
 */
function extentOf(
  shapes: Shapes,
  form: Form,
  { patch, tubelet }: { patch: number; tubelet: number },
  set: Set,
): Extent {
  const [, count = 0] = shapes.of('pos_embed', 3);
  if (form === 'factorised-encoder') {
    const [, times = 0] = shapes.of('temporal.pos_embed', 3);
    const image = patch * shapes.side('pos_embed', count - 1);
    return { read: { image, frames: tubelet * (times - 1) }, guesses: READ };
  }
  const tubelets = form === 'joint' ? count - 1 : count;
  if (typeof set.frames === 'number' && set.image === undefined) {
    const places = tubelets / (set.frames / tubelet);
    const side = Math.sqrt(places);
    if (!Number.isInteger(side))
      shapes.fail('pos_embed', `${count} positions are none of a clip of ${set.frames} frames`);
    return { read: { image: side * patch }, guesses: READ };
  }
  const known = typeof set.image === 'number' ? set.image : undefined;
  const image = known ?? VIVIT_DEFAULTS.image;
  const times = tubelets / (image / patch) ** 2;
  const whole = Number.isInteger(times) && times > 0;
  if (!whole && known !== undefined && set.frames === undefined)
    shapes.fail('pos_embed', `${count} positions are none of frames of ${known} pixels`);
  const why = `frames of ${image} pixels have ${(image / patch) ** 2} of the ${tubelets} positions`;
  if (known !== undefined) return { read: { frames: times * tubelet }, guesses: READ };
  return {
    read: {},
    guesses: {
      image: { value: image, why: 'as published' },
      frames: whole ? { value: times * tubelet, why } : undefined,
    },
  };
}

/**
 * The configuration of a bare weights file. What attends to what is told by the names; how positions are divided between
 * space and time is told by the names of a second encoder alone, else it is assumed, and said.
 * @throws WeightsError for shapes that contradict each other, and naming the fields that must be set; ConfigError for
 *   values that cannot be
 */
export function inferVivit(source: WeightSource, set: Set): Inferred<VivitConfig> {
  const map = vivitNames(source);
  if (!map) throw new WeightsError('no embedding of patches over several frames is in it');
  const shapes = new Shapes(namedShapesOf(source, map), LANDMARK);
  const [dim = 0, channels = 0, tubelet = 0, patch = 0, across] = shapes.of(LANDMARK, 5);
  if (across !== patch) shapes.fail(LANDMARK, 'only square patches can be run');
  const form = formOf(shapes);
  const { read, guesses } = extentOf(shapes, form, { patch, tubelet }, set);
  const foreign = map.naming.names !== undefined;
  const found = {
    channels,
    tubelet,
    patch,
    dim,
    depth: shapes.count('blocks'),
    // The other forms have no second encoder; the number says nothing there.
    temporalDepth:
      form === 'factorised-encoder' ? shapes.count('temporal.blocks') : VIVIT_DEFAULTS.temporalDepth,
    mlpRatio: (shapes.of('blocks.0.mlp.fc1.weight', 2)[0] ?? 0) / dim,
    classes: shapes.of('head.weight', 2)[0] ?? 0,
    attention: form,
    qkvBias: shapes.has('blocks.0.attn.qkv.bias'),
    ...read,
  };
  const { config, assumed } = completed<VivitConfig>(found, set, {
    ...usual(VIVIT_DEFAULTS.normEps, foreign ? 'tanh' : 'erf'),
    heads: headsOf(dim),
    ...guesses,
  });
  return { config: vivitConfig(config), assumed, preprocessing: HALVES };
}
