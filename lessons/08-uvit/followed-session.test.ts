import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { Listening } from './listening.svelte.ts';
import { FollowedSession } from './followed-session.svelte.ts';

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

const base: RunSettings = { sampler: 'dpmpp-2m', steps: 5, labels: [7, 7], seed: 3 };
const other = (seed: number): RunSettings => ({ ...base, seed });
const until = (what: () => boolean) => vi.waitUntil(what, { interval: 1, timeout: 10_000 });
function setup(streams: boolean) {
  const { engine } = engineHere(Engine);
  const live = new LiveModel(engine, 'uvit-tiny', { ahead: false });
  return { engine, live, followed: new FollowedSession(engine, live, streams) };
}

describe('a run that follows the reader', () => {
  it('keeps the finished pictures until the newest wish is painted, and lets what is under way finish', async () => {
    const { followed } = setup(false);
    followed.ask(base);
    await until(() => followed.finished !== undefined);
    const first = followed.frames;
    expect(first.map((f) => f.step)).toEqual([0, 1, 2, 3, 4, 5]);
    followed.ask(other(4));
    await until(() => followed.run.busy);
    followed.ask(other(5));
    followed.ask(other(6));
    const seen = new Set<number | undefined>();
    await until(() => {
      seen.add(followed.finished?.settings.seed);
      return !followed.pending;
    });
    // Seed 5 was passed over; the pictures on show are always those of a finished run.
    expect([...seen]).toEqual([3, 4, 6]);
    expect(followed.frames).not.toBe(first);
  });

  it('streaming, shows the new run from its first step, and the finished one when the reader comes back', async () => {
    const { followed } = setup(true);
    followed.ask(base);
    await until(() => !followed.pending);
    const first = followed.frames;
    followed.ask(other(4));
    await until(() => followed.run.made === 2);
    expect(followed.frames.at(-1)?.step).toBeLessThan(5);
    followed.ask(base);
    expect(followed.pending).toBe(false);
    expect(followed.frames).toBe(first);
  });

  it('goes on after a stop', async () => {
    const { followed } = setup(false);
    followed.ask(base);
    await until(() => followed.run.made === 1);
    followed.stop();
    expect(followed.pending).toBe(true);
    expect(followed.run.busy).toBe(false);
    followed.again();
    await until(() => !followed.pending);
    expect(followed.frames).toHaveLength(6);
  });
});

describe('listening', () => {
  it('measures each state once, in order, and begins anew with another run', async () => {
    const { live, followed } = setup(false);
    followed.ask(base);
    await until(() => followed.finished !== undefined);
    const names = ['in_blocks.0', 'mid_block', 'out_blocks.0'].map((b) => `${b}.attn.probs`);
    const listening = new Listening(live, names, { grid: 2, prefix: 2, time: 1, label: 0 });
    listening.follow(followed.frames, 7);
    await until(() => listening.heard.length === 5);
    expect(listening.heard.map((h) => h.step)).toEqual([0, 1, 2, 3, 4]);
    expect(listening.heard[0]!.t).toBe(1);
    for (const { measures } of listening.heard) {
      expect(measures['to-time']).toHaveLength(6);
      for (const v of measures['to-time']) expect(v).toBeGreaterThan(0);
      for (const v of measures['to-label']) expect(v).toBeLessThan(1);
    }
    const before = listening.heard;
    listening.follow(followed.frames, 7);
    expect(listening.heard).toBe(before);
    followed.ask(other(9));
    await until(() => !followed.pending);
    listening.follow(followed.frames, 7);
    expect(listening.heard).toEqual([]);
    await until(() => listening.heard.length === 5);
    expect(listening.fault).toBeUndefined();
    expect(listening.heard[1]!.measures).not.toEqual(before[1]!.measures);
  });
});
