import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { graphOf } from '#lib/models/registry.ts';
import { decodeImage } from '#lib/images/decode.node.ts';
import { preprocess } from '#lib/images/preprocess.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import {
  parseSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
} from '#lib/weights/safetensors.ts';
import { asHuggingFace, tensorsOf } from '#lib/weights/testing.ts';
import { inside, patchwork } from './testing.ts';

const TINY = 'models/vit-tiny';
const model = parseModelConfig(readFileSync(`${TINY}/config.json`, 'utf8'));
const golden = parseSafetensors(readFileSync(`${TINY}/golden.safetensors`));
const timm = tensorsOf(parseSafetensors(readFileSync(`${TINY}/model.safetensors`)));

// A process of its own takes seconds for Node and the runtime, so the first test alone has one.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const at = (name: string): string => join(folder, name);
const open = (name: string): SafetensorsFile => parseSafetensors(readFileSync(at(name)), name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  mkdirSync(at('pictures'));
  const gradient = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 7) % 256);
  const picture = sharp(gradient, { raw: { width: 60, height: 40, channels: 3 } });
  await picture.clone().png().toFile(at('pictures/b.png'));
  await picture.clone().withMetadata({ orientation: 6 }).jpeg().toFile(at('pictures/a.JPG'));
  writeFileSync(at('pictures/notes.txt'), 'no picture');
  writeFileSync(
    at('x.safetensors'),
    writeSafetensors([{ name: 'x', shape: [1, 3, 32, 32], data: golden.float32('x') }]),
  );
  const named: [string, TensorToWrite[]][] = [
    ['timm', timm],
    ['hf4', asHuggingFace(timm, 'hf-v4')],
    ['hf5', asHuggingFace(timm, 'hf-v5', '')],
  ];
  for (const [name, tensors] of named) writeFileSync(at(`${name}.safetensors`), writeSafetensors(tensors));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  images: { image: string; top5: { class: string; p: number }[] }[];
}

