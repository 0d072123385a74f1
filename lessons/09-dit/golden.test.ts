import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { SamplingSession } from '#lib/diffusion/session/sampling-session.svelte.ts';
import { addNoise } from '#lib/diffusion/math/forward.ts';
import { process } from '#lib/diffusion/math/process.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { BLOCKS, DIT, DIT_CONFIG, EACH, FOLDER, KINDS, UVIT } from './model.ts';
import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { evenTimes, partOf, shareBelow, SMALL } from './modulation.ts';
import { PARTS } from './state.ts';
import { DevicePace } from './device-pace.svelte.ts';
import { ManyTimes } from './many-times.svelte.ts';

// The page's side and the real worker's code, in one process, on the committed weights.
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

/** PyTorch's numbers on the same weights (lessons/09-dit/tests/reference.py). */
const file = parseSafetensors(new Uint8Array(readFileSync('lessons/09-dit/tests/golden.safetensors')));
const golden = (name: string) => file.float32(name);
const CLASS = 7;

describe.runIf(DIT === 'dit-cifar10' && UVIT === 'uvit-cifar10')('on the committed weights', () => {
  it('two runs from one noise part as they do in PyTorch', async () => {
    const { engine } = engineHere(Engine);
    const steps = golden('runs.first').length;
    const states: Float32Array[][] = [];
    for (const kind of KINDS) {
      const run = new SamplingSession(engine, new LiveModel(engine, FOLDER[kind], { ahead: false }));
      run.settings = {
        sampler: 'dpmpp-2m',
        steps,
        seed: 1,
        labels: [CLASS],
        guidance: 1,
      };
      expect(await run.play()).toBe(true);
      states.push(run.frames.map((f) => f.x));
    }
    expect(rmsBetween(states[0]![0]!, states[1]![0]!)).toBe(0);
    golden('runs.first').forEach((want, k) => {
      expect(rmsBetween(states[0]![k + 1]!, states[1]![k + 1]!), `step ${k + 1}`).toBeCloseTo(want, 3);
    });
  }, 60_000);

  it('the modulation is PyTorch’s in every block and part, and needs no picture', async () => {
    const { engine } = engineHere(Engine);
    const times = evenTimes(33);
    const over = new ManyTimes(engine, DIT, times);
    await over.live.describe();
    const names = BLOCKS.dit.map((b) => `${b}.adaLN_modulation`);
    for (const name of names) over.live.tensors.want(name);
    over.ask(new Float32Array(EACH), CLASS, 1, undefined);
    await vi.waitUntil(() => over.live.tensors.get(names.at(-1)!) !== undefined, { timeout: 30_000 });
    const middle = times.indexOf(times.find((t) => t <= 0.5005)!);
    const D = DIT_CONFIG.dim;
    names.forEach((name, b) => {
      const all = over.live.tensors.get(name)!.data;
      PARTS.forEach((part, i) => {
        const of = partOf(all, times.length, part);
        const row = [middle * D, (middle + 1) * D] as const;
        expect(rms(of, ...row)).toBeCloseTo(golden('modulation')[b * PARTS.length + i]!, 4);
        if (part.startsWith('gate')) {
          const at = 2 * b + (part === 'gate_msa' ? 0 : 1);
          // One channel may lie on the other side of the limit.
          expect(Math.abs(shareBelow(of, SMALL, ...row) - golden('closed')[at]!)).toBeLessThanOrEqual(
            1.01 / D,
          );
        }
      });
    });
  }, 60_000);

  it.each(KINDS)(
    '%s, told other times than the true one, errs as in PyTorch',
    async (kind) => {
      const { engine } = engineHere(Engine);
      const wanted = golden(`told-grey.${kind}`);
      const told = new ManyTimes(engine, FOLDER[kind], evenTimes(wanted.length, 0.02));
      await told.live.describe();
      const { diffusion } = told.model!;
      const eps = startNoise(9, 1, EACH);
      const x = addNoise(process(diffusion.process, diffusion.steps), 0.5, new Float32Array(EACH), eps);
      told.live.tensors.want('prediction');
      told.ask(x, CLASS, 0.5, eps);
      await vi.waitUntil(() => told.errors() !== undefined, { timeout: 30_000 });
      told.errors()!.forEach((error, i) => expect(error, `told time ${i}`).toBeCloseTo(wanted[i]!, 3));
      // Another state makes the old answer stale.
      told.ask(x.slice(), CLASS, 0.5, eps);
      expect(told.errors()).toBeUndefined();
    },
    60_000,
  );

  it('the probe measures a pace', async () => {
    const { engine } = engineHere(Engine);
    const probe = new DevicePace(new LiveModel(engine, DIT, { ahead: false }), 1e8);
    expect(probe.pace).toBeUndefined();
    await probe.measure();
    expect(probe.fault).toBeUndefined();
    expect(probe.ms).toBeGreaterThan(0);
    expect(probe.pace).toBeCloseTo(1e8 / probe.ms!, 3);
  }, 60_000);
});
