import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';
import { FIRST_MODEL } from '#lib/models/first-model.ts';
import { SHOWN } from '#lib/programs/paint-and-classify/program.ts';
import { places } from '#lib/state/places.ts';
import { defineState, flag, int, name, oneOf, real, type Field, type StateOf } from '#lib/state/schema.ts';
import { fileName, settings } from '#lib/state/settings.ts';
import { texts } from '#lib/state/words.ts';

/** Most tensors that stand side by side. */
export const MOST_PINS = 4;

/** A tensor's name in the graph, `blocks.3.attn.probs`, or a part's, `blocks.3.attn.probs[2]`. */
const TENSOR = /^[\w.-]{1,96}(\[\d{1,6}\])?$/;

/** A tensor's name; empty: the one the model opens with. */
export function tensorName(): Field<string> {
  return {
    default: '',
    print: (v) => v,
    parse: (raw) => (TENSOR.test(raw) ? raw : undefined),
  };
}

/** Names with `~` between them; at most so many. */
export function names(most: number): Field<readonly string[]> {
  return {
    default: [],
    print: (v) => v.join('~'),
    parse(raw) {
      const list = raw.split('~').filter(Boolean);
      return list.length <= most && list.every((n) => TENSOR.test(n)) ? [...new Set(list)] : undefined;
    },
  };
}

/** A cell's index, printed `0.5.17`; empty: none. */
export function cell(): Field<readonly number[]> {
  return {
    default: [],
    print: (v) => v.join('.'),
    parse: (raw) => (/^\d{1,6}(\.\d{1,6}){0,5}$/.test(raw) ? raw.split('.').map(Number) : undefined),
  };
}

/** Places or a factor by input name, printed `gates:0-3~mask:2_1-0_3~scale:0_5`. */
export function changesOfInputs(): Field<Readonly<Record<string, readonly string[]>>> {
  return {
    default: {},
    print: (v) =>
      Object.entries(v)
        .map(([name, places]) => `${name}:${places.map((p) => p.replaceAll('.', '_')).join('-')}`)
        .join('~'),
    parse(raw) {
      const found: Record<string, string[]> = {};
      for (const part of raw.split('~').filter(Boolean)) {
        const [, name, places] = /^([a-z][\w.]{0,47}):([\d_]+(?:-[\d_]+)*)$/.exec(part) ?? [];
        if (name === undefined || places === undefined) return undefined;
        found[name] = places.split('-').map((p) => p.replaceAll('_', '.'));
      }
      return found;
    },
  };
}

const fields = {
  /** A model's folder, a preset, or `own-…`, a model of the reader's. */
  m: name(FIRST_MODEL),
  /** Of a model of the reader's: its file's name, and what was corrected of what it was taken for. */
  file: fileName(),
  as: settings(),
  /** The tensor that is open. */
  t: tensorName(),
  /** Patch side in pixels; 0: the model's own. */
  p: int(0, { min: 0, max: 512 }),
  /** The picture's id. */
  pic: name('macaw'),
  /** Changes of the configuration: what has any runs without weights. */
  c: settings(),
  /** Tensors pinned beside the open one. */
  pins: names(MOST_PINS),
  /** The chosen cell of the open tensor. */
  cell: cell(),
  /** Heads that are cut, `block.head`. */
  cut: places(2),
  /** Blocks that are passed over. */
  skip: places(1),
  /** Positions on. */
  pos: flag(true),
  /** Temperature of attention's softmax. */
  tau: real(1, { min: 0.05, max: 10, digits: 2 }),
  /** Long skips that are cut, counted from the outermost block. */
  sk: places(1),
  /** The convolution at the network's end. */
  conv: flag(true),
  /** Changes of further inputs, by name: places that are off, or a factor. */
  more: changesOfInputs(),
  /** Time of a denoiser's picture, from 0, the picture, to 1, noise. */
  at: real(0.3, { min: 0, max: 1, digits: 3 }),
  /** Class a denoiser is told, by its index; −1: none. */
  y: int(0, { min: -1, max: 100_000 }),
  /** Seed of a denoiser's noise and of an autoencoder's masking. */
  seed: int(0, { min: 0, max: 999_999 }),
  /** Patches an autoencoder sees; none named: the seed draws them. */
  keep: places(1),
  /** Pixels by which the picture moves to the right from frame to frame, of a model that is fed frames. */
  mv: int(0, { min: -64, max: 64 }),
  /** Texts that a model reads. */
  w: texts(['parrot', 'goat', '鹦鹉', '山羊']),
  /** An autoencoder that paints what a classifier is fed, and which of the three pictures it is fed; none: the picture. */
  via: name('none'),
  vs: oneOf('painted', SHOWN),
  /** The sampler of a run whose state a denoiser is fed in place of a picture with noise; none: the picture. */
  run: oneOf('none', ['none', ...SAMPLERS]),
  /** Steps of that run, and how many of them are made. */
  rn: int(20, { min: 1, max: 1000 }),
  rk: int(0, { min: 0, max: 999 }),
  /** Its guidance weight, DDIM's η, whether x̂0 is kept within [−1, 1], and the time it begins at (1: noise alone). */
  rw: real(1, { min: 0, max: 20, digits: 2 }),
  reta: real(0, { min: 0, max: 1, digits: 2 }),
  rclip: flag(true),
  rs: real(1, { min: 0.01, max: 1, digits: 3 }),
  /** The second run: none, another picture, another patch size, other heads cut, or another time. */
  b: oneOf('none', ['none', 'picture', 'patch', 'heads', 'time']),
  bpic: name('koala'),
  bp: int(32, { min: 1, max: 512 }),
  bcut: places(2),
  bat: real(0.8, { min: 0, max: 1, digits: 3 }),
  /** What stands in the middle. */
  view: oneOf('graph', ['graph', 'cost', 'growth']),
  /** The pane a narrow window shows. */
  pane: oneOf('outline', ['outline', 'middle', 'tensor']),
};

/** What a link to the inspector says. The state of a run that is fed is one that a network is asked about. */
export const inspectorState = defineState(1, fields, {}, ({ rk, rn }) => ({ rk: Math.min(rk, rn - 1) }));

export type InspectorFields = typeof inspectorState.fields;
export type InspectorState = StateOf<InspectorFields>;
