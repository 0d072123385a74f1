import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { PictureValue } from '#lib/cells/inside/values.ts';
import type { SampledStep } from '#lib/cells/inside/programs.ts';
import { modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { pageOf, runOn, type TestPage } from './page.testing.ts';

// Programs of the site as cells run them, over the real networks, held to what PyTorch says of lesson 7's own runs.
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

let page: TestPage;
beforeAll(async () => {
  pageHere(ort);
  page = await pageOf([]);
}, 60_000);

interface Sampled {
  readonly picture: PictureValue;
  readonly pictures: readonly PictureValue[];
  readonly x: TensorValue;
  readonly steps: readonly SampledStep[];
}
const run = async (...codes: string[]) => (await runOn(page, codes)).names;
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/07-denoise/tests/golden.safetensors')));
const known = (name: string) => golden.float32(name);
/** The root of the mean square, as lesson 7 prints it above a picture. */
const printed = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length).toFixed(3);

describe('sample()', () => {
  it('makes lesson 7’s run, step by step, to the digits that are printed', { timeout: 120_000 }, async () => {
    const { made, heard } = (await run(
      `const heard = []`,
      `const made = await sample({ model: 'uvit-cifar10', class: 'horse', steps: 20, guidance: 2, seed: 44, onStep: ({ step }) => heard.push(step) })`,
    )) as { made: Sampled; heard: number[] };
    expect(heard).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(made.steps.map(({ x }) => printed(x.values))).toEqual(
      [...known('rms')].slice(1).map((v) => v.toFixed(3)),
    );
    const each = 3 * 32 * 32;
    for (const [i, k] of [0, 10].entries()) {
      const { x0, epsilon } = made.steps[k]!;
      const half = (name: string) => known(name).subarray(i * each, (i + 1) * each);
      expect([printed(x0.values), printed(epsilon.values)]).toEqual([
        printed(half('x0')),
        printed(half('eps')),
      ]);
    }
    expect(made.x.shape).toEqual([3, 32, 32]);
    expect([made.picture.width, made.picture.height]).toEqual([32, 32]);
    expect(made.picture.at(4, 7)[1]).toBe(
      Math.round(Math.min(255, Math.max(0, 127.5 * (made.x.at(1, 4, 7) + 1)))),
    );
  });

  it(
    'several pictures, tensors of the network, and a run from a state of one’s own',
    { timeout: 60_000 },
    async () => {
      const { two, again, one } = (await run(
        `const two = await sample({ model: 'uvit-tiny', class: [1, null], steps: 3, guidance: 2, sampler: 'dpmpp-2m', seed: 5, tensors: ['prediction'] })`,
        `const one = await sample({ model: 'uvit-tiny', class: 1, steps: 3, guidance: 2, sampler: 'dpmpp-2m', seed: 5 })`,
        `const again = await sample({ model: 'uvit-tiny', class: 1, steps: 3, guidance: 2, sampler: 'dpmpp-2m', seed: 9, x: noise(5, one.x.shape) })`,
      )) as Record<string, Sampled>;
      expect(two!.pictures).toHaveLength(2);
      expect(two!.x.shape).toEqual([2, ...one!.x.shape]);
      two!.x.slice(0).values.forEach((v, i) => expect(v).toBeCloseTo(one!.x.values[i] ?? NaN, 4));
      // Both predictions of both pictures.
      expect(two!.steps[0]!.tensors.prediction!.shape[0]).toBe(4);
      again!.x.values.forEach((v, i) => expect(v).toBeCloseTo(one!.x.values[i] ?? NaN, 5));
    },
  );

  it('says what it cannot do', { timeout: 120_000 }, async () => {
    const said = (code: string) =>
      run(code).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    expect(await said('await sample()')).toMatch(/takes the name of a model that removes noise/);
    expect(await said("await sample({ model: 'vit-tiny' })")).toMatch(/removes no noise/);
    expect(await said("await sample({ model: 'uvit-cifar10', text: 'a red barn' })")).toMatch(
      /reads no sentences.*airplane, automobile/,
    );
    expect(await said("await sample({ model: 'uvit-tiny', class: 1, step: 3 })")).toMatch(
      /takes no “step”.*steps/,
    );
    expect(await said("await sample({ model: 'uvit-tiny', class: 99 })")).toMatch(/class is 99/);
    expect(await said("await sample({ model: 'uvit-tiny', class: 1, sampler: 'dimm' })")).toMatch(
      /no sampler/,
    );
    expect(await said("await sample({ model: 'uvit-tiny', class: 1, seed: -1 })")).toMatch(/seed is a whole/);
    expect(await said("await sample({ model: 'uvit-tiny', class: 1, x: [1, [2]] })")).toMatch(
      /x has 2 values/,
    );
    expect(await said("await sample({ model: 'uvit-tiny', class: 1, x: 'noise' })")).toMatch(
      /tensor or a list/,
    );
    expect(await said("await sample({ model: 'uvit-cifar10', class: 1, steps: 5000 })")).toMatch(
      /16 million at the most/,
    );
    expect(
      await said(
        "await sample({ model: 'uvit-tiny', class: 1, onStep: () => { throw new Error('enough') } })",
      ),
    ).toBe('enough');
  });

  it('is given up on its way, and the model answers afterwards', { timeout: 120_000 }, async () => {
    const steps: number[] = [];
    const stop = new AbortController();
    const of = { model: 'uvit-tiny', class: 1, steps: 200 };
    const { reply } = await page.answer(
      { say: 'asks', call: 1, what: 'sample', of },
      {
        signal: stop.signal,
        step: (value) => {
          if ('step' in value) steps.push(Number(value.step));
          if (steps.length === 3) stop.abort();
        },
      },
    );
    expect(reply.say).toBe('refuse');
    expect(steps).toEqual([1, 2, 3]);
    const { made } = (await run(`const made = await sample({ model: 'uvit-tiny', class: 1, steps: 2 })`)) as {
      made: Sampled;
    };
    expect(made.steps).toHaveLength(2);
  });
});

