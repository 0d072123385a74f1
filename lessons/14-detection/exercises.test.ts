import { describe, expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { ASSIGN_CASES, assignTask } from './assign-exercise.ts';
import { BOX_CASES, boxTask } from './box-exercise.ts';
import { NETWORK_QUESTIONS } from './network-questions.ts';
import { OVERLAP_CASES, overlapTask } from './overlap-exercise.ts';
import { SET_QUESTIONS } from './set-questions.ts';

const saidOf = (mistakes: Parameters<typeof mistakeIn>[0], given: number[], right: readonly number[]) =>
  mistakeIn(mistakes, given, right)?.say.en ?? '';

describe('the box', () => {
  it.each(BOX_CASES.map((one) => [one] as const))('of %j has whole edges', (one) => {
    const { answer, mistakes } = boxTask(one);
    const { box, width, height } = one;
    expect(answer[2]! - answer[0]!).toBeCloseTo(box.w * width, 9);
    expect(answer[3]! - answer[1]!).toBeCloseTo(box.h * height, 9);
    expect((answer[0]! + answer[2]!) / 2).toBeCloseTo(box.cx * width, 9);
    expect(mistakeIn(mistakes, answer, answer)).toBeUndefined();
    const corner = [box.cx * width, box.cy * height, (box.cx + box.w) * width, (box.cy + box.h) * height];
    expect(saidOf(mistakes, corner, answer)).toContain('middle');
    const sides = [box.cx * width, box.cy * height, box.w * width, box.h * height];
    expect(saidOf(mistakes, sides, answer)).toContain('four edges');
    expect(saidOf(mistakes, [...answer].reverse(), answer)).toContain('order');
  });

  it('of a picture that is not square is told so', () => {
    const { answer, mistakes } = boxTask(BOX_CASES[1]!);
    expect(answer).toEqual([40, 40, 80, 80]);
    expect(saidOf(mistakes, [40, 80, 80, 160], answer)).toContain('not square');
  });
});

describe('the overlap', () => {
  it('is computed as by hand, apart and not', () => {
    const [half, apart, inside] = OVERLAP_CASES.map((one) => overlapTask(one));
    expect(half!.answer[0]).toBeCloseTo(8 / 24, 12);
    expect(half!.answer[1]).toBeCloseTo(8 / 24, 12);
    expect(apart!.answer[0]).toBe(0);
    expect(apart!.answer[1]).toBeCloseTo(-4 / 12, 12);
    expect(inside!.answer[1]).toBeCloseTo(4 / 21 - 4 / 25, 12);
    expect(saidOf(half!.mistakes, [0.25, 0.33], half!.answer)).toContain('twice');
    expect(saidOf(apart!.mistakes, [0, 0.33], apart!.answer)).toContain('not added to it');
    expect(saidOf(apart!.mistakes, [0, 0], apart!.answer)).toContain('GIoU counts it');
    expect(saidOf(inside!.mistakes, [0.19, 0.19], inside!.answer)).toContain('neither box');
    for (const { answer, mistakes } of [half!, apart!, inside!])
      expect(mistakeIn(mistakes, [...answer], answer)).toBeUndefined();
  });
});

describe('the pairs', () => {
  it.each(ASSIGN_CASES.map((one) => [one] as const))('of %j cost less than greedily', (costs) => {
    const { total, greedy, objectOf, mistakes } = assignTask(costs);
    expect(greedy).toBeGreaterThan(total);
    expect(new Set(objectOf).size).toBe(3);
    expect(saidOf(mistakes, [greedy], [total])).toContain('cheapest cell first');
    const rows = costs.reduce((sum, row) => sum + Math.min(...row), 0);
    expect(rows).toBeLessThan(total);
    expect(saidOf(mistakes, [rows], [total])).toContain('twice');
  });
});

it('each question has one right answer, and a reason for every other', () => {
  for (const { question, options } of [...SET_QUESTIONS, ...NETWORK_QUESTIONS]) {
    expect(options.filter(({ right }) => right)).toHaveLength(1);
    for (const { text, say } of options)
      for (const words of [text, say, question]) {
        expect(words.en.length).toBeGreaterThan(3);
        expect(words.zh).toMatch(/[\u4e00-\u9fff]/);
      }
  }
});
