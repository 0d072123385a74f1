import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { ProgramSession } from '#lib/live/program-session.svelte.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { familyOf } from '#lib/models/registry.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { PROGRAM, type WordsToPicture } from './program.ts';

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

const config = (name: string) => parseModelConfig(readFileSync(`models/${name}/config.json`, 'utf8'));
const DENOISER = 'uvit-words-tiny';
const denoiser = config(DENOISER);
const [TEXT, DECODER] = [denoiser.text!.model, denoiser.autoencoder!.model];
const golden = parseSafetensors(readFileSync(`models/${DENOISER}/golden.safetensors`));
const tokenizer = tokenizerFor(
  config(TEXT),
  readFileSync(`models/${TEXT}/tokenizer.json`, 'utf8'),
  'tokenizer.json',
);
const row = (text: string) => tokenizer.encode(text).ids;

/** As PyTorch's recorded run: ten steps of DDIM from its noise, the fourth style, guidance 2. */
const spec = (over: Partial<WordsToPicture> = {}): WordsToPicture => ({
  sampler: 'ddim',
  steps: 10,
  labels: [3],
  seed: 7,
  guidance: 2,
  x: golden.float32('s/noise'),
  words: [{ after: 0, texts: [row('goat')] }],
  empty: row(''),
  ...over,
});

function setup() {
  const { engine } = engineHere(Engine);
  const parts = {
    text: new LiveModel(engine, TEXT),
    denoiser: new LiveModel(engine, DENOISER),
    decoder: new LiveModel(engine, DECODER),
  };
  return new ProgramSession(engine, PROGRAM, parts);
}
const until = (what: () => boolean) => vi.waitUntil(what, { interval: 1, timeout: 20_000 });
/** All steps of a run. */
async function painted(wanted: WordsToPicture) {
  const session = setup();
  session.spec = wanted;
  await until(() => session.phase === 'done' || session.phase === 'failed');
  expect(session.fault).toBeUndefined();
  return session.steps;
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};

/** Latents as the denoiser has them, decoded by the autoencoder alone. */
async function decoded(z: Float32Array): Promise<Float32Array> {
  const model = config(DECODER);
  const { input, picture, scale, variant } = familyOf(model.architecture).latents!(model.config);
  const weights = bindWeights(parseSafetensors(readFileSync(`models/${DECODER}/model.safetensors`)), model);
  const { graph, encoded } = prepareModel(weights, model, { outputs: [picture], variant });
  const session = await ortSessions(ort, 'wasm')(encoded);
  const data = z.map((v) => v / scale);
  const [result] = await session.run([{ name: input, shape: graph.value(input).shape, data }], [picture]);
  await session.release();
  return result!.data;
}

