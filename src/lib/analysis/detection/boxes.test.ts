import { describe, expect, it } from 'vitest';
import {
  areaOf,
  boxAt,
  centreOf,
  cornersOf,
  hullOf,
  inPixels,
  intersectionOf,
  l1Of,
  overlapOf,
} from './boxes.ts';

const box = (x0: number, y0: number, x1: number, y1: number) => ({ x0, y0, x1, y1 });

describe('a box', () => {
  it('by its centre and by its edges is the same', () => {
    const centre = { cx: 0.5, cy: 0.25, w: 0.5, h: 0.25 };
    expect(cornersOf(centre)).toEqual(box(0.25, 0.125, 0.75, 0.375));
    expect(centreOf(cornersOf(centre))).toEqual(centre);
  });

  it('in pixels has shares of the width across and of the height down', () => {
    expect(inPixels({ cx: 0.5, cy: 0.5, w: 0.5, h: 1 }, 200, 80)).toEqual(box(50, 0, 150, 80));
  });

  it('is a row of a table, or there is none', () => {
    const table = Float32Array.of(0.5, 0.25, 1, 0.5, 0, 1, 0.25, 0.75);
    expect(boxAt(table, 1)).toEqual({ cx: 0, cy: 1, w: 0.25, h: 0.75 });
    expect(() => boxAt(table, 2)).toThrow('a table of 2 boxes has no box 2');
  });

  it('has an area, none if it is inside out', () => {
    expect(areaOf(box(1, 2, 4, 6))).toBe(12);
    expect(areaOf(box(4, 2, 1, 6))).toBe(0);
  });
});

describe('two boxes', () => {
  const a = box(0, 0, 2, 2);

  it('that overlap: 1 of 7 in common, in a hull of 9', () => {
    const b = box(1, 1, 3, 3);
    expect(intersectionOf(a, b)).toEqual(box(1, 1, 2, 2));
    expect(hullOf(a, b)).toEqual(box(0, 0, 3, 3));
    const { intersection, union, hull, iou, giou } = overlapOf(a, b);
    expect([intersection, union, hull]).toEqual([1, 7, 9]);
    expect(iou).toBeCloseTo(1 / 7, 12);
    expect(giou).toBeCloseTo(1 / 7 - 2 / 9, 12);
  });

  it('apart: IoU 0 however far, GIoU lower the farther', () => {
    const near = overlapOf(a, box(3, 0, 5, 2));
    const far = overlapOf(a, box(18, 0, 20, 2));
    expect([near.iou, far.iou]).toEqual([0, 0]);
    expect(near.giou).toBeCloseTo(-2 / 10, 12);
    expect(far.giou).toBeCloseTo(-32 / 40, 12);
    expect(intersectionOf(a, box(3, 0, 5, 2))).toBeUndefined();
  });

  it('the same: both 1; of no area: both 0; edge to edge: nothing in common but no gap', () => {
    expect(overlapOf(a, a)).toMatchObject({ iou: 1, giou: 1 });
    const point = box(1, 1, 1, 1);
    expect(overlapOf(point, point)).toMatchObject({ iou: 0, giou: 0 });
    expect(overlapOf(a, box(2, 0, 4, 2))).toMatchObject({ iou: 0, giou: 0 });
  });

  it('differ by the sum of what their four numbers differ by', () => {
    expect(l1Of({ cx: 0.5, cy: 0.5, w: 0.25, h: 1 }, { cx: 0.25, cy: 0.75, w: 0.5, h: 0.5 })).toBe(1.25);
  });
});
