// The sampling loop of the worker on WASM, in a process of its own: `node --expose-gc --import tsx tests/bench/denoise-node.ts <threads>`.
// Prints its figures as JSON.
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { Frames } from '#lib/diffusion/session/frames.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { Runner } from '#lib/runtime/runner.ts';
import { runProgram } from '#lib/runtime/programs.ts';
import type { SampleStep } from '#lib/diffusion/sampler/loop.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type DiffusionModel } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { median } from './table.ts';

/** Figures of one number of threads, milliseconds unless said. */
export interface DenoiseTimes {
  /** One pass of batch 2 on a bare session: the mean of a round. */
  readonly bare: number;
  /** The median of all those passes, each by itself: what the passes in Python are said as. */
  readonly pass: number;
  /** One step of the loop, with everything the worker does. */
  readonly step: number;
  /** The same over the bare pass, a ratio. */
  readonly overhead: number;
  /** A step that also fetches the attention of one layer, over the same step without. */
  readonly attention: number;
  /** Bytes held after 150 and after 500 steps, garbage collected, without the states the page keeps. */
  readonly at150: number;
  readonly at500: number;
  /** Bytes of the whole process then, WebAssembly's memory included. */
  readonly whole150: number;
  readonly whole500: number;
  /** Bytes of the states the page keeps of those 500 steps. */
  readonly kept: number;
}

const MODEL = 'uvit-cifar10';
const ROUNDS = 5;
const STEPS = 20;
ort.env.wasm.numThreads = Number(process.argv[2] ?? 1);
ort.env.logLevel = 'error';

const read = (file: string) => new Uint8Array(readFileSync(`models/${MODEL}/${file}`));
const config = parseModelConfig(new TextDecoder().decode(read('config.json'))) as DiffusionModel;
const weights = bindWeights(parseSafetensors(read('model.safetensors')), config);
const model = { url: 'bench', config };
const context = { signal: new AbortController().signal, breathe: async () => {} };
const runner = new Runner({
  device: 'wasm',
  createSession: ortSessions(ort, 'wasm'),
  prepare: (source, ref, request) => prepareModel(source, ref.config, request),
  weights: async () => weights,
});
const spec = { sampler: 'ddim', steps: STEPS, labels: [7], seed: 1, guidance: 2 };
async function loop(
  over: { steps?: number; outputs?: string[] },
  onStep: (step: SampleStep) => void = () => {},
) {
  const result = await runProgram(
    { program: 'sampling', models: { denoiser: model }, spec: { ...spec, ...over } },
    {
      run: (pass) => runner.run(pass, context as never),
      onStep: (step) => onStep(step as SampleStep),
      signal: context.signal,
    },
  );
  return result.ms / result.steps;
}

const { graph, encoded } = prepareModel(weights, config, { batch: 2, outputs: ['prediction'] });
const session = await ortSessions(ort, 'wasm')(encoded, { lasting: true });
const feeds = encoded.inputs.map((name) => {
  const { shape } = graph.value(name);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, (_, i) =>
    name === 'x' ? Math.sin(0.01 * i) : name === 't' ? 500 : 7,
  );
  return { name, shape, data };
});
const passes: number[] = [];
async function bare() {
  const began = performance.now();
  for (let i = 0; i < STEPS; i++) {
    const start = performance.now();
    await session.run(feeds, ['prediction']);
    passes.push(performance.now() - start);
  }
  return (performance.now() - began) / STEPS;
}
const outputs = ['mid_block.attn.probs'];
await bare();
await loop({});
await loop({ outputs });
const took = {
  bare: [] as number[],
  step: [] as number[],
  attention: [] as number[],
  loaded: [] as number[],
};
passes.length = 0;
// In turns, so that a change in the machine's load meets all alike.
for (let i = 0; i < ROUNDS; i++) {
  const [b, s, a] = [await bare(), await loop({}), await loop({ outputs })];
  took.bare.push(b);
  took.step.push(s);
  took.loaded.push(s / b);
  took.attention.push(a / s);
}

const held = () => {
  // The buffers of one collection are freed beside the program; the next waits until that is done.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const frames = new Frames();
frames.begin(new Float32Array(config.config.channels * config.config.image ** 2), 1);
let at150 = 0;
let at500 = 0;
let whole150 = 0;
let whole500 = 0;
await loop({ steps: 500 }, (step) => {
  frames.take(step);
  if (step.step === 150) {
    at150 = held() - frames.bytes;
    whole150 = process.memoryUsage.rss();
  }
  if (step.step === 500) {
    at500 = held() - frames.bytes;
    whole500 = process.memoryUsage.rss();
  }
});
const figures: DenoiseTimes = {
  bare: median(took.bare),
  pass: median(passes),
  step: median(took.step),
  overhead: median(took.loaded),
  attention: median(took.attention),
  at150,
  at500,
  whole150,
  whole500,
  kept: frames.bytes,
};
console.log(JSON.stringify(figures));
process.exit(0);
