import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOLES } from '#lib/diffusion/math/holes.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import type { PaintedFrame } from '#lib/diffusion/session/painting-session.svelte.ts';
import type { PaintedStep, WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import type { UViTConfig } from '#lib/models/uvit/config.ts';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { changedOutside, heldCells } from './held-cells.ts';
import { DENOISER_CONFIG, GRAPHS, LATENTS } from './model.ts';
import { callAt } from './own-run.svelte.ts';
import { sequenceOf, tokenAt } from './sequence.ts';
import { SEQUENCE_CASES, sequenceTask } from './sequence-exercise.ts';
import { tokenCosines } from './text-pairs.ts';
import { jumps, WALK, walkSpec } from './walk-steps.ts';
import { heaviest, weightsOf, wordMap } from './word-attention.ts';

const TINY = 'models/uvit-words-tiny';
const golden = parseSafetensors(readFileSync('lessons/15-latents/tests/golden.safetensors'));
const tiny = parseSafetensors(readFileSync(`${TINY}/golden.safetensors`));
const config = parseModelConfig(readFileSync(`${TINY}/config.json`, 'utf8')).config as UViTConfig;

describe('the sequence', () => {
  const S = sequenceOf(DENOISER_CONFIG);
  it('lies as the graph puts it together', () => {
    const value = (name: string) => GRAPHS.denoiser.value(name).shape;
    expect(value('tokens')).toEqual([1, S.tokens, DENOISER_CONFIG.dim]);
    expect(value('context_tokens')[1]).toBe(S.words);
    expect(S.patches).toBe(value('token_cat')[1]! - value('patch_embed')[1]!);
    const of = (part: string) =>
      Array.from({ length: S.tokens }, (_, i) => tokenAt(S, i)).filter((token) => token.part === part);
    expect(['style', 'time', 'text', 'patch'].map((part) => of(part).length)).toEqual([1, 1, 16, 64]);
    expect(tokenAt(S, S.text + 3)).toEqual({ part: 'text', at: 3 });
    expect(() => tokenAt(S, S.tokens)).toThrow('none with the index 82');
  });
  it('is counted in the exercise, and miscounted as usual', () => {
    expect(SEQUENCE_CASES.map((one) => sequenceTask(one).answer)).toEqual([82, 274, 334, 334]);
    const task = sequenceTask(SEQUENCE_CASES[1]!);
    expect(mistakeIn(task.mistakes, [256], [274])?.say.en).toContain('patches alone');
    expect(mistakeIn(task.mistakes, [272], [274])?.say.en).toContain('time is a token');
    expect(mistakeIn(task.mistakes, [18 + 4096], [274])?.say.en).toContain('not one cell');
  });
});

describe('attention between words and patches', () => {
  const S = sequenceOf(config);
  const layers = ['in_blocks.0', 'mid_block', 'out_blocks.0'].map((block) => {
    const data = tiny.float32(`g/${block}.attn.probs`);
    return { data: data.subarray(0, data.length / 2), heads: config.heads, tokens: S.tokens };
  });
  const all = { block: -1, head: -1 };
  it.each([
    ['told.map.to', all, 'to'],
    ['told.map.from', all, 'from'],
    ['told.map.one', { block: 1, head: 1 }, 'to'],
  ] as const)('%s is what PyTorch makes of it', (name, chosen, direction) => {
    const wanted = golden.float32(name);
    wordMap(layers, chosen, S.text + 1, direction, S).forEach((v, i) => expect(v).toBeCloseTo(wanted[i]!, 6));
  });
  it('weighs the words, and the heaviest of the text is one of its own', () => {
    const weights = weightsOf(layers, all, S);
    const wanted = golden.float32('told.weights');
    expect(weights).toHaveLength(S.patches);
    weights.forEach((v, i) => expect(v).toBeCloseTo(wanted[i]!, 6));
    const map = wordMap(layers, all, S.text + 1, 'to', S);
    expect(weights[S.text + 1]).toBeCloseTo(map.reduce((a, b) => a + b, 0) / map.length, 6);
    expect(heaviest([0, 0, 0.1, 0.3, 0.2, 0.9], S, [1, 2])).toBe(1);
    expect(heaviest(weights, S, [])).toBeUndefined();
  });
});

it('tells how near two texts end, as the prose says it', () => {
  const cosines = [...golden.float32('told.ends')].map((v) => v.toFixed(2));
  expect(cosines).toEqual(['0.69', '0.92', '0.21']);
  for (const lang of ['en', 'zh']) {
    const prose = readFileSync(`lessons/15-latents/${lang}.md`, 'utf8');
    for (const cosine of cosines) expect(prose).toContain(cosine);
  }
});

it('compares two texts token by token', () => {
  const [a, b] = [Float32Array.of(1, 0, 0, 2), Float32Array.of(0, 3, 5, 0)];
  expect([...tokenCosines(a, b, 2, 2, 2)]).toEqual([0, 1, 1, 0]);
  expect([...tokenCosines(a, a, 2, 2, 1)]).toEqual([1, 0]);
});

it('holds all but the holes, and measures what changed of it', () => {
  const one = Float32Array.from({ length: LATENTS }, (_, i) => i);
  const { picture, mask } = heldCells(one, new Set(HOLES), 3);
  expect(picture).toHaveLength(3 * LATENTS);
  expect(picture[LATENTS + 5]).toBe(5);
  expect(mask.reduce((a, b) => a + b, 0)).toBe(64 - HOLES.length);
  const a = new Float32Array(3 * 64 * 64);
  const b = a.map((_, i) => (i % 4096 < 8 ? 1 : 0.5));
  expect(changedOutside(a, b, new Set([0]), 64)).toBeCloseTo(0.5, 6);
  expect(changedOutside(a, b, new Set(Array.from({ length: 64 }, (_, i) => i)), 64)).toBeNaN();
});

describe('a walk', () => {
  const base: WordsToPicture = {
    sampler: 'ddim',
    steps: 2,
    seed: 1,
    labels: [2],
    words: [{ after: 0, texts: [[1, 2]] }],
    empty: [1, 2],
  };
  const ends = { from: [1, 5, 2], to: [1, 6, 2], seed: 1, other: 2, each: LATENTS };
  it('changes the text, the noise, or both', () => {
    const text = walkSpec(base, ends, 'text', WALK);
    expect(text.labels).toEqual(WALK.map(() => 2));
    expect(text.words[0]!.toward).toEqual({ texts: WALK.map(() => [1, 6, 2]), share: WALK });
    expect(text.x!.slice(-LATENTS)).toEqual(startNoise(1, 1, LATENTS));
    const noise = walkSpec(base, ends, 'noise', WALK);
    expect(noise.words[0]!.toward).toBeUndefined();
    const last = startNoise(2, 1, LATENTS);
    noise.x!.slice(-LATENTS).forEach((v, i) => expect(v).toBeCloseTo(last[i]!, 5));
    expect(walkSpec(base, ends, 'both', [0.5]).words[0]!.toward?.share).toEqual([0.5]);
  });
  it('jumps as far as its pictures differ', () => {
    expect([...jumps([0, 0, 1, 3, 1, 3], 3)]).toEqual([2, 0]);
  });
});

it('asks the network about the state that a finished picture was made from', () => {
  const by = (step: number, t: number) =>
    ({
      step,
      t,
      context: { told: Float32Array.of(step, 9), empty: Float32Array.of(7) },
    }) as unknown as PaintedStep;
  const frame = (step: number, t: number): PaintedFrame => ({
    step,
    t,
    x: new Float32Array(2 * LATENTS).fill(step),
    by: step > 0 ? by(step, t) : undefined,
  });
  const frames = [frame(0, 1), frame(1, 0.5), frame(2, 0)];
  expect(callAt(frames.slice(0, 1), frames[0], 3)).toBeUndefined();
  expect(callAt(frames, frames[0], 3)?.context?.told).toEqual(Float32Array.of(1));
  const call = callAt(frames, frames[2], null);
  expect([call?.t, call?.x.length, call?.x[0], call?.label]).toEqual([0.5, LATENTS, 1, null]);
});
