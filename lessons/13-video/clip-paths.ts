import { Uniform } from '#lib/analysis/uniform.ts';
import type { Motion } from './motions.ts';

/**
 * How the signs of a drawn clip move: `draw_paths` of training/data/clips.py, written a second time with the page's own
 * random numbers. Lengths are in sides of a frame, angles in degrees, sizes in sides; the plane is a torus, so that what
 * leaves at an edge comes in at the other.
 */

/** Where a sign is in a frame, how large and how far turned. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly angle: number;
}

/** What a clip is drawn from: each sign's way, frame by frame, and the colour of the paper, each part in 0 … 1. */
export interface Drawn {
  readonly paths: readonly (readonly Placed[])[];
  readonly paper: readonly [number, number, number];
}

/** Sizes that a growing sign goes through. */
const SIZES = { least: 0.26, most: 0.56 } as const;
/** Stream of the random numbers. */
const STREAM = 13;

const wrapped = (v: number, round = 1) => ((v % round) + round) % round;

/** What a way is drawn with: how many frames, a place in the range of speeds, and random numbers. */
interface Draw {
  readonly frames: number;
  /** 0: as slow as the slowest of the training's clips, 1: as fast as its fastest. */
  readonly pace: number;
  readonly random: Uniform;
}

const paced = ({ pace }: Draw, slow: number, fast: number) => slow + (fast - slow) * pace;
const each = <T>(frames: number, at: (f: number) => T): readonly T[] =>
  Array.from({ length: frames }, (_, f) => at(f));

const WAYS: Readonly<Record<'right' | 'left' | 'down' | 'up', readonly [number, number]>> = {
  right: [1, 0],
  left: [-1, 0],
  down: [0, 1],
  up: [0, -1],
};

/** Both move up or down by as much, one after the other; where they begin is anywhere. */
function oneAfterTheOther(draw: Draw, leftFirst: boolean): readonly (readonly Placed[])[] {
  const { frames, random } = draw;
  const half = Math.floor(frames / 2);
  const size = random.within(0.3, 0.42);
  return [0, 1].map((thing) => {
    const begin = half * (leftFirst ? thing : 1 - thing);
    const x = wrapped(0.25 + 0.5 * thing + random.within(-0.03, 0.03));
    const from = random.next();
    const way = random.next() < 0.5 ? -1 : 1;
    const far = paced(draw, 0.2, 0.4);
    const angle = random.within(-20, 20);
    return each(frames, (f) => {
      const moved = Math.min(1, Math.max(0, (f - begin) / Math.max(half - 1, 1)));
      return { x, y: wrapped(from + moved * way * far), size, angle };
    });
  });
}

/** Friction: each stretch is a share of the one before. Backward is the same film from its end. */
function rollingOut(draw: Draw, first: Placed, backward: boolean): readonly Placed[] {
  const { frames, random } = draw;
  const angle = random.within(0, 2 * Math.PI);
  const length = paced(draw, 0.4, 0.7);
  const share = random.within(0.45, 0.62);
  const far = [0];
  for (let f = 1; f < frames; f++) far.push(far[f - 1]! + share ** (f - 1));
  const whole = far.at(-1) || 1;
  return each(frames, (f) => {
    const gone = (far[backward ? frames - 1 - f : f]! / whole) * length;
    return {
      ...first,
      x: wrapped(first.x + gone * Math.cos(angle)),
      y: wrapped(first.y + gone * Math.sin(angle)),
    };
  });
}

function pathsOf(motion: Motion, draw: Draw): readonly (readonly Placed[])[] {
  const { frames, random } = draw;
  const [x, y] = [random.next(), random.next()];
  const first: Placed = { x, y, size: random.within(0.36, SIZES.most), angle: random.within(-20, 20) };
  switch (motion) {
    case 'right':
    case 'left':
    case 'down':
    case 'up': {
      const step = paced(draw, 0.035, 0.1);
      const [across, down] = WAYS[motion];
      return [
        each(frames, (f) => ({
          ...first,
          x: wrapped(x + f * step * across),
          y: wrapped(y + f * step * down),
        })),
      ];
    }
    case 'clockwise':
    case 'anticlockwise': {
      const rate = paced(draw, 14, 36) * (motion === 'clockwise' ? 1 : -1);
      const begin = random.within(0, 360);
      return [each(frames, (f) => ({ ...first, angle: wrapped(begin + rate * f, 360) }))];
    }
    case 'grows':
    case 'shrinks': {
      const rate = paced(draw, 0.08, 0.16) * (motion === 'grows' ? 1 : -1);
      const begin = random.next();
      const ratio = SIZES.most / SIZES.least;
      return [each(frames, (f) => ({ ...first, size: SIZES.least * ratio ** wrapped(begin + rate * f) }))];
    }
    case 'left-first':
    case 'right-first':
      return oneAfterTheOther(draw, motion === 'left-first');
    case 'forward':
    case 'backward':
      return [rollingOut(draw, first, motion === 'backward')];
  }
}

/**
 * A clip of that class as it is to be drawn, the same for the same seed.
 * @param frames from 2 up
 * @param seed whole, 0 … 2³² − 1
 * @param pace 0 (slowest of the training's clips) … 1 (fastest)
 */
export function drawnOf(
  motion: Motion,
  { frames, seed, pace }: { frames: number; seed: number; pace: number },
): Drawn {
  const random = new Uniform(seed, STREAM);
  const paths = pathsOf(motion, { frames, pace, random });
  return { paths, paper: [random.within(0.6, 1), random.within(0.6, 1), random.within(0.6, 1)] };
}
