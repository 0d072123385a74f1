import { zoomIdentity } from 'd3-zoom';
import { describe, expect, it } from 'vitest';
import { around, beside, between, centred, fitting, isSeen, zoomed } from './viewport.ts';

const pane = { width: 400, height: 300 };
const box = { x: 100, y: 200, width: 120, height: 46 };

describe('the view of a drawing', () => {
  it('shows the whole drawing in the middle, and none larger than it is', () => {
    const large = fitting({ width: 720, height: 520 }, pane);
    expect(large.k).toBeCloseTo(0.5);
    expect([large.x, large.y]).toEqual([20, 20]);
    const little = fitting({ width: 100, height: 100 }, pane);
    expect([little.k, little.x, little.y]).toEqual([1, 150, 100]);
  });

  it('puts a box into the middle, and of a high one its beginning', () => {
    const view = around(box, 2, pane);
    expect(view.apply([160, 223])).toEqual([200, 150]);
    expect(around({ ...box, height: 5000 }, 1, pane).apply([160, 200])).toEqual([200, 0]);
    expect(centred(7, 9, 3, pane).apply([7, 9])).toEqual([200, 150]);
  });

  it('goes closer about the middle, within bounds', () => {
    const view = zoomed(zoomIdentity.translate(30, 40), 2, pane);
    expect(view.k).toBe(2);
    expect(view.apply([170, 110])).toEqual([200, 150]);
    expect(zoomed(zoomIdentity, 100, pane).k).toBe(3);
    expect(zoomed(zoomIdentity, 0.001, pane).k).toBe(0.05);
  });

  it('leaves the small map its place, unless the pane is narrow', () => {
    expect(beside({ width: 540, height: 300 }, 134)).toEqual({ width: 406, height: 300 });
    expect(beside(pane, 134)).toEqual(pane);
    const open = beside({ width: 540, height: 300 }, 134);
    expect(isSeen({ ...box, x: 300 }, zoomIdentity, open)).toBe(false);
  });

  it('moves evenly from one view to another', () => {
    const to = zoomIdentity.translate(10, 20).scale(3);
    const half = between(zoomIdentity, to, 0.5);
    expect([half.x, half.y, half.k]).toEqual([5, 10, 2]);
  });

  it('sees a box that lies inside, its first rows where it is high', () => {
    expect(isSeen(box, zoomIdentity, pane)).toBe(true);
    expect(isSeen(box, zoomIdentity.translate(-101, 0), pane)).toBe(false);
    expect(isSeen(box, zoomIdentity.translate(181, 0), pane)).toBe(false);
    expect(isSeen({ ...box, height: 900 }, zoomIdentity, pane)).toBe(true);
    expect(isSeen({ ...box, height: 900 }, zoomIdentity, pane, 200)).toBe(false);
  });
});
