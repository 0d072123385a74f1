import type * as Library from '@observablehq/plot';

/** Pixels of width that Plot draws by itself. */
const OWN_WIDTH = 640;

/** Pixels that a drawing of Plot has where results are so wide. */
export const roomOf = (width: number) => Math.min(width, OWN_WIDTH);

/**
 * Plot, drawing as wide as there is room where a cell says no width: what is drawn wider is shrunk to be shown, and its
 * words with it. Returns Plot for a room of so many pixels.
 */
export function fitting(Plot: typeof Library): (width: number) => typeof Library {
  const { plot, Mark } = Plot;
  const { plot: plotMark } = Mark.prototype;
  return (width) => {
    Mark.prototype.plot = function (this: Library.Mark, options) {
      return plotMark.call(this, { width, ...options });
    };
    return Object.freeze({ ...Plot, plot: (options = {}) => plot({ width, ...options }) });
  };
}
