import { FORMS } from '#lib/models/vivit/config.ts';
import { defineState, int, name, oneOf, real, type StateOf } from '#lib/state/schema.ts';
import { line } from '#lib/state/words.ts';
import { MOTIONS } from './motions.ts';

/** What the stage shows. */
export const VIEWS = ['cut', 'answer', 'ways', 'through', 'break'] as const;
/** The two trained networks: all tokens together, and two encoders. */
export const NETS = ['joint', 'encoder'] as const;
export type Net = (typeof NETS)[number];
/** How a clip is cut: each frame by itself, or in tubelets of several frames. */
export const CUTS = ['frames', 'tubelets'] as const;
/** Parts of the view `cut`, and of the view `ways`. */
export const CUT_PARTS = ['pull', 'start', 'count'] as const;
export const WAY_PARTS = ['program', 'pairs', 'cost'] as const;
/** What is done to the clip or to the network. */
export const CHANGES = ['shuffle', 'reverse', 'freeze', 'drop', 'positions'] as const;
/** Seeds of a drawn clip and of an order of frames. */
export const SEEDS = { min: 0, max: 99 } as const;

/** The sizes a reader may count with; every tubelet fills every clip, every patch a frame of 224 pixels. */
export const FRAMES = [8, 16, 32, 64, 128] as const;
export const TUBELETS = [1, 2, 4, 8] as const;
export const PATCHES = [8, 14, 16, 28, 32] as const;
export const SIDE = 224;

/** The permalink of lesson 13. */
export const state = defineState(1, {
  view: oneOf('cut', VIEWS),

  // The clip.
  from: oneOf('drawn', ['drawn', 'own']),
  /** Class of a drawn clip. */
  motion: oneOf('right', MOTIONS),
  /** Its sign, by code point as in the list of signs. */
  sign: name('1F992'),
  /** The sign at the right where two move. */
  other: name('1F681'),
  seed: int(3, SEEDS),
  /** How fast, as a place in the range of the training's clips. */
  pace: real(0.5, { min: 0, max: 1, digits: 2 }),
  /** Which frames of its film the clip has, see frame-order.ts; empty: evenly spread. */
  order: line(''),

  /** The network whose tensors strip and drawer show. */
  net: oneOf('joint', NETS),
  /** The chosen tubelet, time by time and in each row by row; one that the clip does not have counts as the last. */
  tok: int(27, { min: 0, max: 4095 }),

  // Cutting.
  part: oneOf('pull', CUT_PARTS),
  cut: oneOf('tubelets', CUTS),
  /** The dimension of the token that is computed by hand. */
  d: int(1, { min: 0, max: 1023 }),
  /** Sizes that are counted with: frames, frames of a tubelet, side of a patch. */
  f: int(32, { min: 8, max: 128 }),
  t: int(2, { min: 1, max: 8 }),
  p: int(16, { min: 8, max: 32 }),

  // The four ways.
  way: oneOf('joint', FORMS),
  how: oneOf('program', WAY_PARTS),

  // Attention through time.
  l: int(0, { min: 0, max: 31 }),
  h: int(0, { min: 0, max: 31 }),
  /** Whose attention: that of the chosen tubelet, or of the class token. */
  asks: oneOf('token', ['token', 'cls']),
  /** Maps over the frames, or how far every head looks. */
  look: oneOf('strip', ['strip', 'far']),

  // Answers.
  /** Among which classes probabilities are shared out. */
  among: oneOf('task', ['task', 'all']),

  // Changes.
  change: oneOf('shuffle', CHANGES),
  /** The frame that is frozen. */
  frame: int(0, { min: 0, max: 63 }),
  /** Of the order that frames are shuffled into. */
  mix: int(1, SEEDS),
});

export type VideoFields = typeof state.fields;
export type VideoState = StateOf<VideoFields>;