it('denoise() in a loop of one’s own is the site’s DDIM', { timeout: 120_000 }, async () => {
  const loop = (model: string) => [
    `const net = await model('${model}'), steps = 6`,
    `const ours = await sample({ model: '${model}', class: 3, steps, guidance: 3, seed: 11 })`,
    `const mine = await (async () => {
      let x = noise(11, ours.x.shape);
      for (let i = 0; i < steps; i++) {
        const t = 1 - i / steps, next = 1 - (i + 1) / steps;
        const { x0, epsilon } = await net.denoise(x, t, { class: 3, guidance: 3 });
        x = x0.times(net.signal(next)).plus(epsilon.times(net.noise(next)));
      }
      return x;
    })()`,
    'const difference = mine.minus(ours.x).map(Math.abs).max()',
  ];
  for (const name of ['uvit-tiny', 'dit-tiny'])
    expect(Number((await run(...loop(name))).difference), name).toBeLessThan(1e-4);
  await expect(run(`(await model('vit-tiny')).signal(0.5)`)).rejects.toThrow(/removes no noise/);
});

describe('program()', () => {
  it('paints, then classifies: what the two networks say one by one', { timeout: 120_000 }, async () => {
    const { made, painted, said } = (await run(
      `const made = await program('paint-and-classify', { parts: { painter: 'mae-tiny', classifier: 'vit-tiny' }, painter: { seed: 3 } })`,
      `const painted = (await (await model('mae-tiny')).run({ seed: 3, tensors: ['reconstruction'] })).reconstruction`,
      `const said = (await (await model('vit-tiny')).run({ x: made.values.painted })).probs`,
    )) as {
      made: { steps: { part: string }[]; values: Record<string, TensorValue> };
      painted: TensorValue;
      said: TensorValue;
    };
    expect(made.steps.map(({ part }) => part)).toEqual(['painter', 'classifier', 'classifier', 'classifier']);
    painted.values.forEach((v, i) => expect(v).toBeCloseTo(made.values.answer!.values[i] ?? NaN, 4));
    said.values.forEach((v, i) => expect(v).toBeCloseTo(made.values['painted.probs']!.values[i] ?? NaN, 4));
  });
  it('says which programs and parts there are', { timeout: 120_000 }, async () => {
    await expect(run(`await program('dream')`)).rejects.toThrow(/paint-and-classify, sampling/);
    await expect(run(`await program('paint-and-classify')`)).rejects.toThrow(
      /painter, classifier.*is missing/,
    );
    await expect(
      run(`await program('paint-and-classify', { parts: { painter: 'vit-tiny', classifier: 'vit-tiny' } })`),
    ).rejects.toThrow(/cannot be the part “painter”/);
  });
});
