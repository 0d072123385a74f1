import { softmaxInto } from './softmax.ts';

/*
 * Contrast of two kinds of things, such as texts and pictures, whose embeddings lie in one space. A matrix has a row for
 * each text and a column for each picture; sums are in double precision. training/tasks/contrast.py is the same in
 * PyTorch, and training/tests/golden/contrast.json holds both to one answer.
 */

/** A matrix `[rows, columns]`, flat, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/** Rows become columns. */
export function flipped({ rows, columns, data }: Matrix): Matrix {
  const at = (i: number) => (i % rows) * columns + Math.floor(i / rows);
  return { rows: columns, columns: rows, data: Float64Array.from(data, (_, i) => data[at(i)]!) };
}

/**
 * Scaled similarities of every text with every picture: `scale · u_text · u_picture`, which is the cosine times the
 * scale where rows have length 1 (Radford et al. 2021, figure 3).
 * @param texts embeddings `[rows, width]` @param pictures embeddings `[columns, width]`
 * @param scale exp(logit_scale), 1 / temperature
 * @throws RangeError for a table that holds no whole number of rows
 */
export function similarityMatrix(
  texts: ArrayLike<number>,
  pictures: ArrayLike<number>,
  width: number,
  scale = 1,
): Matrix {
  const [rows, columns] = [texts.length / width, pictures.length / width];
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw new RangeError(`${texts.length} and ${pictures.length} values are no rows of ${width}`);
  }
  const data = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let dot = 0;
      for (let i = 0; i < width; i++) dot += texts[r * width + i]! * pictures[c * width + i]!;
      data[r * columns + c] = scale * dot;
    }
  }
  return { rows, columns, data };
}

/** Softmax of each row: of one text, the share of each picture. */
export function softmaxOfRows({ rows, columns, data }: Matrix): Matrix {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) softmaxInto(out, r * columns, data, r * columns, columns);
  return { rows, columns, data: out };
}

/** Softmax of each column: of one picture, the share of each text. */
export function softmaxOfColumns(matrix: Matrix): Matrix {
  return flipped(softmaxOfRows(flipped(matrix)));
}

/** What is true of what, cell by cell. */
export interface Pairs {
  /** Whether the text is true of the picture. */
  readonly right: (text: number, picture: number) => boolean;
  /** Whether the cell takes no part: the text is neither true nor false of the picture. By default none. */
  readonly neither?: (text: number, picture: number) => boolean;
}

/** Each text belongs to the picture of its own number, and to no other. */
export const ONE_TO_ONE: Pairs = { right: (text, picture) => text === picture };

/** The loss of a matrix, and what it is the mean of. */
export interface ContrastiveLoss {
  /** Cross-entropy of each text's row, in nats; undefined for a text that is true of nothing. */
  readonly ofTexts: readonly (number | undefined)[];
  /** Cross-entropy of each picture's column. */
  readonly ofPictures: readonly (number | undefined)[];
  /** Means of the two. */
  readonly byText: number;
  readonly byPicture: number;
  /** Mean of the means: what training makes small. */
  readonly loss: number;
}

const mean = (list: readonly (number | undefined)[]): number => {
  const known = list.filter((value) => value !== undefined);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** −log of a row's softmax at its right cells, on average over these; cells that take no part are left out. */
function crossEntropies({ rows, columns, data }: Matrix, { right, neither }: Pairs): (number | undefined)[] {
  return Array.from({ length: rows }, (_, r) => {
    const logit = (c: number) => data[r * columns + c]!;
    const all = Array.from({ length: columns }, (_, c) => c);
    const part = all.filter((c) => !neither?.(r, c));
    const own = all.filter((c) => right(r, c));
    if (own.length === 0) return undefined;
    const most = Math.max(...part.map(logit));
    const logSum = most + Math.log(part.reduce((sum, c) => sum + Math.exp(logit(c) - most), 0));
    return own.reduce((sum, c) => sum + logSum - logit(c), 0) / own.length;
  });
}

/**
 * The symmetric contrastive loss (Radford et al. 2021, section 2.3): the mean of the cross-entropies of rows and of
 * columns. Where a text is true of several pictures, or a picture has several true texts, the target is shared equally
 * among them (Yang et al. 2022, arXiv 2204.03610).
 * @param logits scaled similarities, see `similarityMatrix`
 */
export function contrastiveLoss(logits: Matrix, pairs: Pairs = ONE_TO_ONE): ContrastiveLoss {
  const { right, neither } = pairs;
  const ofTexts = crossEntropies(logits, pairs);
  const ofPictures = crossEntropies(flipped(logits), {
    right: (picture, text) => right(text, picture),
    ...(neither && { neither: (picture: number, text: number) => neither(text, picture) }),
  });
  const [byText, byPicture] = [mean(ofTexts), mean(ofPictures)];
  return { ofTexts, ofPictures, byText, byPicture, loss: (byText + byPicture) / 2 };
}
