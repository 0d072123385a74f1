import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '#lib/state/schema.ts';
import type { Judged, Shares, Spoken } from '#lib/notebook/judged/figures.ts';
import { squareOf, SQUARES } from '#lib/notebook/judged/samples.ts';
import { AIM, judgedOf } from './judged-figures.ts';
import lesson from './lesson.ts';
import { MEASURED } from './painted-samples.ts';
import { state } from './state.ts';
import { TWIN_QUESTIONS } from './twin-questions.ts';
import { verdictOf } from './verdict-words.ts';

const shares = (first: number, style = 0.95): Shares => ({ first, top5: 1, style });
const spoken = (own: Shares, real: Shares): Spoken => ({
  ...own,
  real,
  byStyle: {},
  same: 0,
  sameSign: 0,
  sameStyle: 0,
});
function figures(held: Shares, seen: Shares, real: Shares): Judged {
  const of = (own: Shares) => ({ pairs: 10, en: spoken(own, real), zh: spoken(own, real) });
  return { command: '', among: 100, held: of(held), seen: of(seen) };
}
const said = (of: Judged) => verdictOf(of).map(({ en }) => en);

describe('what is said of the figures', () => {
  it('goals are reached or not, each by itself', () => {
    const of = (first: number, style: number) =>
      said(figures(shares(first, style), shares(first), shares(1)))[1];
    expect(of(AIM.first, AIM.style)).toBe('The network reaches both.');
    expect(of(AIM.first, 0.89)).toMatch(/the first and not the second/);
    expect(of(0.59, AIM.style)).toMatch(/the second and not the first/);
    expect(of(0.1, 0.2)).toBe('The network reaches neither.');
  });

  it('the judge’s own limit and what was remembered are told by the numbers', () => {
    expect(said(figures(shares(0.63), shares(0.64), shares(0.65)))[2]).toMatch(/^The judge itself/);
    expect(said(figures(shares(0.4), shares(0.42), shares(0.65)))[2]).toMatch(/^On the real pictures/);
    expect(said(figures(shares(0.4), shares(0.6), shares(0.65)))[3]).toMatch(/remembering/);
    expect(said(figures(shares(0.6), shares(0.62), shares(0.65)))[3]).toMatch(/hardly better/);
  });

  it('both languages have all sentences', () => {
    for (const { en, zh } of verdictOf(figures(shares(0.5), shares(0.6), shares(0.7)))) {
      expect(en).toMatch(/\.$/);
      expect(zh).toMatch(/。$/);
    }
  });
});

it('every question has one right answer, and a reason for each', () => {
  for (const { options } of TWIN_QUESTIONS) {
    expect(options.filter(({ right }) => right)).toHaveLength(1);
    for (const { say } of options) expect([say.en, say.zh].every((words) => words.length > 20)).toBe(true);
  }
});

it('squares of the sheet lie in rows of four samples', () => {
  const sheet = { file: 'painted.webp', tile: 64, columns: 12 };
  expect(squareOf(sheet, 0, 'painted')).toEqual({ x: 0, y: 0, side: 64 });
  expect(squareOf(sheet, 3, 'real')).toEqual({ x: 704, y: 0, side: 64 });
  expect(squareOf(sheet, 5, 'near')).toEqual({ x: 256, y: 64, side: 64 });
  expect(SQUARES).toHaveLength(3);
});

it('a break opens broken', () => {
  const set = (id: string) => lesson.steps.find((step) => step.id === id)?.set;
  expect(set('scale-out')).toMatchObject({ view: 'break', brk: 'scale', sf: 'other', out: 'decoder' });
  expect(set('other-noise')).toMatchObject({ view: 'break', brk: 'noise', k: 7 });
  expect(set('cut')).toMatchObject({ view: 'break', brk: 'skips', cut: 'all' });
});

/** Only once the weights are in the repository can they be measured. */
describe.skipIf(!MEASURED)('what is stored of many paintings', () => {
  it('is of the weights that lie here: after a new export run tests/measure.py', () => {
    const { weights, twin } = MEASURED!;
    for (const [name, sha256] of Object.entries({
      ...weights,
      ...(twin && { 'unet-words': twin.weights }),
    })) {
      const config = JSON.parse(readFileSync(`models/${name}/config.json`, 'utf8')) as {
        readonly files: Readonly<Record<string, { readonly sha256: string }>>;
      };
      expect(config.files['model.safetensors']?.sha256, name).toBe(sha256);
    }
    expect(existsSync(`static/emoji/${MEASURED!.sheet.file}`)).toBe(true);
    expect(judgedOf('denoiser'), 'run python -m training words models/uvit-words').toBeDefined();
  });

  it('is of the run that the lesson opens with', () => {
    const { m, n, w, seed } = defaultsOf(state);
    expect(MEASURED!.recipe).toEqual({ sampler: m, steps: n, guidance: w, seed });
    const step = lesson.steps.find(({ id }) => id === 'other-noise');
    expect(step?.set?.k).toBe(MEASURED!.breaks.at);
    for (const lang of ['en', 'zh'])
      expect(readFileSync(`lessons/15-latents/${lang}.md`, 'utf8')).toContain(
        `k: ${MEASURED!.breaks.scaledAt} }}>`,
      );
  });

  it('bears the breaks out: what is broken at first is broken, and what the prose says is so', () => {
    const { breaks } = MEASURED!;
    for (const key of ['decoder', 'noise', 'other', 'state', 'cut-all'] as const) {
      expect(breaks[key].apart, key).toBeGreaterThan(0.2);
      expect(breaks[key].first, key).toBeLessThanOrEqual(breaks.whole.first);
    }
    expect(breaks['noise-none'].apart).toBeLessThan(breaks.noise.apart);
    expect(breaks['decoder-none'].apart).toBeLessThan(breaks.decoder.apart / 2);
    expect(breaks.whole.apart).toBe(0);
    expect(breaks['cut-inner'].apart).toBeGreaterThan(breaks['cut-outer'].apart);
    for (const key of ['cut-inner', 'cut-outer'] as const)
      expect(breaks[key].apart, key).toBeLessThan(breaks['cut-all'].apart);
  });
});
