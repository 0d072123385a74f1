import { contrastiveLoss, flipped, softmaxOfRows, type Matrix } from '#lib/analysis/contrast.ts';

/** One softmax of the loss: of a text over the pictures, or of a picture over the texts. */
export interface LossLine {
  /** Number of the text or the picture. */
  readonly index: number;
  /** The logit of the right cell. */
  readonly right: number;
  /** ln Σ e^ℓ over the row or column. */
  readonly logSum: number;
  /** The right cell’s share, 0 … 1. */
  readonly share: number;
  /** −ln of it, in nats: `logSum − right`. */
  readonly loss: number;
  /** The wrong cell with the largest share, and that share; undefined where there is none. */
  readonly worst: { readonly index: number; readonly share: number } | undefined;
}

/** The loss taken apart: every cross-entropy, their two means, and the mean of these. */
export interface LossByHand {
  readonly texts: readonly LossLine[];
  readonly pictures: readonly LossLine[];
  readonly byText: number;
  readonly byPicture: number;
  readonly loss: number;
}

function lines(logits: Matrix): LossLine[] {
  const { rows, columns, data } = logits;
  const shares = softmaxOfRows(logits).data;
  return Array.from({ length: rows }, (_, index) => {
    const at = (c: number) => index * columns + c;
    const row = Array.from({ length: columns }, (_, c) => data[at(c)]!);
    const most = Math.max(...row);
    const logSum = most + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
    const right = data[at(index)]!;
    const wrong = row
      .map((_, c) => ({ index: c, share: shares[at(c)]! }))
      .filter((cell) => cell.index !== index)
      .sort((a, b) => b.share - a.share);
    return { index, right, logSum, share: shares[at(index)]!, loss: logSum - right, worst: wrong[0] };
  });
}

/**
 * The symmetric contrastive loss of n pairs, line by line; its three means are those of `contrastiveLoss`.
 * @param logits `[n, n]`, texts down, pictures across, each text's own picture on the diagonal
 * @throws RangeError for a matrix that is not square
 */
export function lossByHand(logits: Matrix): LossByHand {
  if (logits.rows !== logits.columns) {
    throw new RangeError(`${logits.rows} texts and ${logits.columns} pictures are no pairs`);
  }
  const { byText, byPicture, loss } = contrastiveLoss(logits);
  return { texts: lines(logits), pictures: lines(flipped(logits)), byText, byPicture, loss };
}
