import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { PRESETS, shapesOf } from '#lib/notebook/patch-shapes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import lesson from './lesson.ts';
import { NORM_CASES, NORM_WITHIN, normTask } from './norm-exercise.ts';
import { blockCount } from './numbers.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const open = (path: string) => parseSafetensors(new Uint8Array(readFileSync(path)));
const golden = open('lessons/04-block/tests/golden.safetensors');
const weights = open('models/vit-flexi/model.safetensors');
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { id: string }[];
};
const all = (key: string) => [...golden.float32(key)];
const one = (key: string) => golden.float32(key)[0]!;
const best = (probs: readonly number[]) => probs.indexOf(Math.max(...probs));

describe('leaving blocks out', () => {
  it('opens with a block without which the answer is another', () => {
    const { off } = lesson.steps.find((step) => step.id === 'skip')!.set!;
    expect(off).toBe(1);
    expect(all('skip.winners')[0]).not.toBe(one('skip.top'));
  });
  it.each([
    ['', [0, 9, 11]],
    ['.chair', [0, 5, 8, 9, 10]],
  ])('changes the answer without these blocks%s: %j', (name, needed) => {
    const winners = all(`skip.winners${name}`);
    const lost = winners.flatMap((w, i) => (w === one(`skip.top${name}`) ? [] : [i]));
    expect(lost).toEqual(needed);
  });
  it('leaves a daisy of every picture without any block', () => {
    for (const key of ['skip.all', 'skip.all.chair']) expect(labels[best(all(key))]!.id).toBe('daisy');
  });
});

describe('the other outcomes', () => {
  it('γ and β have hardly moved', () => {
    for (let b = 0; b < 12; b++)
      for (const norm of ['norm1', 'norm2']) {
        for (const v of weights.float32(`blocks.${b}.${norm}.weight`))
          expect(Math.abs(v - 0.995)).toBeLessThan(0.055);
        for (const v of weights.float32(`blocks.${b}.${norm}.bias`)) expect(Math.abs(v)).toBeLessThan(0.03);
      }
  });
  it('the stream reaches further, the normalised token does not', () => {
    expect(one('reach.11.in')).toBeGreaterThan(2 * one('reach.3.in'));
    expect(one('reach.11.norm')).toBeLessThanOrEqual(one('reach.3.norm'));
  });
  it('most inputs of GELU are negative, in every block', () => {
    const below = all('gelu.below.each');
    expect(Math.min(...below)).toBeGreaterThan(0.5);
    expect(below[0]).toBeCloseTo(0.9, 1);
    expect(below[11]).toBeCloseTo(0.7, 1);
  });
  it('a block of ViT-H has 44 times the parameters of one of ViT-Ti', () => {
    const count = (size: 'ti' | 'h') => {
      const { preset } = PRESETS[size];
      return blockCount(shapesOf(preset, preset.patch).description).parameters;
    };
    expect(Math.round(count('h') / count('ti'))).toBe(44);
  });
  it('object and background part from their start together, CLS ends across', () => {
    const token = all('depth.cosine').filter((_, i) => i % 5 === 1);
    const corner = all('corner.cosine');
    expect(Math.max(token[3]!, corner[3]!)).toBeLessThan(0.5);
    expect(Math.abs(token[3]! - corner[3]!)).toBeLessThan(0.1);
    expect(Math.abs(all('depth.cosine')[12 * 5]!)).toBeLessThan(0.1);
  });
  it('dog and background part late', () => {
    const parted = all('maps.parted');
    for (let d = 0; d <= 5; d++) expect(parted[d], `${d}`).toBeCloseTo(0.06, 1);
    expect(Math.max(...parted.slice(0, 6))).toBeLessThan(0.08);
    expect(parted[11]).toBeCloseTo(0.21, 1);
    expect(parted[12]).toBeCloseTo(0.41, 1);
  });
});

describe('one LayerNorm by hand', () => {
  it.each(NORM_CASES)('of $x: right answers are no mistake, wrong ones are named', (task) => {
    const { mean, variance, result, mistakes } = normTask(task);
    const { x, gamma, beta } = task;
    const rounded = result.map((v) => Number(v.toFixed(2)));
    for (const [i, v] of rounded.entries()) expect(Math.abs(v - result[i]!)).toBeLessThanOrEqual(NORM_WITHIN);
    expect(mistakeIn(mistakes, rounded, result)).toBeUndefined();
    expect(Number.isInteger(Math.sqrt(variance))).toBe(true);
    const said = (by: (v: number) => number) => mistakeIn(mistakes, x.map(by), result)?.say.en ?? '';
    const sd = Math.sqrt(variance);
    expect(said((v) => (gamma * (v - mean)) / Math.sqrt((variance * 4) / 3) + beta)).toContain('by 3');
    expect(said((v) => (gamma * (v - mean)) / variance + beta)).toContain('square root');
    if (mean !== 0) expect(said((v) => (gamma * v) / sd + beta)).toContain('mean away first');
    expect(said((v) => gamma * (v - mean) + beta)).toContain('standard deviation');
    if (gamma !== 1) expect(said((v) => (v - mean) / sd)).toContain('before γ');
  });
});
