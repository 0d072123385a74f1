import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededWeights } from '#lib/graph/seeded.ts';
import { graphOf } from '#lib/models/registry.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { inside } from './testing.ts';

const TINY = 'models/uvit-tiny';
const golden = parseSafetensors(new Uint8Array(readFileSync(`${TINY}/golden.safetensors`)));
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const at = (name: string): string => join(folder, name);
const stored = (name: string) => parseSafetensors(new Uint8Array(readFileSync(at(name))), name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  const data = golden.float32('s/noise');
  writeFileSync(at('noise.safetensors'), writeSafetensors([{ name: 'x', shape: [1, 3, 16, 16], data }]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const worst = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
};
/** Runs it with `--out out.safetensors` and gives the pictures. */
async function sampled(out: string, ...args: string[]): Promise<Float32Array> {
  const { status, stderr } = await inside('sample', TINY, ...args, '--out', at(out));
  expect([status, stderr]).toEqual([0, '']);
  return stored(out).float32('x');
}

describe('patchwork sample', () => {
  it.each([
    ['ddim', 'ddim'],
    ['dpmpp2m', 'dpmpp-2m'],
    ['heun', 'heun'],
  ])('%s ends where PyTorch ends', async (sampler, key) => {
    const args = ['--sampler', sampler, '--steps', '10', '--guidance', '2', '--class', 'cat'];
    const x = await sampled('x.safetensors', ...args, '--noise', at('noise.safetensors'));
    expect(worst(x, golden.float32(`s/${key}/x`))).toBeLessThanOrEqual(1e-3);
  });

  it('makes each picture by itself, however many there are', async () => {
    const args = ['--sampler', 'sde', '--steps', '3', '--seed', '5'];
    const many = await sampled('many.safetensors', ...args, '--n', '9', '--class', '1,2');
    const one = await sampled('one.safetensors', ...args, '--n', '1', '--class', '1');
    const each = 3 * 16 * 16;
    expect(stored('many.safetensors').tensor('x').shape).toEqual([9, 3, 16, 16]);
    expect(worst(one, many.subarray(0, each))).toBeLessThan(1e-5);
    expect(worst(many.subarray(0, each), many.slice(8 * each))).toBeGreaterThan(0.1);
  });

  it('changes the network on the way', async () => {
    const args = ['--steps', '2', '--class', '3'];
    const plain = await sampled('a.safetensors', ...args);
    const neutral = await sampled('b.safetensors', ...args, '--set', 'skips=1');
    const cut = await sampled('c.safetensors', ...args, '--set', 'skips=0', 'pos_scale=0');
    expect(worst(plain, neutral)).toBeLessThan(1e-5);
    expect(worst(plain, cut)).toBeGreaterThan(0.01);
  });

  it('writes PNG files and says what it did', async () => {
    const { stdout } = await inside(
      ...['sample', TINY, '--steps', '2', '--n', '2', '--class', 'horse', '--out', at('png'), '--json'],
    );
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'uvit-tiny',
      sampler: 'dpmpp-2m',
      steps: 2,
      labels: [7, 7],
    });
    expect(readdirSync(at('png'))).toEqual(['0.png', '1.png']);
    const { width, height, channels } = await sharp(at('png/1.png')).metadata();
    expect([width, height, channels]).toEqual([16, 16, 3]);
  });

  it.each([
    [['--steps', '0'], 'number of steps is 0'],
    [['--sampler', 'plms'], "no sampler called 'plms'"],
    [['--class', '10'], 'or none, not "10"'],
    [['--class', 'hors'], 'did you mean horse'],
    [['--start', '1.5'], 'time t is 1.5'],
    [['--guidance', 'two'], '--guidance needs a number, not "two"'],
    [['--n', '0'], '--n needs a whole number'],
    [
      ['--n', '2', '--noise', 'NOISE'],
      'tensor "x": its shape is [1, 3, 16, 16], 2 of the model’s'.replace('’', "'"),
    ],
    [['--set', 'skip=0'], '--set knows no input "skip"'],
    [['--set', 'skips=0,1,1'], '--set skips takes one number'],
  ])('%j is one sentence', async (args, sentence) => {
    const given = args.map((a) => (a === 'NOISE' ? at('noise.safetensors') : a));
    const { status, stderr } = await inside('sample', TINY, ...given, '--out', at('bad.safetensors'));
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('needs a folder of a diffusion model, and a place for the pictures', async () => {
    expect((await inside('sample', TINY)).stderr).toContain('needs --out');
    expect((await inside('sample', 'models/vit-tiny', '--out', at('x'))).stderr).toContain(
      'makes no pictures',
    );
    expect((await inside('sample', 'nowhere', '--out', at('x'))).stderr).toContain('is no model folder');
  });
});

describe('patchwork sample of a network that paints from words', () => {
  const WORDS = 'models/uvit-words-tiny';
  const words = parseSafetensors(new Uint8Array(readFileSync(`${WORDS}/golden.safetensors`)));
  const painted = async (...args: string[]) => {
    const { status, stderr } = await inside('sample', WORDS, ...args, '--out', at('words.safetensors'));
    expect([status, stderr]).toEqual([0, '']);
    return stored('words.safetensors');
  };

  it('reads the text with its tower, ends where PyTorch ends, and is decoded', async () => {
    const noise = at('latent-noise.safetensors');
    const shape = [1, 2, 4, 4];
    writeFileSync(noise, writeSafetensors([{ name: 'x', shape, data: words.float32('s/noise') }]));
    const args = ['--sampler', 'ddim', '--steps', '10', '--guidance', '2', '--style', 'openmoji'];
    const made = await painted(...args, '--text', 'goat', '--noise', noise);
    expect(worst(made.float32('x'), words.float32('s/ddim/x'))).toBeLessThanOrEqual(1e-3);
    expect(made.tensor('picture').shape).toEqual([1, 3, 16, 16]);
    const other = await painted(...args, '--text', '蘑菇', '--noise', noise);
    expect(worst(made.float32('x').slice(), other.float32('x'))).toBeGreaterThan(1e-3);
  });

  it('writes PNG files of the size that is decoded', async () => {
    const args = [
      '--steps',
      '2',
      '--n',
      '2',
      '--text',
      'goat',
      '--text',
      '山羊',
      '--out',
      at('words'),
      '--json',
    ];
    const { stdout } = await inside('sample', WORDS, ...args);
    expect(JSON.parse(stdout)).toMatchObject({ labels: [null, null], texts: ['goat', '山羊'] });
    const { width, height, channels } = await sharp(at('words/1.png')).metadata();
    expect([width, height, channels]).toEqual([16, 16, 3]);
  });

  it.each([
    [WORDS, ['--style', 'ukiyo'], '--class takes noto, twemoji, fluent, openmoji'],
    [WORDS, ['--style', 'noto', '--class', 'noto'], 'give one of the two'],
    [TINY, ['--text', 'goat'], '--text says nothing to uvit-tiny, which is told no texts'],
  ])('%s %j is one sentence', async (model, args, sentence) => {
    const { status, stderr } = await inside('sample', model, ...args, '--out', at('bad.safetensors'));
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
  });
});

it('says that a latent is clipped, and leaves it where it is told to', async () => {
  const described = JSON.parse(readFileSync(`${TINY}/config.json`, 'utf8')) as {
    config: { channels: number };
  };
  const config = { ...described, config: { ...described.config, channels: 4 } };
  const model = parseModelConfig(config);
  const latent = at('latent');
  mkdirSync(latent);
  writeFileSync(join(latent, 'config.json'), JSON.stringify(config));
  const weights = seededWeights(graphOf(model), 1, (_, z) => z);
  writeFileSync(join(latent, 'model.safetensors'), writeSafetensors(tensorsOf(weights)));
  const made = async (...words: string[]) => {
    const out = at('latent.safetensors');
    const { status, stderr } = await inside('sample', latent, '--steps', '4', ...words, '--out', out);
    expect(status).toBe(0);
    return { stderr, x: stored('latent.safetensors').float32('x').slice() };
  };
  const clipped = await made();
  expect(clipped.stderr).toContain('are no picture, likely a latent; its estimates are clipped to −1 … 1');
  const left = await made('--no-clip');
  expect(left.stderr).toBe('');
  expect(Math.max(...left.x.map(Math.abs))).toBeGreaterThan(Math.max(...clipped.x.map(Math.abs)) + 0.1);
});
