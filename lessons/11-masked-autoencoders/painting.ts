import { CONFIG, FORM } from './model.ts';
import {
  denormalisedPatches,
  meanWhere,
  normalisedPatches,
  patchErrors,
  patchOfPixel,
  patchStats,
  type PatchStats,
} from './patch-errors.ts';

/** A picture that the network was shown a part of, and what it painted. All of one pass. */
export interface Painting {
  /** The picture as the network is fed it, `[C, S, S]` flat. */
  readonly x: Float32Array;
  /** Of each patch, whether it was hidden. */
  readonly hidden: readonly boolean[];
  readonly visible: number;
  readonly stats: PatchStats;
  /** Seen patches as they are, hidden ones painted, `[C, S, S]`. */
  readonly pixels: Float32Array;
  /** Mean square error of each patch in pixels, `[N]`; of the seen ones too, which no loss has asked for. */
  readonly errors: Float32Array;
  /** The same between normalised patches, as a training on normalised targets counts it, `[N]`. */
  readonly normalised: Float32Array;
}

/** What the network's answer says in pixels. One trained on normalised patches is given their true mean and contrast. */
export function answerInPixels(answer: ArrayLike<number>, stats: PatchStats): Float32Array {
  return CONFIG.normPixels ? denormalisedPatches(answer, FORM, stats) : Float32Array.from(answer);
}

/**
 * Puts a pass together with the picture.
 * @param x the picture as it was fed, `[C, S, S]`
 * @param answer `reconstruction`, as long
 * @param hidden of each patch, whether it was
 */
export function paintingFrom(
  x: Float32Array,
  answer: ArrayLike<number>,
  hidden: readonly boolean[],
): Painting {
  const stats = patchStats(x, FORM);
  const said = answerInPixels(answer, stats);
  const place = patchOfPixel(FORM);
  const pixels = x.map((v, i) => (hidden[place[i]!] ? said[i]! : v));
  const target = normalisedPatches(x, FORM, stats);
  // Normalised by what the true patch has, so that both differ from the same target in the same unit.
  const own = CONFIG.normPixels ? answer : normalisedPatches(said, FORM, stats);
  return {
    x,
    hidden,
    visible: hidden.filter((h) => !h).length,
    stats,
    pixels,
    errors: patchErrors(x, said, FORM),
    normalised: patchErrors(target, own, FORM),
  };
}

/** Mean over the hidden patches, as in the loss; undefined where nothing is hidden. */
export const overHidden = ({ hidden }: Pick<Painting, 'hidden'>, errors: ArrayLike<number>) =>
  meanWhere(errors, (n) => hidden[n] === true);

/** Square error of hidden patches in pixels where they are filled without a network; undefined where nothing is hidden. */
export const filledError = (x: Float32Array, filled: Float32Array, hidden: readonly boolean[]) =>
  overHidden({ hidden }, patchErrors(x, filled, FORM));
