import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  contrastiveLoss,
  flipped,
  similarityMatrix,
  softmaxOfColumns,
  softmaxOfRows,
  type Matrix,
} from './contrast.ts';

interface Square {
  readonly scale: number;
  readonly right: readonly (readonly number[])[];
  readonly neither: readonly (readonly number[])[];
  readonly byText: number;
  readonly byPicture: number;
  readonly loss: number;
}
type Rows = readonly (readonly number[])[];
const golden = JSON.parse(
  readFileSync(new URL('../../../training/tests/golden/contrast.json', import.meta.url), 'utf8'),
) as {
  readonly width: number;
  readonly scale: number;
  readonly squares: readonly Square[];
} & Readonly<Record<'texts' | 'pictures' | 'others' | 'logits' | 'byText' | 'byPicture', Rows>>;

const near = (matrix: Matrix, rows: Rows) => {
  expect([matrix.rows, matrix.columns]).toEqual([rows.length, rows[0]!.length]);
  rows.flat().forEach((value, i) => expect(matrix.data[i]).toBeCloseTo(value, 7));
};
const matrix = (rows: Rows): Matrix => ({ rows: rows.length, columns: rows[0]!.length, data: rows.flat() });

describe('against PyTorch', () => {
  const { width, scale } = golden;
  const logits = similarityMatrix(golden.texts.flat(), golden.pictures.flat(), width, scale);

  it('texts × pictures: scaled cosines and both softmaxes', () => {
    near(logits, golden.logits);
    near(softmaxOfRows(logits), golden.byText);
    near(softmaxOfColumns(logits), golden.byPicture);
  });

  it.each(golden.squares)('4 × 4 at scale $scale: a loss of $loss', (square) => {
    const all = similarityMatrix(golden.texts.flat(), golden.others.flat(), width, square.scale);
    const found = contrastiveLoss(all, {
      right: (text, picture) => square.right[text]![picture] === 1,
      neither: (text, picture) => square.neither[text]![picture] === 1,
    });
    for (const key of ['byText', 'byPicture', 'loss'] as const)
      expect(found[key]).toBeCloseTo(square[key], 7);
  });

  it('one to one is what is taken where nothing is said', () => {
    const [square] = golden.squares;
    const all = similarityMatrix(golden.texts.flat(), golden.others.flat(), width, square!.scale);
    expect(contrastiveLoss(all).loss).toBeCloseTo(square!.loss, 7);
  });
});

describe('by hand', () => {
  it('four alike are a guess among four, whatever the scale', () => {
    const same = similarityMatrix([1, 1, 1, 1], [1, 1, 1, 1], 1, 50);
    expect(contrastiveLoss(same).loss).toBeCloseTo(Math.log(4), 12);
    expect([...(softmaxOfRows(same).data as Float64Array)]).toEqual(new Array(16).fill(0.25));
  });

  it('pairs that are apart cost next to nothing, exchanged ones the whole scale', () => {
    const apart = similarityMatrix([1, 0, 0, 1], [1, 0, 0, 1], 2, 100);
    expect(contrastiveLoss(apart).loss).toBeLessThan(1e-12);
    expect(contrastiveLoss(similarityMatrix([1, 0, 0, 1], [0, 1, 1, 0], 2, 100)).loss).toBeCloseTo(100, 10);
  });

  it('says the loss of each row and column: log of what the right one has', () => {
    const logits = matrix([
      [2, 1],
      [0, 3],
    ]);
    const { ofTexts, ofPictures, loss } = contrastiveLoss(logits);
    const [rows, columns] = [softmaxOfRows(logits).data, softmaxOfColumns(logits).data];
    expect(ofTexts).toEqual([0, 3].map((i) => expect.closeTo(-Math.log(rows[i]!), 12) as number));
    expect(ofPictures).toEqual([0, 3].map((i) => expect.closeTo(-Math.log(columns[i]!), 12) as number));
    expect(loss).toBeCloseTo([...ofTexts, ...ofPictures].reduce<number>((sum, v) => sum + v!, 0) / 4, 12);
  });

  it('a text that is true of nothing takes no part, and the others do', () => {
    const logits = matrix([
      [2, 1],
      [0, 3],
    ]);
    const found = contrastiveLoss(logits, { right: (text, picture) => text === 0 && picture === 0 });
    expect(found.ofTexts[1]).toBeUndefined();
    expect(found.ofPictures[1]).toBeUndefined();
    expect(found.byText).toBe(found.ofTexts[0]);
  });

  it('rows become columns and back; a table of no whole rows is refused', () => {
    const m = matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...(flipped(m).data as Float64Array)]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(flipped(flipped(m)).data as Float64Array)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => similarityMatrix([1, 2, 3], [1, 2], 2)).toThrow(RangeError);
  });
});
