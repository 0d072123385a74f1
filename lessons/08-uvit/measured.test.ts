import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '#lib/state/schema.ts';
import { readLink } from '#lib/state/permalink.ts';
import { ABLATIONS } from '#lib/notebook/ablations/file.ts';
import { comparisonOf } from '#lib/notebook/ablations/ablations.ts';
import { APART, CUTS, RANK, WRONG_ORDERS, type Cut } from './cut-ranking.ts';
import { FIVE } from './five-choices.ts';
import lesson from './lesson.ts';
import measured from './measured.json' with { type: 'json' };
import { OPENING } from './opening.ts';
import { state } from './state.ts';

interface Told {
  readonly apart: number;
  readonly seen: readonly number[];
}
const changes: Readonly<Record<string, Told>> = measured.changes;
const prose = (lang: string) => readFileSync(`lessons/08-uvit/${lang}.md`, 'utf8');
const step = (lang: string, id: string) => prose(lang).split(`<Step id="${id}">`)[1]!.split('</Step>')[0]!;

describe('the lesson opens with pictures that can be named', () => {
  it('is what was measured', () => {
    const { seen: _, ...opening } = measured.opening;
    expect(opening).toEqual(OPENING);
    const own = defaultsOf(state);
    expect([own.c, own.seed, own.w, own.n]).toEqual([
      OPENING.class,
      OPENING.seed,
      OPENING.guidance,
      OPENING.steps,
    ]);
  });
  it('each of the four is named by the evaluator', () => {
    for (const p of measured.opening.seen) expect(p).toBeGreaterThan(0.5);
  });
  it('a link of the first version opens what it opened then', () => {
    const old = readLink(state, '?v=1').state;
    expect(old).toMatchObject({ view: 'tokens', c: 7, seed: 1, w: 1, fault: 'conv', c2: 1 });
    expect(readLink(state, '?v=1&c=3&view=cost').state).toMatchObject({ view: 'cost', c: 3, seed: 1 });
  });
});

describe('what is broken at first breaks', () => {
  it.each([
    ['time', 'time-held'],
    ['swap', 'swap-6'],
    ['cut', 'cut'],
    ['parts', 'heads'],
    ['conv', 'conv'],
    ['positions', 'pos'],
  ])('%s: no picture of four is named any more, or it moves far', (id, change) => {
    expect(lesson.steps.map((s) => s.id)).toContain(id);
    const { apart, seen } = changes[change]!;
    expect(apart).toBeGreaterThan(0.3);
    expect(seen.filter((p) => p > 0.5)).toEqual([]);
  });
});

describe('numbers of the outcomes', () => {
  it.each([
    ['time', ['time-held', 'held-1', 'held-0', 'time-off', 'label-off']],
    ['swap', ['swap-1', 'swap-6', 'swap-9', 'swap-12']],
    ['cut', ['cut', 'skip-3', 'skip-0', 'half']],
    ['parts', ['head-2', 'heads', 'head-0', 'heads-8', 'patches']],
    ['conv', ['conv', 'conv-half']],
    ['positions', ['pos']],
  ])('%s names what was measured, in both languages', (id, names) => {
    for (const lang of ['en', 'zh'])
      for (const name of names)
        expect(step(lang, id), `${lang}, ${name}`).toContain(changes[name]!.apart.toFixed(2));
  });
});

describe('the ranking of three cuts', () => {
  it('has one right order, by measured distances that are clearly apart', () => {
    const sorted = CUTS.map((cut) => APART[cut]).sort((a, b) => b - a);
    expect([...Object.values(RANK)].sort()).toEqual([1, 2, 3]);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i - 1]! / sorted[i]!).toBeGreaterThan(1.2);
  });
  it('knows every wrong order', () => {
    const orders = [1, 2, 3].flatMap((a) =>
      [1, 2, 3].flatMap((b) => [1, 2, 3].map((c) => [a, b, c] as const)),
    );
    for (const [a, b, c] of orders) {
      const given: Record<Cut, number> = { 'label-off': a, cut: b, 'time-off': c };
      if (CUTS.every((cut) => given[cut] === RANK[cut])) continue;
      expect(
        WRONG_ORDERS.some(({ when }) => when(given)),
        JSON.stringify(given),
      ).toBe(true);
    }
    expect(WRONG_ORDERS.some(({ when }) => when(RANK))).toBe(false);
  });
});

describe('five choices', () => {
  it('every run of ours stands in the table, U-ViT’s own way first', () => {
    for (const choice of FIVE) {
      if (!choice.group) continue;
      const found = comparisonOf(ABLATIONS, choice.group)!;
      const named = choice.tried.flatMap(({ value }) => (value === undefined ? [] : [value]));
      expect(new Set(named), choice.id).toEqual(new Set(found.members.map((m) => m.value)));
      expect(found.reference.value, choice.id).toBe(choice.tried[0].value);
      expect(choice.tried[0].rank).toBe(1);
    }
  });
  it('the prose says of ours what the losses say', () => {
    const mean = (id: string) => ABLATIONS!.variants.find((v) => v.id === id)!.loss.mean;
    expect(
      Math.min(...['base', 'skip-none', 'skip-project-add', 'skip-add-project'].map(mean)),
    ).toBeGreaterThan(mean('skip-add'));
    expect(mean('time-adaln')).toBeLessThan(mean('time-token'));
  });
});

it('at most twelve steps are not optional', () => {
  expect(lesson.steps.filter((s) => !s.optional).length).toBeLessThanOrEqual(12);
  expect(lesson.steps[0]!.id).toBe('time');
});
