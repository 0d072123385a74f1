/**
 * A family is added by its folder alone. The project is copied, the folder of an MLP-Mixer (tests/fixtures/families) is
 * put under src/lib/models/, a model folder with seeded weights beside the others, and nothing else is touched: then the
 * command line, LiveModel and the inspector are asked for it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gaussian, seededWeights } from '#lib/graph/seeded.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { MIXER_DEFAULTS } from './fixtures/families/mixer/config.ts';
import { mixer } from './fixtures/families/mixer/graph.ts';
import { ScratchProject } from './scratch-project.ts';
import { sources } from './sources.ts';

// Each call starts Node anew; the last one starts a test run of its own.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let project: ScratchProject;
const MODEL = 'models/mixer-nano-seeded';
const weights = seededWeights(mixer(MIXER_DEFAULTS), 11, (w, z) =>
  w.shape.length > 1 ? 0.3 * z : 1 + 0.1 * z,
);

beforeAll(async () => {
  project = new ScratchProject('family');
  project.add('tests/fixtures/families/mixer', 'src/lib/models/mixer');
  project.add('tests/fixtures/families/inside.svelte.ts', 'tests/inside.svelte.test.ts');

  mkdirSync(project.at(MODEL), { recursive: true });
  const config = {
    schema: 'patchwork-model/1',
    name: 'mixer-nano-seeded',
    architecture: 'mixer',
    config: MIXER_DEFAULTS,
    preprocessing: {
      size: [24, 40],
      fit: 'crop',
      interpolation: 'bilinear',
      antialias: true,
      mean: [0.5],
      std: [0.5],
    },
    labels: ['a', 'b', 'c'].map((id) => ({ id, en: id, zh: id })),
    files: {},
  };
  writeFileSync(project.at(`${MODEL}/config.json`), JSON.stringify(config));
  writeFileSync(project.at(`${MODEL}/model.safetensors`), writeSafetensors(tensorsOf(weights)));
  const next = gaussian(3);
  const pixels = Uint8Array.from({ length: 60 * 50 * 3 }, () => Math.min(255, Math.abs(90 * next())));
  await sharp(pixels, { raw: { width: 60, height: 50, channels: 3 } })
    .png()
    .toFile(project.at('picture.png'));
});
afterAll(() => project.remove());

const patchwork = (...args: string[]) => project.node('bin/patchwork.js', ...args);

it('nothing of the project itself knows its name', () => {
  const knowing = sources().filter(
    ({ path, text }) => !path.startsWith('lessons/') && /mixer/i.test(path + text),
  );
  expect(knowing.map(({ path }) => path)).toEqual([]);
});

describe('the command line', () => {
  it('describes its published sizes, its folder and its bare weights', async () => {
    const named = await patchwork('describe', 'mixer-nano');
    expect(named, named.err).toMatchObject({ status: 0 });
    expect(named.out).toContain('blocks.1.mlp_tokens.residual');
    const folder = await patchwork('describe', MODEL);
    expect(folder.out).toContain('[1, 1, 24, 40]');
    const bare = await patchwork(
      'describe',
      `${MODEL}/model.safetensors`,
      '--set',
      'height=24',
      '--set',
      'width=40',
    );
    expect(bare, bare.err).toMatchObject({ status: 0 });
    const unset = await patchwork('describe', `${MODEL}/model.safetensors`);
    expect(unset.status).toBe(2);
    expect(unset.err).toContain('--set height=… --set width=…');
  });

  it('runs it on a picture, and its ONNX file gives the same numbers', async () => {
    const ran = await patchwork(
      'run',
      MODEL,
      '--image',
      'picture.png',
      '--tensors',
      'all',
      '--out',
      'all.safetensors',
    );
    expect(ran, ran.err).toMatchObject({ status: 0 });
    const all = parseSafetensors(readFileSync(project.at('all.safetensors')));
    expect(all.tensor('x').shape).toEqual([1, 1, 24, 40]);
    expect(all.names()).toEqual(expect.arrayContaining(mixer(MIXER_DEFAULTS).tensorNames()));

    const made = await patchwork('onnx', MODEL, '--out', 'mixer.onnx');
    expect(made, made.err).toMatchObject({ status: 0 });
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(readFileSync(project.at('mixer.onnx')));
    const { logits } = await session.run({ x: new ort.Tensor('float32', all.float32('x'), [1, 1, 24, 40]) });
    const wanted = [...all.float32('logits')];
    [...(logits!.data as Float32Array)].forEach((v, i) => expect(v).toBeCloseTo(wanted[i]!, 5));
    expect(new Set(wanted).size).toBe(3);
  });
});

it('LiveModel and the inspector show it', async () => {
  const ran = await project.node('node_modules/vitest/vitest.mjs', 'run', 'tests/inside.svelte.test.ts');
  expect(ran.status, ran.out.slice(-3000) + ran.err.slice(-2000)).toBe(0);
  expect(ran.out).toMatch(/4 passed/);
});
