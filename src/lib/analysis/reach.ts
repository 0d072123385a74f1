/** Where in the picture a change of one latent cell is felt. */
export interface Reach {
  /** Shares of the squared change: in the cell's own square of pixels, in the ring of cells around it, elsewhere. */
  readonly own: number;
  readonly around: number;
  readonly elsewhere: number;
  /** The largest change of a pixel, in units of the picture's values. */
  readonly most: number;
}

/**
 * How a change is shared out; undefined where nothing has changed.
 * @param change of each pixel, `[side · side]`
 * @param cell row by row, on a grid of `grid` cells a side
 */
export function reachOf(change: ArrayLike<number>, cell: number, grid: number): Reach | undefined {
  const side = Math.round(Math.sqrt(change.length));
  const factor = side / grid;
  const [row, column] = [Math.floor(cell / grid), cell % grid];
  const sums = [0, 0, 0];
  let most = 0;
  for (let i = 0; i < change.length; i++) {
    const away = Math.max(
      Math.abs(Math.floor(Math.floor(i / side) / factor) - row),
      Math.abs(Math.floor((i % side) / factor) - column),
    );
    sums[Math.min(away, 2)]! += change[i]! ** 2;
    most = Math.max(most, Math.abs(change[i]!));
  }
  const [own = 0, around = 0, elsewhere = 0] = sums;
  const all = own + around + elsewhere;
  return all > 0 ? { own: own / all, around: around / all, elsewhere: elsewhere / all, most } : undefined;
}
