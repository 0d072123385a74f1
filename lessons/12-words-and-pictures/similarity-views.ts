import { softmaxOfColumns, softmaxOfRows, type Matrix } from '#lib/analysis/contrast.ts';
import type { Show } from './choices.ts';

/** Every cell times a number: cosines become logits. */
export function scaled({ rows, columns, data }: Matrix, scale: number): Matrix {
  return { rows, columns, data: Float64Array.from(data, (cosine) => scale * cosine) };
}

/** The matrix with its texts in another order: row i is the text `order[i]`. */
export function withRows({ columns, data }: Matrix, order: readonly number[]): Matrix {
  const cells = order.flatMap((row) => Array.from({ length: columns }, (_, c) => data[row * columns + c]!));
  return { rows: order.length, columns, data: Float64Array.from(cells) };
}

/**
 * How the loss changes with each logit of a square matrix whose diagonal is right: (p_row − δ + p_column − δ) / 2n,
 * the gradient of `contrastiveLoss`. A step of training moves each logit against its sign: below 0 up, above 0 down.
 * @throws RangeError for a matrix that is not square
 */
export function lossGradient(logits: Matrix): Matrix {
  const { rows: n, columns } = logits;
  if (n !== columns) throw new RangeError(`${n} texts and ${columns} pictures are no pairs`);
  const [ofRows, ofColumns] = [softmaxOfRows(logits).data, softmaxOfColumns(logits).data];
  const data = Float64Array.from({ length: n * n }, (_, i) => {
    const right = i % (n + 1) === 0 ? 1 : 0;
    return (ofRows[i]! + ofColumns[i]! - 2 * right) / (2 * n);
  });
  return { rows: n, columns: n, data };
}

/**
 * What is drawn of a matrix of cosines.
 * @param scale the factor that makes logits of them
 */
export function shownMatrix(cosines: Matrix, show: Show, scale: number): Matrix {
  if (show === 'cosine') return cosines;
  const logits = scaled(cosines, scale);
  if (show === 'logits') return logits;
  if (show === 'pull') return lossGradient(logits);
  return show === 'rows' ? softmaxOfRows(logits) : softmaxOfColumns(logits);
}

/** The range of the colours: of shares 0 … 1, else symmetric about 0. */
export function colourRange(
  shown: ArrayLike<number>,
  show: Show,
  scale: number,
): readonly [low: number, high: number] {
  if (show === 'rows' || show === 'columns') return [0, 1];
  if (show === 'cosine') return [-1, 1];
  if (show === 'logits') return [-scale, scale];
  const most = Math.max(1e-6, ...Array.from(shown, Math.abs));
  return [-most, most];
}
