import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { defaultsOf } from '#lib/state/schema.ts';
import lesson from './lesson.ts';
import { ORDER_SAMPLES } from './order-samples.ts';
import { brokenOf, ORDERS_MEASURED } from './orders-measured.ts';
import { roundsNumbers } from './rounds-numbers.ts';
import { state } from './state.ts';

const setOf = (id: string) => lesson.steps.find((step) => step.id === id)?.set;

it('a break opens broken', () => {
  expect(setOf('scale-out')).toMatchObject({ view: 'break', cut: 'scale-out', order: 'scales' });
});

it('says each number of the prose by its name, and nothing for others', () => {
  expect(brokenOf('without-9')).toBeUndefined();
  const prose = ['en', 'zh'].map((lang) => readFileSync(`lessons/16-codes/${lang}.md`, 'utf8')).join('');
  for (const name of Object.keys(roundsNumbers))
    expect(prose, name).toMatch(new RegExp(`<Num of="${name}[@"]`));
});

describe.skipIf(!ORDERS_MEASURED)('what is stored of many pictures', () => {
  it('is of the weights that lie here: after a new export run tests/measure.py', () => {
    const { weights } = ORDERS_MEASURED!;
    for (const [name, digest] of Object.entries(weights)) {
      const { files } = parseModelConfig(readFileSync(`models/${name}/config.json`, 'utf8'));
      expect(files['model.safetensors']?.sha256, name).toBe(digest);
    }
    expect(existsSync(`static/emoji/${ORDER_SAMPLES?.sheet.file}`)).toBe(true);
  });

  it('is of the run that the lesson opens with', () => {
    const { recipe } = ORDERS_MEASURED!;
    const { tau, topk, w, r, seed } = defaultsOf(state);
    expect(recipe).toEqual({ temperature: tau, topK: topk, guidance: w, rounds: r, seed });
  });

  it('bears out the break: the scale that is left out at first is missed', () => {
    const { scales } = ORDERS_MEASURED!;
    const gone = setOf('scale-out')?.gone;
    const broken = brokenOf(`without-${String(gone)}`);
    expect(broken?.apart).toBeGreaterThan(0.1);
    expect(broken?.first).toBeLessThanOrEqual(scales?.whole?.first ?? 0);
    expect(scales?.whole?.apart).toBe(0);
  });

  it('bears out what is said of rounds: that the judge sees no difference which chance could not make', () => {
    const { rounds, judged } = ORDERS_MEASURED!;
    const shares = rounds?.map(({ first }) => first) ?? [];
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    expect(shares).toHaveLength(6);
    // Two deviations of the difference of two shares.
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(
      2 * Math.sqrt((2 * mean * (1 - mean)) / judged),
    );
  });

  it('bears out what is said of the rest', () => {
    const { rest } = ORDERS_MEASURED!;
    if (!rest) return;
    const painted = (steps: number) => rest.painted[String(steps)];
    expect(rest.without.psnr).toBeLessThan(rest.all.psnr);
    // The mean of what would fit is no farther than nothing; a drawn rest is farther than their mean.
    expect(painted(1)?.latents ?? NaN).toBeLessThanOrEqual(rest.without.latents);
    expect(painted(1)?.latents ?? NaN).toBeLessThan(painted(16)?.latents ?? NaN);
  });
});
