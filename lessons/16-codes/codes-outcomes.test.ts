import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { BOOK_MEASURED, byUse } from './book-measured.ts';
import { CODE_MEASURED } from './code-measured.ts';
import lesson from './lesson.ts';
import { CODES, PLACES, SCALES } from './model.ts';
import { see, trained } from './straight-through.ts';

/** What the text says of codes, of the pictures it says it of: tests/reference_codes.py computes them. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/16-codes/tests/golden.safetensors')));
const numbers = (name: string) => [...golden.float32(`codes.${name}`)];
const one = (name: string) => numbers(name)[0] ?? NaN;
const setOf = (id: string) => lesson.steps.find((step) => step.id === id)?.set;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('the nearest code', () => {
  it('leaves over less of paper than of the drawing', () => {
    const left = numbers('sign.left');
    expect(left[0]).toBeLessThan(0.01);
    expect(left[0]).toBeLessThan((left[34] ?? 0) / 3);
    const [corner = 0, second = 0, inside = 0, other = 0] = numbers('sign.second');
    expect(second).toBeLessThan(1.5 * corner);
    expect(other).toBeLessThan(1.5 * inside);
  });
});

describe('one code for another', () => {
  it('opens with the farthest, which changes its own place and those around', () => {
    expect(setOf('replace')).toMatchObject({ view: 'replace', to: -1, cell: 27 });
    const [own = 0, around = 0, elsewhere = 0] = numbers('farthest.shares');
    expect(own + around).toBeGreaterThan(0.6);
    expect(elsewhere).toBeGreaterThan(0);
  });
  it('changes less where the codes are neighbours', () => {
    expect(one('near.most')).toBeLessThan(one('farthest.most') / 1.5);
  });
});

describe('a choice without a gradient', () => {
  it.each(['through', 'none'])('is trained as PyTorch trains it: %s', (way) => {
    for (const beta of [0, 0.25, 1]) {
      const wanted = numbers(`small.${way}.${beta}`);
      const run = trained({ through: way === 'through', beta }, 80).map((coder) => see(coder));
      run.forEach(({ error, apart }, at) => {
        expect(error, `error at ${at}`).toBeCloseTo(wanted[at] ?? NaN, 5);
        expect(apart, `apart at ${at}`).toBeCloseTo(wanted[81 + at] ?? NaN, 5);
      });
    }
  });
  it('learns when the gradient is handed through, and hardly when it stops', () => {
    const through = numbers('small.through.0.25');
    const none = numbers('small.none.0.25');
    expect(through[80]).toBeLessThan(0.1 * (through[0] ?? 0));
    expect(none[80]).toBeGreaterThan(0.8 * (none[0] ?? 0));
  });
  it('keeps outputs near their codes by commitment, which is slower early', () => {
    const [free, bound] = [numbers('small.through.0'), numbers('small.through.1')];
    expect(free[81 + 5]).toBeGreaterThan(2 * (bound[81 + 5] ?? 0));
    expect(bound[5]).toBeGreaterThan(free[5] ?? 0);
  });
});

describe('six grids', () => {
  it.each(['photo', 'sign'])('leave over less and less, the last one least: %s', (key) => {
    const rest = numbers(`${key}.rest`);
    expect(rest).toHaveLength(SCALES.length);
    expect(rest.at(-1)).toBeLessThan((rest.at(-2) ?? 0) / 2);
    expect(rest[0]).toBeGreaterThan(rest.at(-1) ?? 1);
  });
});

describe('half a codebook', () => {
  it('breaks the sign that the step opens with, and hardly a photo', () => {
    const set = { view: 'break', cut: 'half-book', half: 'unused', sign: '1F410' };
    expect(setOf('half-book')).toMatchObject(set);
    expect(one('half.unused.sign')).toBeLessThan(one('sign.psnr') - 2);
    expect(one('half.unused.sign')).toBeLessThan(one('half.used.sign') - 1);
    expect(one('half.unused.sign.others')).toBeGreaterThan(PLACES / 2);
    expect(one('half.unused.photo')).toBeGreaterThan(one('photo.psnr') - 1.5);
  });
});

describe.runIf(CODE_MEASURED && BOOK_MEASURED)('what was measured', () => {
  const [measured, book] = [CODE_MEASURED!, BOOK_MEASURED!];
  it.each(Object.entries(measured.weights))('is of the weights of %s', (model, sum) => {
    const config = JSON.parse(readFileSync(`models/${model}/config.json`, 'utf8')) as {
      files: Record<string, { sha256: string }>;
    };
    expect(sum).toBe(config.files['model.safetensors']?.sha256);
  });
  it('has a sheet, counts of all codes, and a perplexity between 1 and their number', () => {
    expect(existsSync(`static/emoji/${book.sheet.file}`)).toBe(true);
    expect([book.counts.length, book.light.length]).toEqual([CODES, CODES]);
    expect(measured.one.used).toBe(book.counts.filter((count) => count > 0).length);
    expect(measured.one.perplexity).toBeGreaterThan(1);
    expect(measured.one.perplexity).toBeLessThanOrEqual(measured.one.used);
    expect(2 ** measured.one.entropy).toBeCloseTo(measured.one.perplexity, -1);
  });
  it('finds the most used codes light, and the least used ones darker', () => {
    const order = byUse(book.counts);
    const light = (codes: readonly number[]) => mean(codes.map((code) => book.light[code] ?? 0));
    expect(light(order.slice(0, 8))).toBeGreaterThan(200);
    expect(light(order.slice(-64))).toBeLessThan(light(order.slice(0, 8)) - 20);
  });
  it('says that the less used half breaks pictures, and the others hardly do', () => {
    const { psnr, halves } = measured.one;
    expect(halves.unused).toBeLessThan(psnr - 1.5);
    for (const kept of [halves.used, halves.random]) expect(kept).toBeGreaterThan(halves.unused + 1);
  });
  it('says that each scale takes away from what is missing, after the first the last one most', () => {
    const { rest } = measured.six;
    const taken = rest.map((left, k) => (rest[k - 1] ?? 1) - left);
    for (const part of taken) expect(part).toBeGreaterThan(0);
    expect(Math.max(...taken.slice(1))).toBe(taken.at(-1));
  });
});
