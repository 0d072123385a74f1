import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { encode } from '#lib/graph/encode.ts';
import { Graph } from '#lib/graph/index.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { ortSessions } from './ort.ts';
import type { PreparedModel } from './prepare.ts';
import { Runner } from './runner.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = 1;

/** A running sum: `present` = `past` + `x`. */
function summing(outputs: readonly string[]): PreparedModel {
  const graph = new Graph('sum');
  const x = graph.input('x', [1, 2], ['B', 'D']);
  const past = graph.input('past', [1, 2], ['B', 'D']);
  const present = graph.add(past, x, { name: 'present' });
  graph.mul(present, graph.scalar(2), { name: 'twice' });
  return { graph, neutral: {}, bytes: 0, encoded: encode(graph, { outputs }) };
}

describe('a cache', () => {
  it('is what one pass leaves for the next, without being asked for, until it is dropped', async () => {
    const runner = new Runner({
      device: 'wasm',
      createSession: ortSessions(ort, 'wasm'),
      prepare: (_weights, _ref, { outputs }) => summing(outputs),
      weights: async () => ({ names: () => [], get: () => undefined, buffers: new Map() }),
    });
    const model = { url: 'sum', config: { files: {} } as unknown as ModelConfig };
    const context = { signal: new AbortController().signal, breathe: async () => {} };
    const pass = async (x: number, key = 'a') => {
      const { tensors } = await runner.run(
        {
          model,
          outputs: ['twice'],
          inputs: { x: Float32Array.of(x, 1), past: Float32Array.of(0, 0) },
          carry: { key, feeds: { present: 'past' } },
        },
        context,
      );
      return [...tensors[0]!.data];
    };
    expect(await pass(1)).toEqual([2, 2]);
    expect(await pass(2)).toEqual([6, 4]);
    expect(await pass(5, 'b')).toEqual([10, 2]);
    expect(await pass(3)).toEqual([12, 6]);
    runner.drop('a');
    expect(await pass(3)).toEqual([6, 2]);
    expect(runner.sessions).toBe(1);
  });
});
