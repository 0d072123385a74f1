import { expect, it } from 'vitest';
import { contrastiveLoss, type Matrix } from '#lib/analysis/contrast.ts';
import { formatFixed } from '#lib/base/format.ts';
import { lossByHand } from './loss-by-hand.ts';

const logits: Matrix = {
  rows: 4,
  columns: 4,
  data: [28, 12.5, -3, 9, 14, 31, 2, 30.5, -8, 1, 22, 4, 7, 29, 3, 26],
};

it('line by line, to the printed digits, it is the loss that training has', () => {
  const byHand = lossByHand(logits);
  const whole = contrastiveLoss(logits);
  const printed = (v: number | undefined) => formatFixed(v ?? NaN, 3);
  expect(byHand.texts.map(({ loss }) => printed(loss))).toEqual(whole.ofTexts.map(printed));
  expect(byHand.pictures.map(({ loss }) => printed(loss))).toEqual(whole.ofPictures.map(printed));
  const mean = (list: readonly { readonly loss: number }[]) =>
    list.reduce((sum, { loss }) => sum + loss, 0) / list.length;
  expect(mean(byHand.texts)).toBeCloseTo(byHand.byText, 12);
  expect((mean(byHand.texts) + mean(byHand.pictures)) / 2).toBeCloseTo(byHand.loss, 12);
});

it('a line is −ln of the right share, and names the wrong cell that costs most', () => {
  const { texts, pictures } = lossByHand(logits);
  for (const { share, loss } of [...texts, ...pictures]) expect(-Math.log(share)).toBeCloseTo(loss, 9);
  expect(texts.map(({ worst }) => worst?.index)).toEqual([1, 3, 3, 1]);
  expect(pictures[3]?.worst?.index).toBe(1);
});

it('n equal logits cost ln n; one pair costs nothing and has no wrong cell', () => {
  const flat = { rows: 5, columns: 5, data: new Float64Array(25).fill(7) };
  expect(lossByHand(flat).loss).toBeCloseTo(Math.log(5), 12);
  const one = lossByHand({ rows: 1, columns: 1, data: [3] });
  expect([one.loss, one.texts[0]?.worst]).toEqual([0, undefined]);
});

it('texts and pictures that are no pairs are refused', () => {
  expect(() => lossByHand({ rows: 2, columns: 3, data: new Float64Array(6) })).toThrow(RangeError);
});
