import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ofBatch } from '#lib/base/tensor.ts';
import { guide } from '../math/guidance.ts';
import type { SampleStep } from '../sampler/loop.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { LiveDenoiser } from './live-denoiser.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { SamplingSession } from './sampling-session.svelte.ts';
import type { RunSettings } from './settings.ts';

// The page's side and the real worker's code, in one process, on the committed tiny model.
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

const SETTINGS: RunSettings = { sampler: 'dpmpp-2m', steps: 6, labels: [7], seed: 3, guidance: 2 };
function setup(
  settings: RunSettings = SETTINGS,
  onpost?: Parameters<typeof engineHere>[1],
  keep?: number,
  onstep?: (step: SampleStep) => void,
) {
  const { engine, workers } = engineHere(Engine, onpost);
  const denoiser = new LiveDenoiser(engine, 'uvit-tiny');
  const { live } = denoiser;
  const run = new SamplingSession(engine, live, {
    ...(keep !== undefined && { keep }),
    ...(onstep && { onstep }),
  });
  run.settings = settings;
  return { engine, workers, live, denoiser, run };
}
const worst = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};
const end = (run: SamplingSession) => run.last!.x;
async function finished(settings: RunSettings): Promise<Float32Array> {
  const { run } = setup(settings);
  expect(await run.play()).toBe(true);
  return end(run);
}
const until = async (what: () => boolean) => vi.waitUntil(what, { interval: 1, timeout: 10_000 });

