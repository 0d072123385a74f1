import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import lesson from './lesson.ts';
import { readHeads, readMask } from './masks.ts';
import { SCORE_ROWS, SHARES_WITHIN, softmaxTask } from './softmax-exercise.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/03-attention/tests/golden.safetensors')),
);
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { id: string }[];
};
const all = (key: string) => [...golden.float32(key)];
const one = (key: string) => golden.float32(key)[0]!;
const best = (probs: readonly number[]) => labels[probs.indexOf(Math.max(...probs))]!.id;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const stage = (id: string) => lesson.steps.find((step) => step.id === id)!.set!;

describe('what the breaks open with changes the answer', () => {
  it('one head of the last layer', () => {
    const off = readHeads(stage('heads-off').off!, 36);
    expect(off.flatMap((o, k) => (o ? [k] : []))).toEqual([11 * 3]);
    expect(best(all('intact'))).toBe('golden_retriever');
    expect(best(all('without_last'))).toBe('bird');
    expect(best(all('only_chosen'))).toBe('golf_ball');
    for (const [k, chance] of all('one_off').entries())
      if (k !== 33) expect(chance, `${k}`).toBeGreaterThanOrEqual(0.88);
    const layers = all('layer_off');
    for (let l = 0; l < 12; l++) {
      const answer = best(layers.slice(l * labels.length, (l + 1) * labels.length));
      expect(answer === 'golden_retriever', `${l}`).toBe(l !== 11);
    }
  });
  it('the face', () => {
    const mask = readMask(stage('patches-off').mask!)!;
    const covered = mask.out.flatMap((o, n) => (o ? [n] : []));
    expect(mask.grid).toBe(14);
    expect(covered.every((n) => n / 14 >= 2 && n / 14 < 10 && n % 14 >= 3 && n % 14 <= 11)).toBe(true);
    expect(covered).toHaveLength(8 * 9);
    expect(best(all('without_face'))).toBe('bird');
    expect(best(all('only_face'))).toBe('golden_retriever');
    expect(Math.max(...all('only_face'))).toBeGreaterThan(Math.max(...all('intact')));
    expect(one('on_face')).toBeGreaterThan(0.5);
  });
});

describe('the other outcomes', () => {
  it('columns and diagonal of layer 9, head 1', () => {
    const brightest = Math.max(...all('columns'));
    expect(brightest).toBeCloseTo(0.04, 2);
    expect(brightest * 197).toBeCloseTo(8, 0);
    expect(one('diagonal') * 197).toBeCloseTo(5, 0);
  });
  it('four products outweigh the other sixty', () => {
    const sizes = all('products')
      .map(Math.abs)
      .sort((a, b) => b - a);
    expect(sum(sizes.slice(0, 4))).toBeGreaterThan(sum(sizes.slice(4)));
  });
  it('shares and entropy at three temperatures', () => {
    const shares = (tau: number) => {
      const powers = all('scores').map((s) => Math.exp(s / tau));
      return powers.map((v) => v / sum(powers));
    };
    expect(Math.max(...shares(1))).toBeCloseTo(0.08, 2);
    expect(Math.max(...shares(0.1))).toBeCloseTo(0.61, 2);
    expect(-sum(shares(4).map((v) => v * Math.log2(v)))).toBeCloseTo(7.4, 1);
  });
  it('the nearest relative of head 1 of layer 9', () => {
    const overlap = all('overlap').map((v, k) => ({ k, v }));
    const nearest = overlap.filter(({ k }) => k !== 28).sort((a, b) => b.v - a.v);
    expect(nearest[0]!.k).toBe(10 * 3 + 1);
    expect(nearest[0]!.v).toBeCloseTo(0.45, 2);
    for (const { k } of nearest.slice(0, 4)) expect(Math.floor(k / 3)).not.toBe(9);
  });
  it('distances hardly depend on the picture', () => {
    const moved = all('distance').map((v, k) => Math.abs(v - all('distance_sunflower')[k]!));
    expect(Math.max(...moved)).toBeLessThan(20);
    expect(moved.sort((a, b) => a - b)[18]).toBeLessThan(6);
  });
  it('rollout changes slowly, raw attention does not', () => {
    expect(Math.min(...all('rollout_kept'))).toBeGreaterThan(0.85);
    expect(Math.min(...all('raw_kept'))).toBeLessThan(0.1);
  });
  it('CLS gives itself more weight than it carries', () => {
    expect(one('own_raw')).toBeCloseTo(0.47, 1);
    expect(one('own_carried')).toBeCloseTo(0.25, 2);
  });
  it('about three quarters of the weight would have to move', () => {
    for (const key of ['moved', 'moved_8']) expect(one(key)).toBeCloseTo(0.75, 1);
  });
  it('nine patches take more than nine times one', () => {
    expect(Math.max(...all('one_by_one'))).toBeLessThan(0.01);
    expect(one('nine')).toBeCloseTo(0.038, 2);
    expect(one('nine')).toBeGreaterThan(sum(all('one_by_one')));
  });
});

describe('one softmax by hand', () => {
  it.each(SCORE_ROWS)('of %d, %d, %d: right answers are no mistake, wrong ones are named', (...scores) => {
    const { shares, mistakes } = softmaxTask(scores);
    const rounded = shares.map((v) => Number(v.toFixed(2)));
    for (const [i, v] of rounded.entries())
      expect(Math.abs(v - shares[i]!)).toBeLessThanOrEqual(SHARES_WITHIN);
    expect(mistakeIn(mistakes, rounded, shares)).toBeUndefined();
    const powers = scores.map((s) => Math.exp(s));
    const said = (given: readonly number[]) => mistakeIn(mistakes, given, shares)?.say.en ?? '';
    expect(said(scores.map((s) => Number((s / sum(scores)).toFixed(2))))).toContain('scores themselves');
    expect(said(powers.map((v) => Number(v.toFixed(2))))).toContain('powers of e');
    expect(said(rounded.toReversed())).toContain('another order');
    const twos = scores.map((s) => 2 ** s);
    expect(said(twos.map((v) => v / sum(twos)))).toContain('powers of 2');
    expect(said(powers.map((v) => v / Math.max(...powers)))).toContain('largest power');
    expect(said([0.5, 0.5, 0.5])).toContain('add up to 1');
  });
});
