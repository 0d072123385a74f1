import { cell, tensorName } from '#lib/inspector/state.ts';
import { defineState, int, name, real, type Field, type StateOf } from '#lib/state/schema.ts';

/**
 * A view: its middle, told from the corner of a tensor that stands near it, and its width, both in cells. The same view
 * is found again in a window of other proportions, where the groups stand elsewhere.
 */
export interface View {
  readonly near: string;
  readonly dx: number;
  readonly dy: number;
  readonly wide: number;
}

/** A view, printed `blocks.0.attn.probs~12~-40~800`; undefined: that of the stop, or all. */
function view(): Field<View | undefined> {
  const FORM = /^([\w.-]{1,96})~(-?\d{1,7}(?:\.\d)?)~(-?\d{1,7}(?:\.\d)?)~(\d{1,7}(?:\.\d)?)$/;
  return {
    default: undefined,
    print: (v) =>
      v
        ? [v.near, v.dx.toFixed(1), v.dy.toFixed(1), v.wide.toFixed(1)]
            .map((s) => s.replace(/\.0$/, ''))
            .join('~')
        : '',
    parse(raw) {
      const [, near, dx, dy, wide] = FORM.exec(raw) ?? [];
      if (near === undefined || !(Number(wide) > 0)) return undefined;
      return { near, dx: Number(dx), dy: Number(dy), wide: Number(wide) };
    },
  };
}

/** What a link to the page says, beside the model, which is in its path, and the stop. */
export const wholeState = defineState(1, {
  /** The picture's id. */
  pic: name('golden-retriever'),
  /** Patch side in pixels; 0: the model's own. */
  p: int(0, { min: 0, max: 512 }),
  /** Time of a denoiser's picture, from 0, the picture, to 1, noise. */
  at: real(0.15, { min: 0, max: 1, digits: 3 }),
  /** Class a denoiser is told, by its index; −1: none. */
  y: int(5, { min: -1, max: 100_000 }),
  /** Seed of the noise. */
  seed: int(0, { min: 0, max: 999_999 }),
  /** Where the reader has gone. */
  cam: view(),
  /** A part that is chosen, and a cell of it. */
  t: tensorName(),
  cell: cell(),
});
export type WholeState = StateOf<typeof wholeState.fields>;
