import { contrastiveLoss, softmaxOfRows, type Matrix } from '#lib/analysis/contrast.ts';

/** How well n names find their n pictures. */
export interface DiagonalRank {
  /** Share of names whose own picture is first; k that are equal share the first place, 1 / k each. */
  readonly first: number;
  /** Mean place of a name's own picture, from 1; equal ones have the mean of their places. */
  readonly place: number;
  /** Mean share of the own picture in the softmax over all. */
  readonly share: number;
  /** The symmetric contrastive loss, nats. */
  readonly loss: number;
}

/** Two logits nearer than this, relatively, are equal: float32 tells no more of one vector computed twice. */
const EQUAL = 1e-5;

/**
 * Names against pictures, each name's own on the diagonal.
 * @param logits `[n, n]`, texts down
 */
export function diagonalRank(logits: Matrix): DiagonalRank {
  const { rows, columns, data } = logits;
  const shares = softmaxOfRows(logits).data;
  let [first, place, share] = [0, 0, 0];
  for (let r = 0; r < rows; r++) {
    const own = data[r * columns + r]!;
    const tolerance = EQUAL * Math.max(1, Math.abs(own));
    let [above, equal] = [0, 0];
    for (let c = 0; c < columns; c++) {
      const difference = data[r * columns + c]! - own;
      if (Math.abs(difference) <= tolerance) equal++;
      else if (difference > 0) above++;
    }
    if (above === 0) first += 1 / equal;
    place += above + (equal + 1) / 2;
    share += shares[r * columns + r]!;
  }
  return {
    first: first / rows,
    place: place / rows,
    share: share / rows,
    loss: contrastiveLoss(logits).loss,
  };
}
