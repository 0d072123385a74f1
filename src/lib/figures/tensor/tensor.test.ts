import { describe, expect, it } from 'vitest';
import { cellAt, fitCamera, heightFor, revealCell, zoomCamera } from './camera.ts';
import { indexOf, planeOf, sliceDims } from './plane.ts';

const tensor = (shape: number[], dims: string[]) => ({
  name: 't',
  shape,
  dims,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

describe('planeOf', () => {
  it('takes the last two dimensions at the others’ places', () => {
    const t = tensor([2, 3, 4, 5], ['a', 'h', 'T', 'D']);
    const plane = planeOf(t, [1, 2]);
    expect(plane).toMatchObject({ rows: 4, cols: 5, offset: 100, rowDim: 'T', colDim: 'D' });
    expect(t.data[plane.offset + 2 * 5 + 3]).toBe(((1 * 3 + 2) * 4 + 2) * 5 + 3);
    expect(indexOf(t, [1, 2], 2, 3)).toEqual([1, 2, 2, 3]);
  });
  it('shows a vector as one row and a scalar as one cell', () => {
    expect(planeOf(tensor([7], ['K']), [])).toMatchObject({ rows: 1, cols: 7, offset: 0, rowDim: undefined });
    expect(indexOf(tensor([7], ['K']), [], 0, 3)).toEqual([3]);
    expect(planeOf(tensor([], []), [])).toMatchObject({ rows: 1, cols: 1 });
    expect(indexOf(tensor([], []), [], 0, 0)).toEqual([]);
  });
  it('keeps places inside a tensor that has shrunk', () => {
    expect(sliceDims(tensor([3, 2, 2], ['h', 'T', 'T']), [9])).toEqual([{ dim: 'h', size: 3, index: 2 }]);
    expect(planeOf(tensor([3, 2, 2], ['h', 'T', 'T']), []).offset).toBe(0);
  });
});

describe('camera', () => {
  const room = { rows: 197, cols: 197, width: 600, height: 400 };
  it('fits the whole plane into the middle', () => {
    const c = fitCamera(room);
    expect(c.ch * 197).toBeCloseTo(400);
    expect(c.x).toBeCloseTo(100);
    expect(c.y).toBeCloseTo(0);
  });
  it('stretches a vector so that it can be seen', () => {
    expect(heightFor(1, 94, 500, 460)).toBe(56);
    const c = fitCamera({ rows: 1, cols: 94, width: 500, height: 56 });
    expect(c.ch).toBe(56);
    expect(c.cw * 94).toBeCloseTo(500);
  });
  it('keeps the cell under the pointer while it zooms', () => {
    const before = fitCamera(room);
    const at = cellAt(before, room, 300, 200);
    const after = zoomCamera(before, 6, 300, 200, room);
    expect(cellAt(after, room, 300, 200)).toEqual(at);
    expect(after.cw / before.cw).toBeCloseTo(6);
    expect(zoomCamera(after, 1e-9, 10, 10, room).cw).toBeCloseTo(before.cw);
    expect(zoomCamera(before, 1e9, 10, 10, room).cw).toBeLessThanOrEqual(84);
  });
  it('never leaves empty room beside a plane that is larger', () => {
    const c = zoomCamera(fitCamera(room), 8, 0, 0, room);
    expect(c.x).toBeLessThanOrEqual(0);
    expect(c.x + c.cw * 197).toBeGreaterThanOrEqual(600);
  });
  it('brings a cell into view', () => {
    const zoomed = zoomCamera(fitCamera(room), 10, 0, 0, room);
    const c = revealCell(zoomed, room, 196, 196);
    expect(cellAt(c, room, 599.9, 399.9)).toEqual({ row: 196, col: 196 });
  });
  it('has no cell beside the plane', () => {
    expect(cellAt(fitCamera(room), room, 5, 200)).toBeUndefined();
  });
});
