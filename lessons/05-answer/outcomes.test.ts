import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { receptiveField, stackOf3x3 } from '#lib/analysis/receptive.ts';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { PUBLISHED, sizeRow } from './builder.ts';
import lesson from './lesson.ts';
import { quizRound } from './quiz.ts';
import { quizMistakes } from './quiz-mistakes.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/05-answer/tests/golden.safetensors')));
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { id: string }[];
};
const K = labels.length;
const all = (key: string) => [...golden.float32(key)];
const winner = (probs: readonly number[]) => labels[probs.indexOf(Math.max(...probs))]!.id;
const id = (index: number) => labels[index]!.id;

describe('taking blocks away', () => {
  it('opens without the last block, and with another answer', () => {
    expect(lesson.steps.find((step) => step.id === 'cut')!.set!.skip).toBe(1 << 11);
    expect(winner(all('probs'))).toBe('golden_retriever');
    expect(winner(all('cut.last'))).toBe('bird');
  });
  it('of the blocks in the middle 9 is needed, 3 is not', () => {
    const winners = all('cut.winners').map(id);
    expect(winners.flatMap((w, i) => (w === 'golden_retriever' ? [] : [i]))).toEqual([0, 9, 11]);
    expect(winners[9]).toBe('rose');
    expect(Math.abs(Math.max(...all('cut.3')) - Math.max(...all('probs')))).toBeLessThan(0.02);
  });
});

describe('the other outcomes', () => {
  it('the highest and the lowest logit', () => {
    const logits = all('logits');
    expect(Math.max(...logits)).toBeCloseTo(11, 0);
    expect(id(logits.indexOf(Math.min(...logits)))).toBe('keyboard');
    expect(logits[88]).toBeCloseTo(-6, 0);
    expect(Math.round(Math.exp(5))).toBe(148);
  });
  it('the first share at 0.2 and at 4', () => {
    const share = (tau: number) => {
      const powers = all('logits').map((v) => Math.exp(v / tau));
      return Math.max(...powers) / powers.reduce((a, b) => a + b, 0);
    };
    expect(share(0.2)).toBeGreaterThan(0.9995);
    expect(share(4)).toBeCloseTo(0.13, 2);
  });
  it('the lens names the dog only at the last depth', () => {
    const lens = all('lens.cls');
    const at = (d: number) => lens.slice(d * K, (d + 1) * K);
    for (let d = 0; d < 12; d++) expect(winner(at(d)), `${d}`).not.toBe('golden_retriever');
    expect(winner(at(11))).toBe('bird');
    expect(Math.max(...at(11))).toBeGreaterThan(0.8);
  });
  it('some thirty patches name the dog at the end, and few a block before', () => {
    const winners = all('lens.winners').map(id);
    const count = (d: number) => {
      const counts = new Map<string, number>();
      for (const name of winners.slice(d * 196, (d + 1) * 196)) counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts;
    };
    const dogs = (d: number) => count(d).get('golden_retriever') ?? 0;
    expect(Math.abs(dogs(12) - 30)).toBeLessThanOrEqual(4);
    const most = [...count(11).values()].sort((a, b) => b - a);
    expect(dogs(11)).toBeLessThan(most[3]!);
  });
  it('attention 11 writes most of the logit and less of the lead', () => {
    const [logit, lead] = [all('wrote'), all('wrote.rival')];
    const [attention, mlp] = [23, 24];
    expect(Math.max(...logit)).toBe(logit[attention]);
    expect(logit[attention]).toBeGreaterThan(Math.max(...all('logits')) / 2);
    expect(lead[attention]! / logit[attention]!).toBeLessThan(0.3);
    expect(lead[mlp]! / logit[mlp]!).toBeGreaterThan(0.5);
  });
  it('small patches cost most', () => {
    const base = sizeRow(PUBLISHED.b.config);
    const row = (change: object) => sizeRow({ ...PUBLISHED.b.config, ...change });
    const times = (change: object) => Number((row(change).macs / base.macs).toFixed(1));
    expect([times({ patch: 8 }), times({ dim: 1536 }), times({ depth: 24 })]).toEqual([4.4, 3.9, 2]);
    expect(row({ patch: 8 }).parameters / base.parameters).toBeCloseTo(1, 1);
  });
  it('85 convolutions, or 11 that halve the grid, see as far as the heads of layer 0', () => {
    const reach = all('distance')
      .slice(0, 3)
      .reduce((a, b) => a + b / 3, 0);
    expect(Math.abs(receptiveField(stackOf3x3(85, 0)) / 2 - reach)).toBeLessThan(2);
    expect(receptiveField(stackOf3x3(85, 0))).toBe(171);
    expect(receptiveField(stackOf3x3(11, 2))).toBeGreaterThanOrEqual(171);
    expect(receptiveField(stackOf3x3(10, 2))).toBeLessThan(171);
  });
});

it('wrong answers of the quiz are told their mistake, and right ones never', () => {
  let named = 0;
  for (let seed = 0; seed < 20; seed++)
    for (const question of quizRound(seed)) {
      const { answer, config, kind } = question;
      const mistakes = quizMistakes(question);
      expect(mistakeIn(mistakes, answer, answer), kind).toBeUndefined();
      const patches = Math.floor(config.image / config.patch) ** 2;
      if (['tokens', 'head', 'scores', 'hidden'].includes(kind)) {
        const without = answer.map((n) => (n === patches + 1 ? patches : n));
        expect(mistakeIn(mistakes, without, answer)?.say.en, kind).toContain('class token');
        named++;
      }
      if (kind === 'block')
        expect(mistakeIn(mistakes, [12 * config.dim ** 2], answer)?.say.en).toContain('LayerNorms');
    }
  expect(named).toBeGreaterThan(20);
});
