import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { ProgramSession } from '#lib/live/program-session.svelte.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { PROGRAM, type CodesToPicture } from './program.ts';

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
vi.setConfig({ testTimeout: 120_000 });

beforeAll(() => pageHere(ort));

const config = (name: string) => parseModelConfig(readFileSync(`models/${name}/config.json`, 'utf8'));
const golden = (name: string) => parseSafetensors(readFileSync(`models/${name}/golden.safetensors`));
const tokenizer = tokenizerFor(
  config('clip-tiny'),
  readFileSync('models/clip-tiny/tokenizer.json', 'utf8'),
  'tokenizer.json',
);
const row = (text: string) => tokenizer.encode(text).ids;
const TOLD = { words: row('goat'), empty: row('') };
/** So hot that each of these small networks draws many codes. */
const PLAIN: CodesToPicture = { ...TOLD, style: 1, seed: 7, temperature: 3 };

const { engine, workers } = engineHere(Engine);
const live = new Map<string, LiveModel>();
const model = (name: string) => {
  const found = live.get(name) ?? new LiveModel(engine, name);
  live.set(name, found);
  return found;
};
type Order = 'raster' | 'masked' | 'scales';
function setup(order: Order, refiner?: string) {
  const decoder = config(`${order}-tiny`).autoencoder!.model;
  const parts = { text: 'clip-tiny', generator: `${order}-tiny`, decoder, ...(refiner && { refiner }) };
  return new ProgramSession(
    engine,
    PROGRAM,
    Object.fromEntries(Object.entries(parts).map(([part, name]) => [part, model(name)])),
  );
}
const until = (what: () => boolean) => vi.waitUntil(what, { interval: 1, timeout: 100_000 });
/** All steps of a run. */
async function made(order: Order, wanted: CodesToPicture, refiner?: string) {
  const session = setup(order, refiner);
  session.spec = wanted;
  await until(() => session.phase === 'done' || session.phase === 'failed');
  expect(session.fault).toBeUndefined();
  return session.steps;
}
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};
const codesOf = (steps: readonly { readonly codes: Int32Array }[]) => steps.map(({ codes }) => [...codes]);
const last = <T>(list: readonly T[]): T => list.at(-1)!;

/** The runs that PyTorch has left, by their names, with what they were asked. */
const runsOf = (order: Order): [string, CodesToPicture][] =>
  Object.entries(golden(`${order}-tiny`).metadata)
    .filter(([key, value]) => key.startsWith('s/') && value.startsWith('{'))
    .map(([key, json]) => {
      const { class: style, ...rest } = JSON.parse(json) as Omit<CodesToPicture, 'style'> & { class: number };
      return [key, { ...TOLD, ...rest, style, decode: 'none' }];
    });

describe.each(['raster', 'masked', 'scales'] as const)('%s', (order) => {
  it('chooses the codes that PyTorch chooses, pass after pass', async () => {
    const runs = runsOf(order);
    expect(runs.length).toBeGreaterThanOrEqual(3);
    for (const [key, spec] of runs) {
      const steps = await made(order, spec);
      const want = golden(`${order}-tiny`).float32(`${key}/codes`);
      expect(codesOf(steps).flat(), key).toEqual([...want]);
      expect(last(steps).passes).toBe(steps.length);
    }
  });
});

/** The order of code numbers, and the runs of each test, from one plain run. */
const rasterOf = (over: Partial<CodesToPicture> = {}) => made('raster', { ...PLAIN, ...over });

