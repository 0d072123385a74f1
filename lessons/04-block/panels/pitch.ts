/**
 * Pixels between the rows of a block's diagram: on a wide screen it fills the height it has, within bounds; on a phone
 * its rows scroll. A block is some fourteen rows high, and its ends stand out above the first and below the last.
 * @param room pixels of height for the diagram alone
 */
export const pitchFor = (
  room: number,
  compact: boolean,
  [least, most]: readonly [number, number] = [28, 52],
) => (compact ? 40 : Math.max(least, Math.min(most, (room - 30) / 14.3)));
