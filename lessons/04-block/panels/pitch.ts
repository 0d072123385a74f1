/**
 * Pixels between the rows of a block's diagram: on a wide screen its fifteen rows fill the panel's height, within
 * bounds; on a phone they scroll.
 */
export const pitchFor = (
  height: number,
  compact: boolean,
  [least, most]: readonly [number, number] = [30, 52],
) => (compact ? 40 : Math.max(least, Math.min(most, height / 14.6)));
