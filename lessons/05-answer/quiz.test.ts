import { describe, expect, it } from 'vitest';
import type { ViTConfig } from '#lib/models/vit/graph.ts';
import {
  KIND_IDS,
  printScore,
  quizRound,
  readNumber,
  readScore,
  ROUND,
  withRound,
  type KindId,
} from './quiz.ts';

const rounds = Array.from({ length: 60 }, (_, seed) => quizRound(seed));

/** The answers by formula, without the graph. */
const FORMULAS: Record<KindId, (c: ViTConfig, n: number, t: number) => number[]> = {
  patches: (c, n) => [n, 3 * c.patch ** 2],
  tokens: (c, _n, t) => [t, c.dim],
  head: (c, _n, t) => [c.heads, t, c.dim / c.heads],
  scores: (c, _n, t) => [c.heads, t, t],
  qkv: (c) => [3 * c.dim, c.dim],
  hidden: (c, _n, t) => [t, c.mlpRatio * c.dim],
  readout: (c) => [c.classes, c.dim],
  embedding: (c) => [3 * c.patch ** 2 * c.dim + c.dim],
  positions: (c, _n, t) => [t * c.dim],
  block: (c) => [12 * c.dim ** 2 + 13 * c.dim],
  pairs: (c, _n, t) => [t * t * c.dim],
  logits: (c) => [c.classes * c.dim],
};

describe('a round', () => {
  it('has ten questions of ten kinds, and every kind comes up', () => {
    for (const round of rounds) {
      expect(round).toHaveLength(ROUND);
      expect(new Set(round.map((q) => q.kind)).size).toBe(ROUND);
    }
    expect(new Set(rounds.flat().map((q) => q.kind))).toEqual(new Set(KIND_IDS));
  });

  it('is the same for the same seed and another for another', () => {
    expect(quizRound(7)).toEqual(quizRound(7));
    expect(quizRound(8)).not.toEqual(quizRound(7));
  });

  it('has answers that equal the formulas', () => {
    for (const { kind, config, answer, dims } of rounds.flat()) {
      const n = Math.floor(config.image / config.patch) ** 2;
      expect(answer, `${kind} ${JSON.stringify(config)}`).toEqual(FORMULAS[kind](config, n, n + 1));
      expect(dims).toHaveLength(answer.length);
    }
  });

  it('names in its question every size that the answer depends on', () => {
    for (const { kind, config, text } of rounds.flat()) {
      const others = {
        ...config,
        dim: config.dim * 2,
        heads: config.heads * 2,
        patch: config.patch - 1,
        image: config.image + 64,
        classes: config.classes + 1,
        mlpRatio: config.mlpRatio + 1,
      };
      for (const key of ['dim', 'patch', 'image', 'classes', 'mlpRatio'] as const) {
        if (kind === 'block' && key === 'mlpRatio') continue;
        const changed = { ...config, [key]: others[key] };
        const n = (c: ViTConfig) => Math.floor(c.image / c.patch) ** 2;
        const before = FORMULAS[kind](config, n(config), n(config) + 1);
        const after = FORMULAS[kind](changed, n(changed), n(changed) + 1);
        if (before.join() === after.join()) continue;
        for (const said of [text.en, text.zh]) expect(said, `${kind}: ${key}`).toContain(`${config[key]}`);
      }
    }
  });

  it('asks in both languages', () => {
    for (const { text, why } of rounds.flat()) {
      expect(text.zh).toMatch(/[\u4e00-\u9fff].*？$/);
      expect(text.en).toMatch(/\?$/);
      expect(why.zh).toMatch(/。$/);
      expect(why.en).toMatch(/\.$/);
    }
  });
});

describe('what is typed and kept', () => {
  it.each([
    ['197', 197],
    [' 1,234 ', 1234],
    ['7 087 872', 7087872],
    ['', undefined],
    ['-3', undefined],
    ['1e3', undefined],
    ['12.5', undefined],
  ])('reads %j as %j', (typed, number) => expect(readNumber(typed)).toBe(number));

  it('keeps the best of the rounds', () => {
    const one = withRound(undefined, 6);
    const two = withRound(one, 4);
    expect(two).toEqual({ rounds: 2, last: 4, best: 6 });
    expect(readScore(printScore(two))).toEqual(two);
  });

  it.each(['', 'x', '1.11.11', '1.5.4', '{}', '1.2'])('takes %j for no score', (kept) =>
    expect(readScore(kept)).toBeUndefined(),
  );
});
