import { expect } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { runGraph, type Feeds } from '#lib/graph/session.testing.ts';
import type { Graph, WeightSource } from '#lib/graph/index.ts';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import type { Family } from './family.ts';
import { neutralOf } from './registry.ts';
import type { Tensors } from './shared/rows.testing.ts';

/** Names that a forward pass can be asked for, inputs left out. */
export function computed(g: Graph): string[] {
  return g.tensorNames().filter((name) => g.value(name).kind === 'node');
}

/** Weights large enough that every part of the network shows in its output. */
export function lively(g: Graph, seed = 3): WeightSource {
  return seededWeights(g, seed, (v, z) => (/norm\w*\.weight$/.test(v.name) ? 1 + 0.3 * z : 0.4 * z));
}

/** max |a − b| over 1 + max |b|. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let [worst, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(b[i]!));
    if (Number.isNaN(a[i]!) || Number.isNaN(b[i]!)) return NaN;
  }
  return worst / (1 + scale);
}

/** Every named tensor of a graph, from onnxruntime. */
export function runAll(g: Graph, feeds: Feeds, weights: WeightSource): Promise<Record<string, Tensor>> {
  return runGraph(g, computed(g), feeds, weights);
}

/** Expects the graph's named tensors to be exactly those of `want`, with its values for picture `at` of the batch. */
export function expectTensors(g: Graph, got: Record<string, Tensor>, want: Tensors, at = 0): void {
  expect(Object.keys(want).sort()).toEqual(computed(g).sort());
  for (const [name, reference] of Object.entries(want)) {
    const { data, shape } = got[name]!;
    // What no picture has a part in is the same for all of them.
    const batched = g.value(name).dims[0] === 'B';
    const one = batched ? data.length / (shape[0] ?? 1) : data.length;
    const from = batched ? at * one : 0;
    expect(apart(data.slice(from, from + one), reference), name).toBeLessThan(2e-5);
  }
}

/** Feeds with every intervention neutral. */
export function neutralFeeds<C extends object>(family: Family<C>, config: C): Feeds {
  const neutral = neutralOf({ architecture: family.id, config });
  return Object.fromEntries(Object.entries(neutral).map(([name, v]) => [name, v.data]));
}

/** Expects the intervention inputs of the graph to be those that the family lists, with its shapes and as many values. */
export function expectNeutral<C extends object>(family: Family<C>, c: C): void {
  const shapes = (live: boolean) =>
    Object.fromEntries(
      [...family.build(c, { interventions: live }).values.values()]
        .filter((v) => v.kind === 'input')
        .map((v) => [v.name, v.shape]),
    );
  const neutral = neutralOf({ architecture: family.id, config: c });
  for (const { data, shape } of Object.values(neutral)) expect(data.length).toBe(sizeOf(shape));
  const listed = Object.fromEntries(Object.entries(neutral).map(([name, { shape }]) => [name, shape]));
  expect(shapes(true)).toEqual({ ...shapes(false), ...listed });
}