describe('a sampling run on the page', () => {
  it('streams every step, keeps them, and says what the network said of each', async () => {
    const { run, live, denoiser } = setup();
    await until(() => run.frames.length === 1);
    expect(run.frame).toMatchObject({ step: 0, t: 1, answer: undefined });
    const seen: number[] = [];
    const playing = run.play();
    await until(() => (seen.push(run.made), run.phase === 'done'));
    expect(await playing).toBe(true);
    expect(run.frames.map((f) => f.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(run.frames.map((f) => f.answer !== undefined)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(run.last!.t).toBe(0);
    expect(run.at).toBe(6);
    expect(run.msPerStep).toBeGreaterThan(0);
    expect(run.msLeft).toBe(0);
    expect(run.result).toMatchObject({ steps: 6, device: 'wasm' });
    // The network asked once more, alone, says the same of a kept state.
    const { x, t, answer } = run.frames[2]!;
    live.tensors.want('prediction');
    live.tensors.want('mid_block.attn.probs');
    denoiser.call = { x, t, label: 7, both: true };
    await until(() => denoiser.said !== undefined);
    const { cond, uncond } = denoiser.said!;
    expect(worst(cond.eps, answer!.epsCond!)).toBeLessThan(1e-5);
    expect(worst(uncond!.eps, answer!.epsUncond!)).toBeLessThan(1e-5);
    expect(
      worst(
        guide(cond.x0, uncond!.x0, 2).map((v) => Math.min(1, Math.max(-1, v))),
        answer!.x0,
      ),
    ).toBeLessThan(1e-5);
    const probs = live.tensors.get('mid_block.attn.probs')!;
    expect(probs.shape).toEqual([2, 2, 6, 6]);
    expect(ofBatch(probs, 1)).toMatchObject({ shape: [2, 6, 6], dims: probs.dims.slice(1) });
    denoiser.call = { x, t, label: null };
    await until(() => denoiser.said?.call.label === null);
    expect(worst(denoiser.said!.cond.eps, uncond!.eps)).toBeLessThan(1e-5);
  });

  it('pauses and goes on after any step, with the result of a run that never stopped', async () => {
    const whole = await finished(SETTINGS);
    for (let k = 0; k < 6; k++) {
      const { run } = setup();
      for (let i = 0; i < k; i++) await run.next();
      expect(run.made).toBe(k);
      expect(run.phase).toBe('idle');
      expect(await run.play()).toBe(true);
      expect(worst(end(run), whole)).toBe(0);
    }
  });

  it('is cancelled at every step: back to the noise, nothing comes after', async () => {
    for (let k = 0; k < 6; k++) {
      // A small model may make all its steps between two looks: the run is cancelled as step k arrives.
      let cancelled = false;
      const { run } = setup({ ...SETTINGS, steps: 6 }, undefined, undefined, ({ step }) => {
        if (step !== k || cancelled) return;
        cancelled = true;
        run.cancel();
      });
      const playing = run.play();
      if (k === 0) run.cancel();
      expect(await playing).toBe(false);
      expect(run.phase).toBe('idle');
      expect(run.frames.map((f) => f.step)).toEqual([0]);
      await new Promise((r) => setTimeout(r, 20));
      expect(run.made).toBe(0);
      expect(run.fault).toBeUndefined();
      if (k === 3) expect(await run.play()).toBe(true);
    }
  });

  it('goes on by itself after the device was lost, from the last step that came', async () => {
    const whole = await finished(SETTINGS);
    for (const at of [1, 4]) {
      let lost = false;
      const { run, workers } = setup(SETTINGS, (message, worker) => {
        if (message.type !== 'step' || message.step.step !== at || lost) return;
        lost = true;
        worker.lose();
      });
      expect(await run.play()).toBe(true);
      expect(workers).toHaveLength(2);
      expect(run.resumed).toHaveLength(1);
      expect(run.resumed[0]).toBeGreaterThanOrEqual(at - 1);
      expect(run.frames.map((f) => f.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(worst(end(run), whole)).toBe(0);
    }
  });

  it('says so when devices are lost again and again, and goes on when told', async () => {
    let losses = 0;
    const { run } = setup(SETTINGS, (message, worker) => {
      if (message.type === 'step' && message.step.step === 2 && losses < 3) {
        losses++;
        worker.lose();
      }
    });
    const ended = await run.play();
    if (!ended) {
      expect(run.phase).toBe('failed');
      expect(run.fault?.code).toBe('device-lost');
      expect(await run.play()).toBe(true);
    }
    expect(losses).toBeGreaterThan(0);
    expect(run.made).toBe(6);
  });

  it('swaps the label and cuts skips from a step on', async () => {
    const plain = await finished(SETTINGS);
    const gates = { skip_gates: Float32Array.of(0) };
    for (const change of [
      { from: 4, label: 1 },
      { from: 4, interventions: gates },
      { from: 2, to: 3, guidance: 5 },
    ]) {
      const settings = { ...SETTINGS, changes: [change] };
      const { run } = setup(settings);
      await run.play();
      expect(worst(end(run), plain)).toBeGreaterThan(1e-4);
      const same = setup(SETTINGS).run;
      await same.play();
      const before = change.from - 1;
      expect(worst(run.frames[before]!.x, same.frames[before]!.x)).toBe(0);
      expect(worst(run.frames[before + 1]!.x, same.frames[before + 1]!.x)).toBeGreaterThan(1e-6);
    }
    const all = await finished({ ...SETTINGS, interventions: gates });
    const changed = await finished({ ...SETTINGS, changes: [{ from: 1, interventions: gates }] });
    expect(worst(all, changed)).toBe(0);
  });

  it('streams tensors only where somebody looks', async () => {
    const { engine, live } = setup();
    const heard: string[][] = [];
    const run = new SamplingSession(engine, live, {
      onstep: (step) => heard.push(step.tensors.map((t) => `${t.name} ${t.shape.join()}`)),
    });
    run.settings = SETTINGS;
    await run.next();
    run.outputs = ['mid_block.attn.probs'];
    await run.next();
    expect(heard).toEqual([[], ['mid_block.attn.probs 2,2,6,6']]);
  });

  it('starts from a picture, keeps the known part, follows seeks', async () => {
    const picture = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => Math.sin(i));
    const mask = Float32Array.from({ length: 256 }, (_, i) => (i < 128 ? 1 : 0));
    const { run } = setup({ ...SETTINGS, start: 0.5, x: picture, known: { picture, mask } });
    await until(() => run.frames.length === 1);
    expect(run.frame!.t).toBe(0.5);
    expect(worst(run.frame!.x, picture)).toBe(0);
    await run.play();
    expect(end(run)[5]).toBeCloseTo(picture[5]!, 5);
    run.seekStep(2);
    expect(run.frame!.step).toBe(2);
    expect(run.following).toBe(false);
    run.back();
    expect(run.at).toBe(1);
    run.seek(-5);
    expect(run.at).toBe(0);
    run.seek(99);
    expect(run.at).toBe(6);
    run.replay(500);
    await until(() => run.replaying && run.at > 0);
    await until(() => !run.replaying);
    expect(run.at).toBe(6);
  });

  it('keeps bounded states over 500 steps', async () => {
    const { run } = setup({ ...SETTINGS, sampler: 'ddim', steps: 500, guidance: 1 }, undefined, 64);
    let most = 0;
    const playing = run.play();
    await until(() => ((most = Math.max(most, run.frames.length)), run.phase === 'done'));
    await playing;
    expect(most).toBeLessThanOrEqual(64);
    expect(run.frames[0]!.step).toBe(0);
    expect(run.last!.step).toBe(500);
    expect(run.bytes).toBeLessThanOrEqual(64 * 3 * 768 * 4);
    const steps = run.frames.map((f) => f.step).slice(0, -1);
    expect(steps.every((s, i) => s === i * (steps[1]! - steps[0]!))).toBe(true);
    expect(run.frames.slice(0, -1).every((f) => f.answer)).toBe(true);
  });

  it.each<[Partial<RunSettings>, string]>([
    [{ steps: 0 }, 'number of steps is 0'],
    [{ start: 1.5 }, 'time t is 1.5'],
    [{ sampler: 'plms' }, "no sampler called 'plms'"],
    [{ labels: [11] }, 'class is 11'],
    [{ changes: [{ from: 9 }] }, 'run has steps 1 to 6'],
    [{ changes: [{ from: 2, label: 12 }] }, 'class is 12'],
  ])('refuses %o with a sentence, and takes the next settings', async (over, sentence) => {
    const { run } = setup({ ...SETTINGS, ...over });
    expect(await run.play()).toBe(false);
    expect(run.phase).toBe('failed');
    expect(run.fault?.details.reason).toContain(sentence);
    run.settings = SETTINGS;
    expect(run.fault).toBeUndefined();
    expect(await run.play()).toBe(true);
  });

  it('does nothing for equal settings, and forgets its states for others', async () => {
    const { run } = setup();
    await run.play();
    run.settings = { ...SETTINGS, labels: [7] };
    expect(run.made).toBe(6);
    run.settings = { ...SETTINGS, labels: [8] };
    expect(run.made).toBe(0);
    expect(run.phase).toBe('idle');
  });
});
