import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { computeCell } from '#lib/analysis/cell/compute.ts';
import type { Graph, Value } from '#lib/graph/index.ts';
import { familyOf } from '#lib/models/registry.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { float32Of } from '#lib/weights/source.ts';
import { HeldModel, passName, type Pass } from './held.ts';

// "How was this cell computed?" on the stored models: the recomputed number is the one onnxruntime computed on WASM.

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = availableParallelism();

const MODELS = new URL('../../models/', import.meta.url);
const folders = readdirSync(MODELS).filter((name) =>
  existsSync(new URL(`${name}/golden.safetensors`, MODELS)),
);
/**
 * A float32 program against double precision, both from the same float32 operands: rounding, as a share of the sizes of
 * all numbers that were added. One step of float32 is 6e-8; sums of hundreds, GELU and softmax are a few.
 */
const TOLERANCE = 2e-6;

/** The operations between a tensor and the named ones before it, those that only move numbers left out. */
function kindOf(value: Value): string {
  const MOVES = ['Reshape', 'Transpose', 'Slice', 'Split', 'Concat', 'Expand', 'Identity'];
  const found = new Set<string>();
  const walk = (v: Value) => {
    const node = v.producer;
    if (!node || (v !== value && !v.internal)) return;
    if (!MOVES.includes(node.op)) found.add(node.op);
    node.inputs.forEach(walk);
  };
  walk(value);
  return [...found].sort().join(' ') || 'moved';
}

/** One tensor of each kind, from the middle of the network. */
function oneOfEach(graph: Graph): Map<string, string> {
  const all = new Map<string, string[]>();
  for (const name of graph.tensorNames()) {
    const value = graph.value(name);
    if (value.kind !== 'node') continue;
    const kind = kindOf(value);
    all.set(kind, [...(all.get(kind) ?? []), name]);
  }
  return new Map([...all].map(([kind, names]) => [kind, names[names.length >> 1]!]));
}

describe.each(folders)('%s', (folder) => {
  const held = new HeldModel((file) => readFileSync(new URL(`${folder}/${file}`, MODELS)));
  /** The smallest number of tokens, and for the others the graph that the page runs: with its interventions. */
  const pass: Pass = held.passes.at(-1)!;

  it(`recomputes a cell of every kind of operation: ${passName(pass)}`, { timeout: 120_000 }, async () => {
    const answers = familyOf(held.model.architecture).answers(held.model.config);
    const kinds = oneOfEach(held.prepare(pass, answers).graph);
    expect(kinds.size).toBeGreaterThan(5);
    const { graph } = held.prepare(pass, answers);
    const operands = (value: Value): string[] =>
      (value.producer?.inputs ?? []).flatMap((v) =>
        v.internal && v.kind === 'node' ? operands(v) : [v.name],
      );
    const wanted = [...kinds.values()].flatMap((name) => [name, ...operands(graph.value(name))]);
    const outputs = [...new Set(wanted)].filter((name) => graph.value(name).kind === 'node');
    const prepared = held.prepare(pass, outputs);
    const { results, fed } = await held.run(pass, prepared, ortSessions(ort, 'wasm'), outputs);
    const tensors = new Map(results.map(({ name, data }) => [name, data]));
    const weights = new Map<string, Float32Array | undefined>();
    const valuesOf = (name: string) => {
      if (!weights.has(name)) weights.set(name, float32Of(prepared.weights!, name));
      return tensors.get(name) ?? fed.get(name) ?? weights.get(name);
    };

    const worst: string[] = [];
    for (const [kind, name] of kinds) {
      const { shape } = graph.value(name);
      for (const part of [0, 0.31, 0.62, 1]) {
        const index = shape.map((n) => Math.min(n - 1, Math.floor(part * n)));
        const cell = computeCell(graph, name, index, (of, i) => {
          const flat = i.reduce((at, k, d) => at * graph.value(of).shape[d]! + k, 0);
          return valuesOf(of)?.[flat];
        });
        const flat = index.reduce((at, k, d) => at * shape[d]! + k, 0);
        const off = cell ? Math.abs(cell.value - valuesOf(name)![flat]!) / cell.magnitude : Infinity;
        if (!(off <= TOLERANCE)) worst.push(`${name}[${index.join()}] (${kind}): ${off}`);
      }
    }
    expect(worst).toEqual([]);
  });
});
