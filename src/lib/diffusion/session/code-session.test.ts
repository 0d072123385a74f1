import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { CodeSession, type CodeWish } from './code-session.svelte.ts';

// The page's side and the real worker's code, in one process, on committed tiny models.
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
vi.setConfig({ testTimeout: 60_000 });

beforeAll(() => pageHere(ort));

const golden = parseSafetensors(readFileSync('models/masked-tiny/golden.safetensors'));
const tokenizer = tokenizerFor(
  parseModelConfig(readFileSync('models/clip-tiny/config.json', 'utf8')),
  readFileSync('models/clip-tiny/tokenizer.json', 'utf8'),
  'tokenizer.json',
);
const row = (text: string) => tokenizer.encode(text).ids;

/** As PyTorch's recorded plain run of four rounds. */
function wish(over: Partial<CodeWish['spec']> = {}): CodeWish {
  const { class: style, ...asked } = JSON.parse(golden.metadata['s/plain'] ?? '') as CodeWish['spec'] & {
    class: number;
  };
  const spec = { ...asked, style, words: row('goat'), empty: row(''), ...over };
  return { by: 'masked', spec, steps: spec.rounds ?? 0 };
}
function setup() {
  const { engine } = engineHere(Engine);
  const model = (name: string) => new LiveModel(engine, name);
  const shared = { text: model('clip-tiny'), decoder: model('vq-tiny') };
  const painters = {
    raster: { ...shared, generator: model('raster-tiny') },
    masked: { ...shared, generator: model('masked-tiny') },
  };
  return () => new CodeSession(engine, painters.raster, painters);
}
const codes = (run: CodeSession) => run.steps.flatMap((step) => [...step.codes]);

describe('a picture in codes on the page', () => {
  it('keeps every step with its codes and picture, by the painters that are wished for', async () => {
    const run = setup()();
    expect([run.frames.length, run.live.name]).toEqual([0, 'raster-tiny']);
    run.settings = wish();
    expect([run.frames.length, run.live.name, run.total]).toEqual([1, 'masked-tiny', 4]);
    expect(await run.play()).toBe(true);
    expect(run.frames.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
    expect(codes(run)).toEqual([...golden.float32('s/plain/codes')]);
    expect(run.steps.every(({ picture }) => picture?.length === 3 * 16 * 16)).toBe(true);
  });

  it('is stopped after any step and goes on to the same codes', async () => {
    const run = setup()();
    run.settings = wish();
    await run.next();
    await run.next();
    expect(run.made).toBe(2);
    expect(await run.play()).toBe(true);
    expect(codes(run)).toEqual([...golden.float32('s/plain/codes')]);
  });

  it('leaves the bytes of networks that another run waits for', async () => {
    const make = setup();
    const [one, other] = [make(), make()];
    one.settings = wish();
    const played = one.play();
    other.settings = wish({ seed: 1 });
    other.pause();
    other.dispose();
    expect(await played).toBe(true);
  });

  it('says what cannot be, and takes the next settings', async () => {
    const run = setup()();
    run.settings = wish({ rounds: 99 });
    expect(await run.play()).toBe(false);
    expect([run.phase, run.fault === undefined]).toEqual(['failed', false]);
    run.settings = wish();
    expect([run.phase, run.frames.length]).toEqual(['idle', 1]);
  });
});
