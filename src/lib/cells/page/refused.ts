/** A question of a cell that is answered with a sentence instead. */
export class Refused extends Error {
  /** Names that may have been meant, nearest first. */
  readonly nearest: readonly string[];
  constructor(message: string, nearest: readonly string[] = []) {
    super(message);
    this.nearest = nearest;
  }
}
