import { MODELS } from './model.ts';
import measured from './measured.json' with { type: 'json' };
import type { StemName } from './state.ts';

/** What `training/measure/detect.py` writes of a detector on scenes that never change. */
export interface Figures {
  readonly scenes: number;
  readonly objects: number;
  /** AP at an overlap of 0.5, and over the thresholds 0.5 to 0.95; 0 … 1. */
  readonly ap50: number;
  readonly ap: number;
  readonly duplicates: number;
}
type HeldOut = Figures & { readonly seenStyles?: Figures };

/** What a training writes of itself. */
interface Run {
  readonly steps: number;
  /** Scenes shown, each drawn for its step. */
  readonly imagesSeen: number;
}
const stored = import.meta.glob<{ readonly heldOut?: HeldOut; readonly run?: Run }>(
  '/models/detr-{cnn,patches}/metrics.json',
  {
    eager: true,
    import: 'default',
  },
);
const fileOf = (stem: StemName) => `models/${MODELS[stem]}/metrics.json`;

/** Drawings that training never showed, or others of the same concepts. */
export type Drawings = 'unseen' | 'seen';

/** Figures of a network on scenes of such drawings; undefined where it was not measured. */
export function heldOut(stem: StemName, drawings: Drawings): Figures | undefined {
  const found = stored[`/${fileOf(stem)}`]?.heldOut;
  return drawings === 'unseen' ? found : found?.seenStyles;
}
/** Scenes that a network has been shown in training. */
export const scenesSeen = (stem: StemName): number | undefined => stored[`/${fileOf(stem)}`]?.run?.imagesSeen;
/** What `data-from` says of them. */
export const citeOf = (stem: StemName): string => `cite:${fileOf(stem)}`;

/** What `tests/measure.py` writes of one state of the network, on the same scenes. */
export interface Counted {
  readonly ap50: number;
  readonly ap: number;
  /** Detections of 0.5 and more; objects they find; those that lie on an object that a surer one has. */
  readonly sure: number;
  readonly found: number;
  readonly duplicates: number;
}
/** The network's state: as it is, without the queries' attention to one another, and so on. */
export type Way = 'plain' | 'alone' | 'equal' | 'placeless';

/** measured.json: the network with CNN stem on many held-out scenes. */
export const MEASURED = measured;
export const MEASURED_FROM = 'cite:lessons/14-detection/measured.json';

/** Counts after each layer of the decoder; the last is what the network answers. */
export const LAYERS: readonly Counted[] = measured.layers;

/** Counts in one of the states. */
export function counted(way: Way): Counted {
  if (way !== 'plain') return measured[way];
  const last = LAYERS.at(-1);
  if (!last) throw new RangeError('measured.json has no layer');
  return last;
}

/** Counts with so many queries left: of the measured numbers of queries the nearest that is not larger. */
export function countedWith(queries: number): Counted & { readonly queries: number } {
  const [first] = measured.kept;
  if (!first) throw new RangeError('measured.json has no number of queries');
  return measured.kept.reduce((best, one) => (one.queries <= queries ? one : best), first);
}

/** Counts after non-maximum suppression, at the measured threshold nearest to this one. */
export function suppressedAt(overlap: number) {
  const [first] = measured.suppression;
  if (!first) throw new RangeError('measured.json has no threshold');
  return measured.suppression.reduce(
    (best, one) => (Math.abs(one.overlap - overlap) < Math.abs(best.overlap - overlap) ? one : best),
    first,
  );
}
