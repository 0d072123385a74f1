/** Mean of the squared distances of a number to given numbers. */
export function meanSquare(points: readonly number[], guess: number): number {
  return points.reduce((sum, v) => sum + (v - guess) ** 2, 0) / points.length;
}

/** The mean of numbers: what {@link meanSquare} is smallest at. */
export function meanOf(points: readonly number[]): number {
  return points.reduce((sum, v) => sum + v, 0) / points.length;
}
