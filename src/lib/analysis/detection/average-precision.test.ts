import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  COCO_THRESHOLDS,
  precisionCurve,
  type Found,
  type Truth,
} from './average-precision.ts';

/** Squares of side 10 in a row. */
const truth = (at: number, label = 0, picture = 0): Truth => ({
  picture,
  label,
  box: { x0: at, y0: 0, x1: at + 10, y1: 10 },
});
const found = (at: number, score: number, label = 0, picture = 0): Found => ({
  ...truth(at, label, picture),
  score,
});

describe('average precision', () => {
  it('is 1 for what is found and nothing else, 0 for nothing found', () => {
    const there = [truth(0), truth(20), truth(0, 1)];
    expect(averagePrecision([found(0, 0.9), found(20, 0.8), found(0, 0.7, 1)], there)).toBe(1);
    expect(averagePrecision([], there)).toBe(0);
    expect(averagePrecision([found(0, 0.9)], [])).toBeNaN();
  });

  it('reads the best precision at each of 101 recalls or a higher one', () => {
    // Right, wrong, right of two objects: precision 1, 1/2, 2/3 at recalls 1/2, 1/2, 1.
    const curve = precisionCurve(
      [found(0, 0.9), found(50, 0.8), found(20, 0.7)],
      [truth(0), truth(20)],
      0.5,
    )!;
    expect(curve.recall).toEqual([0.5, 0.5, 1]);
    expect(curve.precision).toEqual([1, 0.5, 2 / 3]);
    expect(curve.sampled[50]).toBe(1);
    expect(curve.sampled[51]).toBe(2 / 3);
    expect(curve.ap).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
  });

  it('counts an object once: a second detection of it is wrong', () => {
    const twice = [found(0, 0.9), found(0, 0.8)];
    expect(precisionCurve(twice, [truth(0)], 0.5)!.precision).toEqual([1, 0.5]);
    // Of two objects side by side each detection takes the one it overlaps more.
    const both = precisionCurve([found(4, 0.9), found(3, 0.8)], [truth(0), truth(8)], 0.3)!;
    expect(both.precision).toEqual([1, 1]);
  });

  it('is stricter at higher thresholds: a box shifted by 2 of 10 has an IoU of 2/3', () => {
    const there = [truth(0)];
    const shifted = [found(2, 0.9)];
    expect(averagePrecision(shifted, there, [0.5])).toBe(1);
    expect(averagePrecision(shifted, there, [0.7])).toBe(0);
    // 0.5, 0.55, 0.6, 0.65 of ten.
    expect(averagePrecision(shifted, there)).toBeCloseTo(0.4, 12);
    expect(COCO_THRESHOLDS.map((t) => t.toFixed(2))).toEqual([
      '0.50',
      '0.55',
      '0.60',
      '0.65',
      '0.70',
      '0.75',
      '0.80',
      '0.85',
      '0.90',
      '0.95',
    ]);
  });

  it('is a mean over the classes that occur, each for itself', () => {
    const there = [truth(0), truth(0, 1)];
    // Class 2 does not occur and says nothing; class 1 is not found.
    expect(averagePrecision([found(0, 0.9), found(0, 0.99, 2)], there)).toBe(0.5);
  });

  it('keeps pictures apart, and orders detections over all of them', () => {
    const there = [truth(0, 0, 0), truth(0, 0, 1)];
    expect(averagePrecision([found(0, 0.9, 0, 0), found(0, 0.8, 0, 0)], there, [0.5])).toBeCloseTo(
      51 / 101,
      12,
    );
    const curve = precisionCurve([found(30, 0.9, 0, 1), found(0, 0.8, 0, 0)], there, 0.5)!;
    expect(curve.precision).toEqual([0, 0.5]);
  });

  it('counts a hundred detections of a picture', () => {
    const many = Array.from({ length: 120 }, (_, i) => found(500, 1 - i / 1000));
    expect(averagePrecision([...many, found(0, 0.1)], [truth(0)], [0.5])).toBe(0);
    expect(averagePrecision([...many.slice(0, 99), found(0, 0.1)], [truth(0)], [0.5])).toBeCloseTo(0.01, 12);
  });
});

describe('COCO’s own evaluator', () => {
  interface Row {
    readonly picture: number;
    readonly label: number;
    readonly box: readonly [number, number, number, number];
  }
  interface Fixture {
    readonly found: readonly (Row & { readonly score: number })[];
    readonly truths: readonly Row[];
    /** Of each class, at each threshold. */
    readonly ap: readonly (readonly number[])[];
  }

  const {
    found: rows,
    truths,
    ap,
  } = JSON.parse(readFileSync('tests/fixtures/detection/coco.json', 'utf8')) as Fixture;
  const boxed = <T extends Row>(row: T) => {
    const [x0, y0, x1, y1] = row.box;
    return { ...row, box: { x0, y0, x1, y1 } };
  };
  const [said, there] = [rows.map(boxed), truths.map(boxed)];

  it('gives the same for every class at every threshold', () => {
    ap.forEach((row, label) => {
      const of = <T extends { readonly label: number }>(list: readonly T[]) =>
        list.filter((one) => one.label === label);
      row.forEach((expected, i) => {
        const curve = precisionCurve(of(said), of(there), COCO_THRESHOLDS[i]!);
        expect(curve?.ap, `class ${label} at ${COCO_THRESHOLDS[i]}`).toBeCloseTo(expected, 9);
      });
    });
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(averagePrecision(said, there)).toBeCloseTo(mean(ap.flat()), 9);
    expect(averagePrecision(said, there, [0.5])).toBeCloseTo(mean(ap.map((row) => row[0]!)), 9);
  });
});
