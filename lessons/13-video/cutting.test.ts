import { describe, expect, it } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { runAll } from '#lib/models/held.testing.ts';
import { vivit, vivitConfig, vivitSizes } from '#lib/models/vivit/graph.ts';
import { boardLayout, placeAt, placeByKey } from './board-layout.ts';
import { centralFrame, dotOf, inflated, movedBy, runsOf, startsOf, stillKernel } from './kernels.ts';
import { frameOf, fromFrames, placeInRow, tubeletValues } from './tubelet.ts';

const config = vivitConfig({
  frames: 6,
  image: 16,
  tubelet: 3,
  patch: 8,
  dim: 8,
  depth: 1,
  heads: 2,
  temporalDepth: 1,
  classes: 3,
});
const SIZES = vivitSizes(config);
const clip = Float32Array.from({ length: 6 * 3 * 16 * 16 }, (_, i) => Math.sin(1.7 * i));
const cutting = { side: 16, tubelet: 3, patch: 8 };

describe('a tubelet', () => {
  it('has the values of the graph’s row, in its order', async () => {
    const ran = await runAll(vivit(config), { x: clip }, seededWeights(vivit(config), 1));
    const rows = ran['tubelets']!.data;
    for (const [time, row, col] of [
      [0, 0, 0],
      [1, 0, 1],
      [1, 1, 0],
    ] as const) {
      const index = (time * SIZES.grid + row) * SIZES.grid + col;
      const P = SIZES.tubeletValues;
      expect([...tubeletValues(clip, cutting, { time, row, col })]).toEqual([
        ...rows.subarray(index * P, (index + 1) * P),
      ]);
    }
  });
  it('is its frames again, and names the place of each value', () => {
    const values = tubeletValues(clip, cutting, { time: 1, row: 0, col: 1 });
    const frames = [0, 1, 2].map((f) => frameOf(values, 3, f));
    expect([...fromFrames(frames)]).toEqual([...values]);
    const { channel, frame, row, col } = placeInRow(3 * 64 * 2 + 64 + 8 * 5 + 2, cutting);
    expect([channel, frame, row, col]).toEqual([2, 1, 5, 2]);
    expect(values[3 * 64 * 2 + 64 + 8 * 5 + 2]).toBe(clip[((4 * 3 + 2) * 16 + 5) * 16 + 8 + 2]);
  });
});

describe('kernels that begin from a picture’s', () => {
  const kernel = Float32Array.from({ length: 3 * 3 * 64 }, (_, i) => Math.cos(0.9 * i));
  const tubelet = tubeletValues(clip, cutting, { time: 0, row: 1, col: 1 });
  const picture = stillKernel(kernel, 3);
  const { runs, reversed, still } = runsOf(tubelet, 3);

  it('give what the picture’s gives on a clip at rest', () => {
    const middle = frameOf(tubelet, 3, 1);
    const right = dotOf(picture, middle);
    for (const made of Object.values(startsOf(kernel, 3))) expect(dotOf(made, still)).toBeCloseTo(right, 4);
  });
  it('are blind each in its way: inflation to the order, the central frame to all frames but one', () => {
    const [mean, one] = [inflated(picture, 3), centralFrame(picture, 3)];
    expect(dotOf(mean, reversed)).toBeCloseTo(dotOf(mean, runs), 4);
    expect(dotOf(mean, still)).not.toBeCloseTo(dotOf(mean, runs), 1);
    expect(dotOf(one, still)).toBe(dotOf(one, runs));
    expect(dotOf(one, runs)).toBeCloseTo(dotOf(picture, frameOf(tubelet, 3, 1)), 5);
    expect(dotOf(kernel, reversed)).not.toBeCloseTo(dotOf(kernel, runs), 1);
  });
  it('of two frames the central one is the second, so that the order is seen', () => {
    const two = centralFrame([1, 2, 3], 2);
    expect([...two]).toEqual([0, 1, 0, 2, 0, 3]);
  });
  it('move the token by nothing where they are blind', () => {
    const moved = movedBy(kernel, tubelet, 3);
    expect(moved.inflated.reversed).toBe(0);
    expect(moved.inflated.still).toBeGreaterThan(0.01);
    expect(moved.central.still).toBe(0);
    expect(moved.learned.reversed).toBeGreaterThan(0.01);
  });
  it('rows of two lengths have no product', () => {
    expect(() => dotOf([1], [1, 2])).toThrow('rows of 1 and 2 values');
  });
});

describe('the board', () => {
  it.each(['strip', 'block'] as const)('as %s holds every frame, and finds what lies in front', (as) => {
    const sizes = { width: 500, frames: 8, tubelet: 2, as };
    const layout = boardLayout(sizes);
    expect(layout.frames).toHaveLength(8);
    for (const { x, y } of layout.frames) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + layout.side).toBeLessThanOrEqual(sizes.width + 1);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y + layout.side).toBeLessThanOrEqual(layout.height);
    }
    const front = layout.frames.at(-1)!;
    expect(front.frame).toBe(0);
    const cell = layout.side / 8;
    const found = placeAt(layout, 8, front.x + 2.5 * cell, front.y + 4.5 * cell);
    expect(found).toEqual({ time: 0, row: 4, col: 2 });
    expect(placeAt(layout, 8, -3, -3)).toBeUndefined();
  });
  it('is gone over by keys, and not left', () => {
    const sizes = { times: 4, grid: 8 };
    const at = { time: 3, row: 0, col: 7 };
    expect(placeByKey('PageDown', at, sizes)).toEqual(at);
    expect(placeByKey('PageUp', at, sizes)).toEqual({ ...at, time: 2 });
    expect(placeByKey('ArrowUp', at, sizes)).toEqual(at);
    expect(placeByKey('ArrowLeft', at, sizes)).toEqual({ ...at, col: 6 });
    expect(placeByKey('Enter', at, sizes)).toBeUndefined();
  });
});
