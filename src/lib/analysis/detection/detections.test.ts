import { describe, expect, it } from 'vitest';
import { detectionsOf, duplicatesOf, type Detection } from './detections.ts';

describe('what a detector has found', () => {
  // Three queries, two classes and “no object”.
  const probs = [0.6, 0.3, 0.1, 0.2, 0.1, 0.7, 0.05, 0.9, 0.05];
  const boxes = Float32Array.of(0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0.25, 0.25, 0.125, 0.125);

  it('are the queries that are sure of a class, the surest first', () => {
    expect(detectionsOf(probs, boxes, 2)).toEqual([
      { query: 2, label: 1, score: 0.9, box: { cx: 0.25, cy: 0.25, w: 0.125, h: 0.125 } },
      { query: 0, label: 0, score: 0.6, box: { cx: 0.5, cy: 0.5, w: 0.5, h: 0.5 } },
    ]);
    expect(detectionsOf(probs, boxes, 2, 0.2).map(({ query }) => query)).toEqual([2, 0, 1]);
    expect(detectionsOf(probs, boxes, 2, 0.95)).toEqual([]);
    expect(detectionsOf([], [], 2)).toEqual([]);
  });

  it('cannot be said of tables that do not belong together', () => {
    expect(() => detectionsOf(probs, boxes, 3)).toThrow(
      '9 probabilities are not those of 3 boxes and 3 classes',
    );
  });
});

describe('duplicates', () => {
  const at = (query: number, label: number, score: number, cx: number): Detection => ({
    query,
    label,
    score,
    box: { cx, cy: 0.5, w: 0.25, h: 0.25 },
  });

  it('are of the same class, overlap a surer one, and are counted once each', () => {
    const all = [
      at(0, 3, 0.7, 0.51),
      at(1, 3, 0.9, 0.5),
      at(2, 4, 0.8, 0.5),
      at(3, 3, 0.6, 0.52),
      at(4, 3, 0.9, 0.9),
    ];
    const found = duplicatesOf(all);
    expect(found.map(({ detection, of }) => [detection.query, of.query])).toEqual([
      [0, 1],
      [3, 1],
    ]);
    // Shifted by 0.01 of a width of 0.25: 24 of 26 parts in common.
    expect(found[0]!.iou).toBeCloseTo(24 / 26, 6);
  });

  it('are none where boxes overlap by just as much as is allowed', () => {
    const shifted = [at(0, 0, 0.9, 0.25), at(1, 0, 0.8, 0.375)];
    expect(duplicatesOf(shifted, 1 / 3)).toEqual([]);
    expect(duplicatesOf(shifted, 0.33)).toHaveLength(1);
  });
});