/** The largest difference between two tensors of the same size. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('patchwork run', () => {
  it('classifies the pictures of a folder and keeps their tensors, stacked', async () => {
    const out = at('all.safetensors');
    const { status, stdout, stderr } = await patchwork(
      'run',
      TINY,
      '--image',
      at('pictures'),
      '--tensors',
      'all',
      '--out',
      out,
      '--json',
    );
    expect([status, stderr]).toEqual([0, '']);
    const { images } = JSON.parse(stdout) as Ran;
    expect(images.map((i) => i.image)).toEqual([at('pictures/a.JPG'), at('pictures/b.png')]);

    const file = open('all.safetensors');
    const graph = graphOf(model);
    expect(file.names()).toEqual(graph.tensorNames());
    for (const name of file.names())
      expect(file.tensor(name).shape).toEqual([2, ...graph.value(name).shape.slice(1)]);
    expect(JSON.parse(file.metadata.images!)).toEqual(images.map((i) => i.image));

    const probs = file.float32('probs');
    for (const [index, { image, top5 }] of images.entries()) {
      const seen = preprocess(await decodeImage(readFileSync(image), image), model.preprocessing);
      expect(file.float32('x').slice(index * seen.length, (index + 1) * seen.length)).toEqual(seen);
      expect(top5).toHaveLength(5);
      const mine = probs.slice(index * 10, index * 10 + 10);
      const order = model.labels
        .map((label, i) => ({ class: label.id, p: mine[i]! }))
        .sort((a, b) => b.p - a.p);
      expect(top5).toEqual(order.slice(0, 5));
    }
  });

  it('gives PyTorch’s numbers for an exact input, at the stored and at another patch size', async () => {
    for (const patch of [4, 16]) {
      const wanted = patch === 16 ? 'logits,blocks.1.attn.probs' : 'logits';
      const { status } = await inside(
        'run',
        TINY,
        '--input',
        at('x.safetensors'),
        '--patch',
        String(patch),
        '--tensors',
        wanted,
        '--out',
        at('g.safetensors'),
      );
      expect(status).toBe(0);
      for (const name of wanted.split(',')) {
        expect(
          difference(open('g.safetensors').float32(name), golden.float32(`p${patch}/${name}`)),
        ).toBeLessThan(1e-3);
      }
    }
  });

  it('reads bare weights under timm’s and both of Hugging Face’s names, with the same result', async () => {
    const results = [];
    for (const name of ['timm', 'hf4', 'hf5']) {
      const { status, stdout, stderr } = await inside(
        'run',
        at(`${name}.safetensors`),
        '--input',
        at('x.safetensors'),
        '--set',
        'heads=2',
        'normEps=1e-6',
        'pool=cls',
        'gelu=erf',
        'blockNorm=before',
        '--tensors',
        'logits,blocks.0.attn.q',
        '--out',
        at('bare.safetensors'),
        '--json',
      );
      expect(status).toBe(0);
      // All that can be set is set; what no field sets is said.
      expect(stderr).toMatch(/^patchwork: \S+ does not tell this either, [^\n]*\n$/);
      expect(
        difference(open('bare.safetensors').float32('logits'), golden.float32('p4/logits')),
      ).toBeLessThan(1e-3);
      results.push({
        top5: (JSON.parse(stdout) as Ran).images[0]!.top5,
        q: open('bare.safetensors').float32('blocks.0.attn.q'),
      });
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(results[0]!.top5.every((c) => /^\d$/.test(c.class))).toBe(true);
  });

  it('prints a readable list, and one picture’s faults stop it without leaving a file', async () => {
    const { status, stdout } = await inside(
      'run',
      TINY,
      '--image',
      at('pictures/b.png'),
      '--image',
      at('pictures/a.JPG'),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/b\.png\n( +\d+\.\d % {2}\w+\n){5}\n.*a\.JPG\n/);
    const failed = await inside(
      'run',
      TINY,
      '--image',
      at('pictures/b.png'),
      '--image',
      at('pictures/notes.txt'),
      '--tensors',
      'norm',
      '--out',
      at('none.safetensors'),
    );
    expect(failed.status).toBe(2);
    expect(() => readFileSync(at('none.safetensors'))).toThrow('ENOENT');
    expect(() => readFileSync(at('none.safetensors.part'))).toThrow('ENOENT');
  });
});

describe('patchwork run with words', () => {
  const CLIP = ['run', 'models/clip-tiny', '--image', 'static/pictures/macaw.webp'] as const;

  it('says which of the texts a picture is likeliest, an empty and an over-long one among them', async () => {
    const long = 'goat '.repeat(40);
    const texts = ['鹦鹉', '', long].flatMap((text) => ['--text', text]);
    const out = at('words.safetensors');
    const { status, stdout, stderr } = await inside(
      ...CLIP,
      ...texts,
      '--tensors',
      'text.ids,logits',
      '--out',
      out,
      '--json',
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining('is longer than a row of 24 tokens')]);
    const { top5 } = (JSON.parse(stdout) as Ran).images[0]!;
    expect(top5.map((c) => c.class).sort()).toEqual(['鹦鹉', '""', long].sort());
    expect(top5.reduce((sum, { p }) => sum + p, 0)).toBeCloseTo(1, 5);
    const file = open('words.safetensors');
    expect(file.tensor('text.ids').shape).toEqual([3, 24]);
    expect([...file.float32('text.ids').subarray(24, 28)]).toEqual([1, 2, 0, 0]);
    expect(file.tensor('logits').shape).toEqual([1, 3]);
  });

  it('gives PyTorch’s numbers for its rows of ids', async () => {
    const words = parseSafetensors(readFileSync('models/clip-tiny/golden.safetensors'));
    const given = ['visual.x', 'text.ids'].map((name) => ({
      name,
      shape: words.tensor(`g/${name}`).shape,
      data: words.float32(`g/${name}`),
    }));
    writeFileSync(at('clip.safetensors'), writeSafetensors(given));
    const { status } = await inside(
      ...['run', 'models/clip-tiny', '--input', at('clip.safetensors')],
      ...['--tensors', 'logits', '--out', at('logits.safetensors')],
    );
    expect(status).toBe(0);
    const [got, want] = [open('logits.safetensors').float32('logits'), words.float32('g/logits')];
    expect(difference(got, want)).toBeLessThan(1e-3);
  });

  it('says what is missing, in a sentence', async () => {
    expect((await inside(...CLIP)).stderr).toContain('clip-tiny reads texts: give --text WORDS');
    const without = await inside('run', TINY, '--image', 'static/pictures/macaw.webp', '--text', 'goat');
    expect(without.stderr).toContain('--text says nothing to vit-tiny, which reads no texts');
    const bare = ['run', 'models/clip-tiny/model.safetensors', '--set', 'heads=2', '--set', 'textHeads=2'];
    const { stderr } = await inside(...bare, '--image', 'static/pictures/macaw.webp', '--text', 'goat');
    expect(stderr).toContain('has no tokenizer beside it');
    writeFileSync(
      at('short.safetensors'),
      writeSafetensors([
        { name: 'visual.x', shape: [1, 3, 32, 32], data: golden.float32('x') },
        { name: 'text.ids', shape: [1, 3], data: Float32Array.of(1, 2, 0) },
      ]),
    );
    const short = await inside('run', 'models/clip-tiny', '--input', at('short.safetensors'));
    expect(short.stderr).toContain('tensor "text.ids": its shape is [1, 3], not [n, 24]');
  });
});

describe('patchwork onnx', () => {
  const run = async (path: string, x: Float32Array, size: number): Promise<Record<string, Float32Array>> => {
    const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(path)), {
      executionProviders: ['wasm'],
    });
    const results = await session.run({ x: new ort.Tensor('float32', x, [1, 3, size, size]) });
    await session.release();
    return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data as Float32Array]));
  };

  it('writes a model that runs elsewhere with the same numbers', async () => {
    ort.env.wasm.numThreads = 1;
    const { status, stderr } = await inside(
      'onnx',
      TINY,
      '--out',
      at('m.onnx'),
      '--patch',
      '8',
      '--tensors',
      'logits,blocks.0.attn.probs',
    );
    expect([status, stderr]).toEqual([0, '']);
    const results = await run(at('m.onnx'), golden.float32('x'), 32);
    expect(Object.keys(results)).toEqual(['logits', 'blocks.0.attn.probs']);
    for (const [name, values] of Object.entries(results)) {
      expect(difference(values, golden.float32(`p8/${name}`))).toBeLessThan(1e-3);
    }
  });

  it('gives a preset small random weights, the same each time, and says so', async () => {
    const small = ['--set', 'image=32', 'depth=1', 'dim=16', 'heads=2', 'classes=3'];
    const first = await inside('onnx', 'vit-ti-16', ...small, '--out', at('p.onnx'));
    expect(first.status).toBe(0);
    expect(first.stderr).toBe(
      'patchwork: vit-ti-16 is a preset without weights; small random ones were written (seed 0).\n',
    );
    const before = readFileSync(at('p.onnx'));
    await inside('onnx', 'vit-ti-16', ...small, '--out', at('p.onnx'));
    expect(Buffer.compare(readFileSync(at('p.onnx')), before)).toBe(0);
    const { logits, probs } = await run(at('p.onnx'), new Float32Array(3 * 32 * 32).fill(0.5), 32);
    expect(new Set(logits).size).toBe(3);
    expect(probs!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });
});
