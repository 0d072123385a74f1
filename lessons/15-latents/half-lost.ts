/**
 * From which spatial frequency on more than half of the power is lost, and stays so up to the finest one: there the
 * difference has more than half of the picture's power.
 * @param before the picture's power by frequency, see radialSpectrum
 * @param apart that of the difference
 * @returns cycles a side; undefined where the finest frequency is kept
 */
export function halfLost(before: ArrayLike<number>, apart: ArrayLike<number>): number | undefined {
  let from: number | undefined;
  for (let ring = before.length - 1; ring > 0; ring--) {
    if (!(apart[ring]! > before[ring]! / 2)) break;
    from = ring;
  }
  return from;
}
