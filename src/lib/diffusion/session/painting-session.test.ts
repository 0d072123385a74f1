import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import type { WordsToPicture } from '#lib/programs/words-to-picture/program.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { PaintingSession, type PaintingOptions } from './painting-session.svelte.ts';

// The page's side and the real worker's code, in one process, on three committed tiny models.
vi.mock('#lib/runtime/addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
  wishedDevice: () => 'wasm',
  keepDevice: () => {},
}));
vi.mock('#lib/runtime/isolate.ts', () => ({ isolate: async () => {} }));
vi.mock('#lib/runtime/assets.ts', () => ({ assetUrls: () => ({}) }));
vi.mock('#lib/weights/download.ts', () => ({ loadFile: async (url: string) => modelFile(url) }));
vi.mock('#lib/runtime/ort.ts', async (original) => ({
  ...(await original<typeof import('#lib/runtime/ort.ts')>()),
  loadOrt: async () => ort,
}));

beforeAll(() => pageHere(ort));

const [TEXT, DENOISER, DECODER] = ['clip-tiny', 'uvit-words-tiny', 'kl-tiny'] as const;
const golden = parseSafetensors(readFileSync(`models/${DENOISER}/golden.safetensors`));
const tokenizer = tokenizerFor(
  parseModelConfig(readFileSync(`models/${TEXT}/config.json`, 'utf8')),
  readFileSync(`models/${TEXT}/tokenizer.json`, 'utf8'),
  'tokenizer.json',
);
const row = (text: string) => tokenizer.encode(text).ids;
const STEPS = 10;

/** As PyTorch's recorded run: ten steps of DDIM from its noise, the fourth style, guidance 2. */
const spec = (over: Partial<WordsToPicture> = {}): WordsToPicture => ({
  sampler: 'ddim',
  steps: STEPS,
  labels: [3],
  seed: 7,
  guidance: 2,
  x: golden.float32('s/noise'),
  words: [{ after: 0, texts: [row('goat')] }],
  empty: row(''),
  ...over,
});
function setup(settings: WordsToPicture, options?: PaintingOptions) {
  const { engine } = engineHere(Engine);
  const painters = {
    text: new LiveModel(engine, TEXT),
    denoiser: new LiveModel(engine, DENOISER),
    decoder: new LiveModel(engine, DECODER),
  };
  const run = new PaintingSession(engine, painters, options);
  run.settings = settings;
  return run;
}
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

describe('a painting on the page', () => {
  it('begins with its noise, keeps every step with its picture, and ends where PyTorch ends', async () => {
    const run = setup(spec());
    expect(await run.play()).toBe(true);
    expect(run.frames.map(({ step }) => step)).toEqual(Array.from({ length: STEPS + 1 }, (_, i) => i));
    expect(run.frames[0]!.t).toBe(1);
    expect(worst(run.frames[0]!.x, golden.float32('s/noise'))).toBe(0);
    expect(worst(run.last!.x, golden.float32('s/ddim/x'))).toBeLessThan(1e-4);
    const side = 3 * 16 * 16;
    expect(run.steps.every(({ pictures }) => pictures.x0!.length === side)).toBe(true);
    expect(run.phase).toBe('done');
  });

  it('is stopped after any step and goes on to the same picture, other words on the way', async () => {
    const words = [
      { after: 0, texts: [row('goat')] },
      { after: 4, texts: [row('红色的蘑菇')] },
    ];
    const run = setup(spec({ words }));
    for (let i = 1; i <= 5; i++) {
      await run.next();
      expect(run.made).toBe(i);
    }
    run.seek(2);
    expect([run.frame?.step, run.following]).toEqual([2, false]);
    expect(await run.play()).toBe(true);
    expect(run.frame?.step).toBe(2);
    const whole = setup(spec({ words }), { brief: true });
    expect(await whole.play()).toBe(true);
    expect(whole.frames.map(({ step }) => step)).toEqual([0, STEPS]);
    expect(worst(whole.last!.x, run.last!.x)).toBeLessThan(1e-6);
  });

  it('says what cannot be, and takes the next settings', async () => {
    const run = setup(spec({ steps: 0 }));
    expect(await run.play()).toBe(false);
    expect([run.phase, run.fault === undefined]).toEqual(['failed', false]);
    run.settings = spec({ steps: 1 });
    expect([run.phase, run.frames.length]).toEqual(['idle', 1]);
    expect(await run.play()).toBe(true);
  });
});
