import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sincos2d } from '#lib/models/shared/positions.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import lesson from './lesson.ts';
import { SHUFFLE_QUESTIONS } from './shuffle-questions.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/02-tokens/tests/golden.safetensors')));
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { id: string }[];
};
const all = (key: string) => [...golden.float32(key)];
const one = (key: string) => golden.float32(key)[0]!;
const top = (key: string) => {
  const probs = all(key);
  const best = probs.indexOf(Math.max(...probs));
  return { id: labels[best]!.id, chance: probs[best]! };
};

describe('the shuffle', () => {
  it('opens where it changes the answer', () => {
    const set = lesson.steps.find((s) => s.id === 'shuffle')!.set!;
    expect([set.p, set.pos, set.mix, set.seed]).toEqual([32, true, true, 1]);
    expect(top('probs-mixed-32').id).toBe('snake');
  });
  it('at 16 and 8 pixels does what the prose says', () => {
    expect(top('probs-on-order').id).toBe('golden_retriever');
    expect(top('probs-on-mixed').id).toBe('golden_retriever');
    expect(top('probs-on-mixed').chance).toBeLessThan(top('probs-on-order').chance / 3);
    expect(top('probs-mixed-8').id).toBe('snake');
    expect(top('probs-off-8').id).not.toBe('golden_retriever');
  });
  it.each(SHUFFLE_QUESTIONS.map((q) => [q.decidedBy, q] as const))(
    'asks for what was measured: %s',
    (key, { options }) => {
      const right = options.filter((option) => option.right);
      expect(right).toHaveLength(1);
      const moved = one(key);
      expect(moved < 1e-4 || moved > 0.2, `${moved}`).toBe(true);
      expect(right[0]!.text.en.startsWith('It stays'), `${moved}`).toBe(moved < 1e-4);
    },
  );
});

describe('the other outcomes', () => {
  it('a head of neighbours is lost without positions, another is not', () => {
    expect(one('distance-3.0-on')).toBeCloseTo(2, 0);
    expect(one('distance-3.0-off')).toBeGreaterThan(6);
    expect(one('distance-10.1-off')).toBeCloseTo(one('distance-10.1-on'), 0);
  });
  it('cosines fall faster along the diagonal', () => {
    // Position 109: row 7, column 11 of 14.
    const near = all('near-learned').slice(196, 392);
    expect(near[4 * 14 + 8]! > 0 && near[3 * 14 + 7]! < 0).toBe(true);
    for (let steps = 1; steps <= 8; steps++) expect(near[7 * 14 + 11 - steps], `${steps}`).toBeGreaterThan(0);
    for (let steps = 1; steps <= 7; steps++)
      expect(near[(7 - steps) * 14 + 11], `${steps}`).toBeGreaterThan(0);
  });
  it('more than half of the written features are nearly flat on this grid', () => {
    const table = sincos2d(14, 14, 192);
    let flat = 0;
    for (let f = 0; f < 192; f++) {
      const values = Array.from({ length: 196 }, (_, n) => table[n * 192 + f]!);
      if (Math.max(...values) - Math.min(...values) < 0.3) flat++;
    }
    expect(flat).toBeGreaterThan(96);
  });
  it('filters with large weights are not those with large answers', () => {
    const order = (key: string) => {
      const values = all(key);
      return values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
    };
    const [answers, weights] = [order('answer-variance'), order('weight-variance')];
    expect(answers[0]).toBe(21);
    expect(weights.indexOf(21)).toBeGreaterThanOrEqual(182);
    expect(answers.slice(0, 16).filter((k) => weights.slice(0, 16).includes(k))).toHaveLength(1);
  });
  it('the mean makes a rose of the dog and leaves the mountain', () => {
    expect(top('probs-mean').id).toBe('rose');
    expect(top('mountain-mean').id).toBe('mountain');
    expect(top('mountain-mean').chance).toBeLessThan(top('mountain-cls').chance);
  });
});