describe('raster', () => {
  it('gives the same with the cache and without, with fewer tokens', async () => {
    const [kept, anew] = [
      await rasterOf({ decode: 'last' }),
      await rasterOf({ decode: 'last', cache: false }),
    ];
    expect(codesOf(kept)).toEqual(codesOf(anew));
    expect(apart(last(kept).logits, last(anew).logits)).toBeLessThan(1e-4);
    const [places, whole] = [16, 4 + 16];
    expect([last(kept).tokens, last(anew).tokens]).toEqual([whole + places - 1, whole * places]);
    expect(kept.map(({ picture }) => picture?.length ?? 0)).toEqual([
      ...new Array<number>(15).fill(0),
      3 * 16 * 16,
    ]);
  });

  it('goes on from an edited code: the same before it, other codes after', async () => {
    const plain = await rasterOf({ outputs: ['blocks.1.attn.probs'] });
    const before = [...last(plain).codes];
    const at = 5;
    const given = before.map((code, place) => (place < at ? code : place === at ? (code + 1) % 16 : null));
    const edited = await rasterOf({ given });
    expect(edited.map(({ pass }) => pass)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect([...last(edited).codes].slice(0, at + 1)).toEqual(given.slice(0, at + 1));
    const back = await rasterOf({ given: before.map((code, place) => (place <= at ? code : null)) });
    expect([...last(back).codes]).toEqual(before);
    expect(apart(edited[0]!.logits, back[0]!.logits)).toBeGreaterThan(1e-6);
    // What a later step is fed shows it whole: every step hands on the tensors that were asked for.
    expect(plain[0]!.tensors[0]!.shape).toEqual([1, 2, 20, 20]);
    expect(plain[1]!.tensors[0]!.shape).toEqual([1, 2, 1, 20]);
    expect([...plain[6]!.inputs.codes!].slice(0, 7)).toEqual([...before.slice(0, 6), 0]);
    // A code that was given later stands, whatever is drawn.
    const fixed = await rasterOf({ given: before.map((_, place) => (place === 9 ? 3 : null)) });
    expect(fixed[8]!.codes[9]).toBe(3);
    expect(fixed[9]!.places).toEqual([]);
    // All of them: they are decoded.
    const all = await rasterOf({ given: before });
    expect(all.map(({ passes, pass }) => [passes, pass])).toEqual([[0, 16]]);
    expect(apart(all[0]!.picture!, last(plain).picture!)).toBeLessThan(1e-5);
  });

  it('draws from half of the codebook alone, and in another order', async () => {
    const allowed = Array.from({ length: 8 }, (_, k) => k);
    const half = await rasterOf({ allowed, decode: 'none' });
    expect(Math.max(...last(half).codes)).toBeLessThan(8);
    const probs = half[0]!.logs.map(Math.exp);
    expect(probs.slice(8).every((p) => p === 0)).toBe(true);
    expect(probs.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const order = [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15];
    const [turned, anew] = [
      await rasterOf({ order, decode: 'none' }),
      await rasterOf({ order, decode: 'none', cache: false }),
    ];
    expect(turned.map(({ places }) => places[0])).toEqual(order);
    expect(codesOf(turned)).toEqual(codesOf(anew));
    expect(apart(last(turned).logits, last(anew).logits)).toBeLessThan(1e-4);
  });

  it('without the mask of attention: every token is computed anew, and sees what is not there yet', async () => {
    const open = await rasterOf({ interventions: { causal: Float32Array.of(0) }, decode: 'none' });
    const plain = await rasterOf({ decode: 'none' });
    expect(last(open).tokens).toBe(20 * 16);
    expect(apart(open[0]!.logits, plain[0]!.logits)).toBeGreaterThan(1e-6);
    const heads = { head_mask: Float32Array.of(0, 1, 1, 1) };
    const cut = await rasterOf({ interventions: heads, decode: 'none' });
    const cutAnew = await rasterOf({ interventions: heads, cache: false, decode: 'none' });
    expect(apart(last(cut).logits, last(cutAnew).logits)).toBeLessThan(1e-4);
  });

  it('goes on after a lost device, with the same codes', async () => {
    const plain = await rasterOf({ decode: 'none' });
    const session = setup('raster');
    session.spec = { ...PLAIN, seed: 7, decode: 'none' };
    await until(() => session.steps.length >= 3);
    last(workers).lose();
    await until(() => session.phase === 'done');
    expect(session.resumed).toBe(1);
    expect([...last(session.steps).codes]).toEqual([...last(plain).codes]);
    expect(session.steps.map(({ step }) => step)).toEqual(plain.map(({ step }) => step));
  });
});

describe('masked', () => {
  const maskedOf = (over: Partial<CodesToPicture> = {}) => made('masked', { ...PLAIN, rounds: 4, ...over });

  it('keeps what is given, and goes on after a round', async () => {
    const plain = await maskedOf();
    const known = (n: number) => [...plain[n]!.codes].filter((code) => code !== -1).length;
    expect([0, 1, 2, 3].map(known)).toEqual([2, 5, 10, 16]);
    expect(plain[1]!.confidence!.filter(Number.isNaN)).toHaveLength(2);
    const after = [...plain[1]!.codes].map((code) => (code === -1 ? null : code));
    const on = await maskedOf({ given: after, after: 2 });
    expect(codesOf(on)).toEqual(codesOf(plain.slice(2)));
    const painted = await maskedOf({ given: after.map((code, place) => (place < 8 ? (code ?? 1) : null)) });
    expect([...painted[0]!.codes].slice(0, 8)).toEqual(after.slice(0, 8).map((code) => code ?? 1));
    expect([...last(painted).codes]).not.toContain(-1);
    expect(painted.every(({ picture }) => picture!.every(Number.isFinite))).toBe(true);
  });

  it('fills places in an order that is given', async () => {
    const order = Array.from({ length: 16 }, (_, i) => 15 - i);
    const steps = await maskedOf({ order, decode: 'none' });
    expect(steps[0]!.places).toEqual([14, 15]);
    expect(steps[1]!.places).toEqual([11, 12, 13]);
  });
});

describe('scales', () => {
  const scalesOf = (over: Partial<CodesToPicture> = {}, refiner?: string) =>
    made('scales', { ...PLAIN, ...over }, refiner);

  it('goes on from an edited scale, and leaves one out', async () => {
    const plain = await scalesOf();
    const before = [...last(plain).codes];
    expect(plain.map(({ places }) => places.length)).toEqual([1, 4, 9, 16]);
    const back = await scalesOf({ given: before.map((code, place) => (place < 5 ? code : null)) });
    expect(codesOf(back)).toEqual(codesOf(plain.slice(2)));
    expect(apart(last(back).latents!, last(plain).latents!)).toBeLessThan(1e-5);
    const edited = await scalesOf({
      given: before.map((code, place) => (place === 0 ? (code + 1) % 16 : null)),
    });
    expect(apart(edited[0]!.inputs.sums!, plain[1]!.inputs.sums!)).toBeGreaterThan(1e-6);
    const without = await scalesOf({ without: [1] });
    expect(apart(without[1]!.latents!, plain[0]!.latents!)).toBeLessThan(1e-6);
    expect(apart(last(without).picture!, last(plain).picture!)).toBeGreaterThan(1e-6);
  });

  it('paints what the codes leave over as PyTorch does', async () => {
    const stored = golden('hart-tiny');
    for (const sampler of ['ddim', 'dpmpp-2m']) {
      const x = stored.float32('s/noise');
      const steps = await scalesOf({ temperature: 1, refine: { sampler, steps: 8, x } }, 'hart-tiny');
      expect(steps.map(({ kind }) => kind)).toEqual([
        ...new Array<string>(4).fill('codes'),
        ...new Array<string>(8).fill('refine'),
      ]);
      expect([...last(steps).codes]).toEqual([...stored.float32('s/codes')]);
      expect(apart(steps[3]!.latents!, stored.float32('s/sum'))).toBeLessThan(1e-5);
      const rest = last(steps).rest!.x;
      const want = stored.float32(`s/${sampler}/residual`);
      expect(apart(rest, want) / (1 + Math.max(...want.map(Math.abs)))).toBeLessThan(1e-4);
      expect(apart(last(steps).latents!, steps[3]!.latents!)).toBeGreaterThan(1e-4);
    }
  });
});

describe('what cannot be is one sentence', () => {
  it.each([
    ['raster', { style: 9 }, 'The style is 9; it must be a whole number from 0 to 3, or null for none.'],
    ['raster', { temperature: -1 }, 'The temperature is -1; it must be a number from 0 up.'],
    ['raster', { topK: 1.5 }, 'Top-k is 1.5; it must be a whole number from 0 (all) up.'],
    ['raster', { allowed: [16] }, 'There is no code 16; codes go from 0 to 15.'],
    ['raster', { allowed: [] }, 'No code may be drawn; allow one or more.'],
    ['raster', { given: [1] }, '1 codes are given; the picture has 16.'],
    ['raster', { guidance: NaN }, 'The guidance weight is NaN; it must be a finite number.'],
    ['raster', { order: Array.from({ length: 16 }, (_, i) => 15 - i) }, 'Place 15 must come last'],
    ['masked', { rounds: 17 }, 'There are 17 rounds; it must be a whole number from 1 to the 16 codes.'],
    ['masked', { after: 9 }, 'The run has 8 passes and cannot go on after pass 9.'],
    ['scales', { order: Array.from({ length: 30 }, (_, i) => i) }, 'Scales have one order'],
    ['scales', { without: [4] }, 'There is no scale 4; they go from 0 to 3.'],
  ] satisfies [Order, Partial<CodesToPicture>, string][])('%s %j', async (order, over, sentence) => {
    const session = setup(order);
    session.spec = { ...PLAIN, ...over };
    await until(() => session.phase === 'failed');
    expect(JSON.stringify(session.fault)).toContain(sentence);
  });

  it('parts that do not belong together', async () => {
    const wrong = new ProgramSession(engine, PROGRAM, {
      text: model('clip-tiny'),
      generator: model('raster-tiny'),
      decoder: model('var-tiny'),
    });
    wrong.spec = PLAIN;
    await until(() => wrong.phase === 'failed');
    expect(JSON.stringify(wrong.fault)).toContain(
      'The generator chooses 4 of 16 codes, the decoder has 1, 2, 3, 4 of 16.',
    );
    const fits = (part: string, name: string) => PROGRAM.parts[part]!.fits(config(name));
    expect(
      ['text', 'generator', 'decoder', 'refiner'].map((part) =>
        ['clip-tiny', 'masked-tiny', 'vq-tiny', 'hart-tiny'].map((name) => fits(part, name)),
      ),
    ).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
      [false, false, false, true],
    ]);
  });
});
