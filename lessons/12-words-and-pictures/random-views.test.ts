import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { similarityMatrix } from '#lib/analysis/contrast.ts';
import { ntXent } from '#lib/analysis/nt-xent.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import { drawView, GREY, makeView, type ViewDraw } from './random-views.ts';

interface Golden {
  readonly width: number;
  readonly rows: readonly (readonly number[])[];
  readonly losses: Readonly<Record<string, readonly number[]>>;
  readonly picture: readonly (readonly (readonly [number, number, number])[])[];
  readonly side: number;
  readonly boxes: readonly ViewDraw['box'][];
  readonly factors: readonly ViewDraw['factors'][];
  readonly views: readonly (readonly number[])[];
}
const golden = JSON.parse(readFileSync('training/tests/golden/simclr.json', 'utf8')) as Golden;
const picture: Rgba = {
  width: golden.picture[0]!.length,
  height: golden.picture.length,
  data: Uint8ClampedArray.from(golden.picture.flat().flatMap((pixel) => [...pixel, 255])),
};
const plain: ViewDraw = { box: [0, 0, 1, 1], factors: [1, 1, 1], grey: false, flipped: false };

describe('as training/tasks/simclr.py has it', () => {
  it.each(Object.keys(golden.losses))('NT-Xent of every view at temperature %s', (temperature) => {
    const flat = golden.rows.flat();
    const { rows } = ntXent(similarityMatrix(flat, flat, golden.width), Number(temperature));
    rows.forEach(({ loss }, i) => expect(loss).toBeCloseTo(golden.losses[temperature]![i]!, 6));
  });

  it.each([0, 1, 2])('crop and colours of view %i', (i) => {
    const draw = { ...plain, box: golden.boxes[i]!, factors: golden.factors[i]! };
    const view = makeView(picture, draw, golden.side);
    // The page resizes to whole levels of 255, which the factors multiply.
    const most = i === 0 ? 1.01 : 3;
    view.forEach((value, at) => expect(Math.abs(value - golden.views[i]![at]!)).toBeLessThanOrEqual(most));
    expect(new Set(view).size).toBeGreaterThan(20);
  });
});

describe('a view', () => {
  it('is the picture itself where nothing is drawn', () => {
    const draw = drawView({ crop: 1, colour: 0, seed: 3 }, 0, 1);
    expect(draw.factors).toEqual([1, 1, 1]);
    expect(draw.grey).toBe(false);
    const view = makeView(picture, plain, picture.width);
    view.forEach((value, i) => {
      const [c, at] = [Math.floor(i / picture.width ** 2), i % picture.width ** 2];
      expect(value).toBe(picture.data[4 * at + c]);
    });
  });

  it('is mirrored when flipped, and has one value a pixel when grey', () => {
    const side = picture.width;
    const [view, mirrored] = [false, true].map((flipped) => makeView(picture, { ...plain, flipped }, side));
    for (let i = 0; i < view!.length; i++)
      expect(mirrored![i - (i % side) + side - 1 - (i % side)]).toBe(view![i]);
    const grey = makeView(picture, { ...plain, grey: true }, side);
    for (let i = 0; i < side * side; i++) {
      expect(grey[i]).toBeCloseTo(grey[side * side + i]!, 4);
      expect(grey[i]).toBeCloseTo(grey[2 * side * side + i]!, 4);
    }
  });
});

describe('the draws', () => {
  const recipe = { crop: 0.25, colour: 0.4, seed: 5 };
  const many = Array.from({ length: 2000 }, (_, place) => drawView(recipe, place, 1));

  it('lie within the recipe, and reach its ends', () => {
    const areas = many.map(({ box }) => box[2] * box[3]);
    const ratios = many.map(({ box }) => box[2] / box[3]);
    const factors = many.flatMap((draw) => draw.factors);
    for (const { box } of many) {
      expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
      expect(box[0] + box[2]).toBeLessThanOrEqual(1 + 1e-12);
      expect(box[1] + box[3]).toBeLessThanOrEqual(1 + 1e-12);
    }
    // A crop that would stick out is cut off, so that its area may be smaller by the aspect at the most.
    expect(Math.min(...areas)).toBeGreaterThan(0.2499);
    expect(Math.min(...areas)).toBeLessThan(0.27);
    expect(Math.max(...areas)).toBeGreaterThan(0.95);
    expect(Math.max(...ratios)).toBeLessThan(4 / 3 + 1e-9);
    expect(Math.min(...factors)).toBeGreaterThan(0.6);
    expect(Math.min(...factors)).toBeLessThan(0.61);
    expect(Math.max(...factors)).toBeGreaterThan(1.39);
    const share = (of: (draw: ViewDraw) => boolean) => many.filter(of).length / many.length;
    expect(share(({ flipped }) => flipped)).toBeCloseTo(0.5, 1);
    expect(share(({ grey }) => grey)).toBeCloseTo(GREY, 1);
  });

  it('are the same for the same seed and place, and others for others', () => {
    expect(drawView(recipe, 4, 1)).toEqual(many[4]);
    expect(drawView(recipe, 5, 1)).not.toEqual(many[4]);
    expect(drawView({ ...recipe, seed: 6 }, 4, 1)).not.toEqual(many[4]);
  });

  it('keep what they were when only the strength changes: the same factors, further off', () => {
    const weaker = drawView({ ...recipe, colour: 0.2 }, 4, 1);
    weaker.factors.forEach((f, i) => expect(f - 1).toBeCloseTo((many[4]!.factors[i]! - 1) / 2, 10));
    expect(weaker.box).toEqual(many[4]!.box);
  });

  it('of a wide photo have the proportions of a square about, in its own pixels', () => {
    for (let place = 0; place < 50; place++) {
      const { box } = drawView({ ...recipe, crop: 0.25 }, place, 2);
      if (box[3] < 1) expect(Math.abs(Math.log((2 * box[2]) / box[3]))).toBeLessThan(Math.log(4 / 3) + 1e-9);
    }
  });

  it('never leave a crop without pixels', () => {
    const tiny: Rgba = { width: 3, height: 200, data: new Uint8ClampedArray(2400).fill(90) };
    for (let place = 0; place < 30; place++) {
      const view = makeView(tiny, drawView({ crop: 0.08, colour: 0, seed: 1 }, place, 3 / 200), 8);
      expect(view.every((value) => value === 90)).toBe(true);
    }
  });
});
