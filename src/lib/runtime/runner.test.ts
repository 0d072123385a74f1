import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import { Graph } from '#lib/graph/graph.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { FileBytes, lent } from '#lib/weights/distant.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import { Runner, type RunnerTools } from './runner.ts';

const model = { url: '/m/', config: { files: {} } as ModelConfig };
const context = { signal: new AbortController().signal, breathe: async () => {} };

function setup(limits = { count: 3, bytes: 1e6 }) {
  const log: string[] = [];
  let made = 0;
  const tools: { -readonly [K in keyof RunnerTools]: RunnerTools[K] } = {
    device: 'wasm',
    limits,
    now: () => 0,
    weights: async () => ({ names: () => [], get: () => undefined, buffers: new Map() }),
    prepare: (_weights, _ref, { variant, outputs, interventions }) => {
      const graph = new Graph('toy');
      graph.input('x', [1, 2], ['B', 'D']);
      if (interventions) graph.input('pos_scale', [], []);
      log.push(`prepare p${variant?.patch} ${outputs.join('+')}`);
      const inputs = interventions ? ['x', 'pos_scale'] : ['x'];
      const neutral: Record<string, Float32Array> = interventions ? { pos_scale: Float32Array.of(1) } : {};
      return { graph, neutral, bytes: 100, encoded: { model: new Uint8Array(), externalData: [], inputs } };
    },
    createSession: async () => {
      const id = ++made;
      return {
        run: async (feeds: readonly WireTensor[], fetches: readonly string[]) => {
          log.push(`run ${id} ${feeds.map((f) => `${f.name}[${f.shape}]=${f.data}`).join(' ')} → ${fetches}`);
          return fetches.map((name) => ({ name, shape: [1], data: Float32Array.of(id) }));
        },
        release: async () => void log.push(`release ${id}`),
      };
    },
  };
  const runner = new Runner(tools);
  const run = (patch: number, outputs: string[], over: object = {}) =>
    runner.run(
      {
        model,
        variant: { patch },
        outputs,
        inputs: { x: Float32Array.of(1, 2) },
        interventions: false,
        ...over,
      },
      context,
    );
  return { runner, run, log, tools };
}

describe('Runner', () => {
  it('feeds, fetches and keeps the session, whatever the order of the outputs', async () => {
    const { run, log, runner } = setup();
    const result = await run(16, ['b', 'a']);
    expect(result).toMatchObject({ device: 'wasm', tensors: [{ name: 'b' }, { name: 'a' }] });
    await run(16, ['a', 'b']);
    expect(log).toEqual(['prepare p16 b+a', 'run 1 x[1,2]=1,2 → b,a', 'run 1 x[1,2]=1,2 → a,b']);
    expect(runner.sessions).toBe(1);
    expect(runner.bytes).toBe(100);
  });

  it('uses a kept session that has the outputs and a few more, and fetches only what was asked', async () => {
    const { run, log, runner } = setup();
    await run(16, ['a', 'b', 'c']);
    await run(16, ['b']);
    expect(log.at(-1)).toBe('run 1 x[1,2]=1,2 → b');
    await run(8, ['b']);
    await run(16, ['d']);
    expect(runner.sessions).toBe(3);
    await run(16, ['b'], { interventions: true });
    expect(log.at(-1)).toBe('run 4 x[1,2]=1,2 pos_scale[]=1 → b');
  });

  it('feeds interventions that are given, neutral ones otherwise', async () => {
    const { run, log } = setup();
    const inputs = { x: Float32Array.of(1, 2), pos_scale: Float32Array.of(0), unknown: Float32Array.of(9) };
    await run(16, ['a'], { interventions: true, inputs });
    expect(log.at(-1)).toBe('run 1 x[1,2]=1,2 pos_scale[]=0 → a');
  });

  it('is bounded and releases what it drops', async () => {
    const { run, log, runner } = setup({ count: 2, bytes: 1e6 });
    for (const patch of [8, 16, 32, 16]) await run(patch, ['a']);
    expect(runner.sessions).toBe(2);
    expect(log.filter((l) => l.startsWith('release'))).toEqual(['release 1']);
    const small = setup({ count: 99, bytes: 250 });
    for (const patch of [8, 16, 32]) await small.run(patch, ['a']);
    expect(small.runner.bytes).toBeLessThanOrEqual(250);
    small.runner.clear();
    expect(small.log.filter((l) => l.startsWith('release'))).toHaveLength(3);
  });

  it('makes room and tries once more when memory is refused', async () => {
    const { run, tools, log, runner } = setup();
    await run(8, ['a']);
    const create = tools.createSession;
    let refused = 1;
    tools.createSession = (model) =>
      refused-- > 0 ? Promise.reject(new Fault('wasm-memory')) : create(model);
    await run(16, ['a']);
    expect(log).toContain('release 1');
    expect(runner.sessions).toBe(1);
    refused = 2;
    await expect(run(32, ['a'])).rejects.toMatchObject({ code: 'wasm-memory' });
  });

  it('prepares ahead without running', async () => {
    const { run, log } = setup();
    expect((await run(8, ['a'], { prepareOnly: true, inputs: {} })).tensors).toEqual([]);
    await run(8, ['a']);
    expect(log).toEqual(['prepare p8 a', 'run 1 x[1,2]=1,2 → a']);
  });

  it('names an input that is missing or misshapen', async () => {
    const { run } = setup();
    await expect(run(16, ['a'], { inputs: {} })).rejects.toMatchObject({
      code: 'run-failed',
      details: { tensor: 'x' },
    });
    const inputs = { x: new Float32Array(3) };
    await expect(run(16, ['a'], { inputs })).rejects.toThrow(/3 values, not \[1, 2\]/);
  });

  it('lets go of files that are held for the first session, also of one that cannot be made', async () => {
    const { run, tools } = setup();
    const { createSession } = tools;
    const held = (): FileBytes => new FileBytes(new Uint8Array(8), () => new Uint8Array(8));
    let file = held();
    tools.weights = async () => ({ names: () => [], get: () => undefined, buffers: new Map([['a', file]]) });
    tools.createSession = async (...of) => {
      expect(file.held).toBe(8);
      return createSession(...of);
    };
    // Of a small part of the network: the rest is still to be taken.
    await run(16, ['a']);
    expect(file.held).toBe(8);
    tools.createSession = async (...of) => {
      lent(() => file.subarray(0, 5));
      return createSession(...of);
    };
    await run(16, ['b']);
    expect(file.held).toBe(0);
    file = held();
    tools.createSession = async () => {
      throw new Fault('run-failed');
    };
    await expect(run(8, ['a'])).rejects.toMatchObject({ code: 'run-failed' });
    expect(file.held).toBe(0);
  });

  it('delivers nothing once it is cancelled', async () => {
    const { runner, log } = setup();
    let breaths = 0;
    const stop = {
      ...context,
      breathe: async () => {
        if (++breaths === 2) throw new Fault('cancelled');
      },
    };
    const request = { model, variant: { patch: 16 }, outputs: ['a'], inputs: {}, interventions: false };
    await expect(runner.run(request, stop)).rejects.toMatchObject({ code: 'cancelled' });
    expect(log).toEqual(['prepare p16 a']);
    expect(runner.sessions).toBe(1);
  });
});
