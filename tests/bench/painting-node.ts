// Pictures from words, by diffusion in latents and by codes, in the worker's programs on WASM, in a process of its own:
// `node --expose-gc --import tsx tests/bench/painting-node.ts <threads>`. Prints its figures as JSON.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as ort from 'onnxruntime-web';
import type { CodesToPicture, CodeStep } from '#lib/programs/codes-to-picture/call.ts';
import type { ProgramStep } from '#lib/programs/program.ts';
import type { PaintedStep, WordsToPicture } from '#lib/programs/words-to-picture/call.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { runProgram } from '#lib/runtime/programs.ts';
import type { ModelRef } from '#lib/runtime/protocol.ts';
import { Runner } from '#lib/runtime/runner.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { median } from './table.ts';

/** Figures of one number of threads, milliseconds unless said. */
export interface PaintingTimes {
  /** One step of the denoiser in latents, batch 2 for guidance, with everything the worker does but decoding. */
  readonly step: number;
  /** One picture of latents decoded. */
  readonly decode: number;
  /** A whole picture of codes, from the words to the decoded picture. */
  readonly raster: number;
  readonly masked: number;
  readonly scales: number;
  /** The same with what the codes leave over painted, too. */
  readonly refined: number;
  /** Passes of the generator for such a picture. */
  readonly passes: { readonly raster: number; readonly masked: number; readonly scales: number };
  /** Bytes held after 5 and after 50 pictures, garbage collected; and of the whole process, WebAssembly's memory included. */
  readonly held5: number;
  readonly held50: number;
  readonly whole5: number;
  readonly whole50: number;
}

const ROUNDS = 5;
const STEPS = 20;
/** Steps of a picture whose memory is watched: each is decoded. */
const WATCHED_STEPS = 4;
ort.env.wasm.numThreads = Number(process.argv[2] ?? 1);
ort.env.logLevel = 'error';

const read = (model: string, file: string) => new Uint8Array(readFileSync(`models/${model}/${file}`));
const textOf = (model: string, file: string) => new TextDecoder().decode(read(model, file));
const refOf = (model: string): ModelRef => ({
  url: model,
  config: parseModelConfig(textOf(model, 'config.json')),
});
const runner = new Runner({
  device: 'wasm',
  createSession: ortSessions(ort, 'wasm'),
  prepare: (source, ref, request) => prepareModel(source, ref.config, request),
  weights: async ({ url, config }) =>
    bindWeights(parseSafetensors(read(basename(url), 'model.safetensors')), config),
});
const context = { signal: new AbortController().signal, breathe: async () => {} };

const tower = refOf('clip');
const tokenizer = tokenizerFor(tower.config, textOf('clip', 'tokenizer.json'), 'tokenizer.json');
const row = (text: string) => tokenizer.encode(text).ids;
const [goat, empty] = [row('goat'), row('')];

async function run<Step extends ProgramStep>(
  program: string,
  models: Readonly<Record<string, ModelRef>>,
  spec: unknown,
  onStep: (step: Step) => void = () => {},
): Promise<number> {
  const began = performance.now();
  await runProgram(
    { program, models, spec },
    {
      run: (pass) => runner.run(pass, context as never),
      onStep: (step) => onStep(step as Step),
      drop: (key) => runner.drop(key),
      signal: context.signal,
    },
  );
  return performance.now() - began;
}

const latents = { text: tower, denoiser: refOf('uvit-words'), decoder: refOf('kl-f8') };
const painted = (over: Partial<WordsToPicture> = {}): WordsToPicture => ({
  sampler: 'ddim',
  steps: STEPS,
  labels: [3],
  seed: 1,
  guidance: 2,
  words: [{ after: 0, texts: [goat] }],
  empty,
  ...over,
});
/** Milliseconds of each step but the first, and of each decoding. */
async function paint(spec: WordsToPicture): Promise<{ steps: number[]; decodes: number[] }> {
  const [steps, decodes]: [number[], number[]] = [[], []];
  let last = Number.NaN;
  await run<PaintedStep>('words-to-picture', latents, spec, ({ decodeMs }) => {
    const now = performance.now();
    if (last === last) steps.push(now - last - decodeMs);
    decodes.push(decodeMs);
    last = now;
  });
  return { steps, decodes };
}

const byCodes = {
  raster: { text: tower, generator: refOf('raster-words'), decoder: refOf('vq-f8') },
  masked: { text: tower, generator: refOf('masked-words'), decoder: refOf('vq-f8') },
  scales: { text: tower, generator: refOf('scales-words'), decoder: refOf('var-f8') },
};
type Order = keyof typeof byCodes;
const refined = { ...byCodes.scales, refiner: refOf('hart-words') };
const written: CodesToPicture = { words: goat, empty, style: 3, seed: 1, guidance: 2, decode: 'last' };
const passes = { raster: 0, masked: 0, scales: 0 };
const write = (order: Order) =>
  run<CodeStep>('codes-to-picture', byCodes[order], written, (step) => (passes[order] = step.passes));
const refine = () => run('codes-to-picture', refined, written);

const took = {
  step: [] as number[],
  decode: [] as number[],
  raster: [] as number[],
  masked: [] as number[],
  scales: [] as number[],
  refined: [] as number[],
};
for (let i = 0; i <= ROUNDS; i++) {
  // In turns, so that a change in the machine's load meets all alike. The first round builds the sessions.
  const { steps, decodes } = await paint(painted());
  const codes = [
    await write('raster'),
    await write('masked'),
    await write('scales'),
    await refine(),
  ] as const;
  if (i === 0) continue;
  took.step.push(median(steps));
  took.decode.push(median(decodes));
  took.raster.push(codes[0]);
  took.masked.push(codes[1]);
  took.scales.push(codes[2]);
  took.refined.push(codes[3]);
}

const held = () => {
  // The buffers of one collection are freed beside the program; the next waits until that is done.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const [heldAfter, wholeAfter]: [number[], number[]] = [[], []];
for (let i = 1; i <= 50; i++) {
  await paint(painted({ steps: WATCHED_STEPS, seed: i }));
  await write('scales');
  if (i !== 5 && i !== 50) continue;
  heldAfter.push(held());
  wholeAfter.push(process.memoryUsage.rss());
}
const figures: PaintingTimes = {
  step: median(took.step),
  decode: median(took.decode),
  raster: median(took.raster),
  masked: median(took.masked),
  scales: median(took.scales),
  refined: median(took.refined),
  passes,
  held5: heldAfter[0]!,
  held50: heldAfter[1]!,
  whole5: wholeAfter[0]!,
  whole50: wholeAfter[1]!,
};
console.log(JSON.stringify(figures));
process.exit(0);
