import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { paintedOf } from '#lib/analysis/painted.ts';
import { preprocess, unpreprocess } from '#lib/images/index.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { ProgramSession } from '#lib/live/program-session.svelte.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { familyOf, type InputValues } from '#lib/models/registry.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { ortSessions } from '#lib/runtime/ort.ts';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { PROGRAM, SHOWN } from './program.ts';

// The page's side and the real worker's code, in one process, on two committed tiny models.
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

const PAINTER = 'mae-tiny';
const CLASSIFIER = 'vit-tiny';
const config = (name: string) => parseModelConfig(readFileSync(`models/${name}/config.json`, 'utf8'));
const painter = config(PAINTER);
const picture = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => Math.sin(0.05 * i) * 0.9);
const fed = (seed: number): InputValues =>
  familyOf(painter.architecture).feed(painter.config, { picture, time: 0, class: 0, seed, visible: [] })!;

/** One pass of a model by itself. */
async function alone(name: string, inputs: InputValues, output: string): Promise<Float32Array> {
  const model = config(name);
  const weights = bindWeights(parseSafetensors(readFileSync(`models/${name}/model.safetensors`)), model);
  const { graph, encoded } = prepareModel(weights, model, { outputs: [output] });
  const session = await ortSessions(ort, 'wasm')(encoded);
  const feeds = encoded.inputs.map((n) => ({ name: n, shape: graph.value(n).shape, data: inputs[n]! }));
  const [result] = await session.run(feeds, [output]);
  await session.release();
  return result!.data;
}
function setup(onpost?: Parameters<typeof engineHere>[1]) {
  const { engine, workers } = engineHere(Engine, onpost);
  const parts = { painter: new LiveModel(engine, PAINTER), classifier: new LiveModel(engine, CLASSIFIER) };
  return { session: new ProgramSession(engine, PROGRAM, parts), workers };
}
/** max |a − b|: a lasting session is optimised, and adds in another order. */
const apart = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};
const until = (what: () => boolean) => vi.waitUntil(what, { interval: 1, timeout: 20_000 });

describe('paint, then classify', () => {
  it('gives what its networks give one by one', async () => {
    const { session } = setup();
    const inputs = fed(1);
    session.spec = { painter: inputs };
    await until(() => session.phase === 'done');
    expect(session.steps.map(({ step, total, part }) => [step, total, part])).toEqual([
      [1, 4, 'painter'],
      [2, 4, 'classifier'],
      [3, 4, 'classifier'],
      [4, 4, 'classifier'],
    ]);
    const { values } = session.steps.at(-1)!;
    const answer = await alone(PAINTER, inputs, 'reconstruction');
    expect(apart(values.answer!, answer)).toBeLessThan(1e-5);
    const size = painter.config as { image: number; patch: number; channels: number };
    const { seen, painted } = paintedOf(picture, values.answer!, [...inputs.ids_keep!], size);
    const classifier = config(CLASSIFIER);
    for (const [i, shown] of [picture, seen, painted].entries()) {
      const x = preprocess(unpreprocess(shown, painter.preprocessing), classifier.preprocessing);
      expect(session.steps[i + 1]!.inputs.x).toEqual(x);
      const probs = await alone(CLASSIFIER, { x }, 'probs');
      expect(apart(values[`${SHOWN[i]!}.probs`]!, probs)).toBeLessThan(1e-5);
    }
    expect(session.steps.filter(({ ms }) => ms > 0)).toHaveLength(4);
  });

  it('shows the newest masking only, and keeps the old one on show until then', async () => {
    const { session } = setup();
    session.spec = { painter: fed(1) };
    await until(() => session.phase === 'done');
    const before = session.steps;
    session.spec = { painter: fed(2) };
    expect(session.stale).toBe(true);
    expect(session.steps).toBe(before);
    session.spec = { painter: fed(3) };
    await until(() => session.phase === 'done' && !session.stale);
    expect([...session.steps[0]!.inputs.ids_keep!]).toEqual([...fed(3).ids_keep!]);
    expect(session.steps).toHaveLength(4);
  });

  it('goes on after a lost device where it was', async () => {
    let lost = false;
    const { session, workers } = setup((message, worker) => {
      if (message.type !== 'step' || message.step.step !== 2 || lost) return;
      lost = true;
      worker.lose();
    });
    session.spec = { painter: fed(1) };
    await until(() => session.phase === 'done');
    expect(session.resumed).toBe(1);
    expect(workers).toHaveLength(2);
    expect(session.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const asked = workers[1]!.heard.find((m) => m.type === 'program');
    // The loss overtakes the step it was told with: what had come before is not computed again.
    expect(asked?.type === 'program' && (asked.body.resume as { step: number }).step).toBe(1);
  });

  it('stops when it is cancelled, and runs again', async () => {
    const { session } = setup();
    session.spec = { painter: fed(1) };
    await until(() => session.steps.length > 0 || session.phase === 'running');
    session.cancel();
    expect(session.busy).toBe(false);
    session.retry();
    await until(() => session.phase === 'done');
    expect(session.steps).toHaveLength(4);
  });

  it('says what does not fit', async () => {
    const { session } = setup();
    session.spec = { painter: { x: picture } };
    await until(() => session.phase === 'failed');
    expect(session.fault?.message).toContain('input ids_keep is missing');
  });
});