describe('words to picture', () => {
  it('ends where PyTorch ends, with every step decoded', async () => {
    const steps = await painted(spec({ decode: ['x0', 'x'] }));
    expect(steps.map(({ step, total }) => [step, total])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, 10]),
    );
    const last = steps.at(-1)!;
    expect(apart(last.x, golden.float32('s/ddim/x'))).toBeLessThan(1e-4);
    expect(apart(last.context.told, golden.float32('s/context'))).toBeLessThan(1e-4);
    expect(apart(last.context.empty, golden.float32('s/empty'))).toBeLessThan(1e-4);
    for (const { x, x0, pictures } of [steps[2]!, last]) {
      expect(apart(pictures.x!, await decoded(x))).toBeLessThan(1e-5);
      expect(apart(pictures.x0!, await decoded(x0))).toBeLessThan(1e-5);
    }
  });

  it('is told other words from a step on, and the same before it', async () => {
    const other = [row('红色的蘑菇')];
    const plain = await painted(spec());
    const changed = await painted(
      spec({
        words: [
          { after: 0, texts: [row('goat')] },
          { after: 4, texts: other },
        ],
      }),
    );
    expect(apart(changed[3]!.x, plain[3]!.x)).toBeLessThan(1e-6);
    expect(apart(changed[4]!.x, plain[4]!.x)).toBeGreaterThan(1e-4);
    expect(apart(changed[9]!.context.told, plain[9]!.context.told)).toBeGreaterThan(0.1);
    expect(changed.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is told what lies between two texts, each picture its own part of the way', async () => {
    const texts = [row('goat'), row('goat'), row('goat')];
    const other = texts.map(() => row('红色的蘑菇'));
    const words = [{ after: 0, texts, toward: { texts: other, share: [0, 0.5, 1] } }];
    const run = spec({ words, labels: [3, 3, 3], steps: 1, x: undefined });
    const { context, x } = (await painted(run)).at(-1)!;
    const each = context.empty.length;
    const [start, middle, end] = [0, 1, 2].map((k) => context.told.slice(k * each, (k + 1) * each));
    expect(apart(start!, golden.float32('s/context'))).toBeLessThan(1e-4);
    const mean = start!.map((v, i) => (v + end![i]!) / 2);
    expect(apart(middle!, mean)).toBeLessThan(1e-5);
    const plain = (await painted({ ...run, words: [{ after: 0, texts: other }] })).at(-1)!;
    expect(apart(end!, plain.context.told.slice(2 * each))).toBeLessThan(1e-5);
    const picture = (from: Float32Array) => from.slice((2 * from.length) / 3);
    expect(apart(picture(x), picture(plain.x))).toBeLessThan(1e-4);
  });

  it('keeps what is known of the latents, and paints the rest to the words', async () => {
    const plain = await painted(spec({ steps: 3 }));
    const picture = Float32Array.from({ length: plain[0]!.x.length }, (_, i) => Math.sin(i));
    const mask = Float32Array.from({ length: 16 }, (_, i) => (i < 8 ? 1 : 0));
    const known = { picture, mask };
    const [steps, other] = [
      await painted(spec({ known, steps: 3 })),
      await painted(spec({ known, steps: 3, words: [{ after: 0, texts: [row('红色的蘑菇')] }] })),
    ];
    const last = steps.at(-1)!;
    picture.forEach((v, i) => {
      if (i % 16 < 8) expect(last.x[i]).toBeCloseTo(v, 5);
    });
    expect(apart(last.x, plain.at(-1)!.x)).toBeGreaterThan(0.1);
    expect(apart(other.at(-1)!.x, last.x)).toBeGreaterThan(1e-4);
    expect(apart(last.pictures.x0!, await decoded(last.x0))).toBeLessThan(1e-5);
  });

  it.each([
    [{ words: [] }, 'The first words must hold from step 0.'],
    [{ words: [{ after: 0, texts: [row('goat'), row('dog')] }] }, 'There are 2 texts for 1 pictures.'],
    [
      { words: [{ after: 0, texts: [row('goat')], toward: { texts: [row('dog')], share: [] } }] },
      'There are 0 texts for 1 pictures.',
    ],
    [
      { words: [{ after: 0, texts: [row('goat')], toward: { texts: [row('dog')], share: [1.5] } }] },
      'The part of the way between two texts is 1.5; it must be from 0 to 1.',
    ],
    [
      { words: [0, 10].map((after) => ({ after, texts: [row('goat')] })) },
      'Other words hold from step 10 on; that must be a later step of the 10.',
    ],
  ] satisfies [Partial<WordsToPicture>, string][])('%#: says what cannot be', async (over, sentence) => {
    const session = setup();
    session.spec = spec(over);
    await until(() => session.phase === 'failed');
    expect(JSON.stringify(session.fault)).toContain(sentence);
  });

  it('stands on the weights it was trained with', () => {
    for (const { model, sha256 } of [denoiser.text!, denoiser.autoencoder!])
      expect(config(model).files['model.safetensors']!.sha256, model).toBe(sha256);
    const fits = (part: string, name: string) => PROGRAM.parts[part]!.fits(config(name));
    expect([fits('text', TEXT), fits('denoiser', DENOISER), fits('decoder', DECODER)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([fits('text', DENOISER), fits('denoiser', 'uvit-tiny'), fits('decoder', TEXT)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
