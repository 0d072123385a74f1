import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { numbers } from '#lib/weights/testing.ts';
import { readBytes } from './lib/files.ts';
import { inside } from './testing.ts';

vi.setConfig({ testTimeout: 120_000 });

const FILES = 'tests/fixtures/weights';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  const x = { name: 'x', shape: [1, 3, 4, 4], data: numbers(48) };
  writeFileSync(join(folder, 'x.safetensors'), writeSafetensors([x]));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function logits(file: string): Promise<Float32Array> {
  const [input, out] = [join(folder, 'x.safetensors'), join(folder, 'out.safetensors')];
  const words = ['run', file, '--set', 'heads=2', '--input', input, '--tensors', 'logits', '--out', out];
  const { status, stderr } = await inside(...words);
  expect([status, stderr.split('\n').filter((line) => line && !/ does not tell /.test(line))]).toEqual([
    0,
    [],
  ]);
  return parseSafetensors(readBytes(out)).float32('logits');
}

// tests/fixtures/weights/make.py wrote the same network in each of the forms.
const FORMS = ['vit.pth', 'vit.npz', 'shards/model.safetensors.index.json'];

describe('a network is the same in every form of its file', () => {
  it('run', async () => {
    const wanted = await logits(`${FILES}/vit.safetensors`);
    for (const form of FORMS) expect(await logits(`${FILES}/${form}`), form).toEqual(wanted);
  });

  it('describe and onnx', async () => {
    const of = (file: string) => inside('describe', `${FILES}/${file}`, '--json', '--set', 'heads=2');
    const wanted = await of('vit.safetensors');
    const onnx = async (file: string) => {
      const out = join(folder, 'm.onnx');
      expect((await inside('onnx', `${FILES}/${file}`, '--out', out, '--set', 'heads=2')).status).toBe(0);
      return readBytes(out);
    };
    const model = await onnx('vit.safetensors');
    for (const form of FORMS) {
      expect((await of(form)).stdout, form).toBe(wanted.stdout);
      expect(await onnx(form), form).toEqual(model);
    }
  });

  it('torch, whose scripts load a copy under the graph’s names', async () => {
    const [input, out] = [join(folder, 'x.safetensors'), join(folder, 'scripts')];
    const words = ['--set', 'heads=2', '--input', input, '--tensors', 'logits', '--out', out];
    expect((await inside('torch', `${FILES}/vit.pth`, ...words)).status).toBe(0);
    expect(readFileSync(join(out, 'logits.py'), 'utf8')).toContain('load_file("weights.safetensors")');
    const written = parseSafetensors(readBytes(join(out, 'weights.safetensors')));
    const stored = parseSafetensors(readBytes(`${FILES}/vit.safetensors`));
    expect(written.names().sort()).toEqual(stored.names().sort());
    for (const name of stored.names()) expect(written.float32(name), name).toEqual(stored.float32(name));
  });

  it('a folder of another library, whose description tells what the tensors don’t', async () => {
    const hub = join(folder, 'hub');
    mkdirSync(hub);
    const put = (name: string, content: string | Uint8Array) => writeFileSync(join(hub, name), content);
    put('pytorch_model.bin', readBytes(`${FILES}/vit.pth`));
    const id2label = { 0: 'cat', 1: 'dog', 2: 'owl' };
    put(
      'config.json',
      JSON.stringify({
        num_attention_heads: 2,
        layer_norm_eps: 1e-6,
        hidden_act: 'gelu',
        image_size: 4,
        id2label,
      }),
    );
    put('preprocessor_config.json', JSON.stringify({ image_mean: [0, 0, 0], image_std: [1, 1, 1] }));
    const image = ['--image', 'static/pictures/cat.webp', '--json'];
    const { status, stdout, stderr } = await inside('run', hub, ...image);
    expect(status).toBe(0);
    expect(stderr).toContain('heads, normEps, gelu, image taken from the config.json beside it.');
    expect(stderr.match(/ does not tell (\w+)/g)).toEqual(
      ['pool', 'blockNorm', 'this'].map((field) => ` does not tell ${field}`),
    );
    const bare = ['--set', 'heads=2', '--mean', '0,0,0', '--std', '1,1,1'];
    const wanted = await inside('run', `${FILES}/vit.pth`, ...image, ...bare);
    const top = (text: string) =>
      (JSON.parse(text) as { images: { top5: { class: string; p: number }[] }[] }).images[0]!.top5;
    expect(top(stdout).map(({ p }) => p)).toEqual(top(wanted.stdout).map(({ p }) => p));
    expect(
      top(stdout)
        .map((c) => c.class)
        .sort(),
    ).toEqual(['cat', 'dog', 'owl']);
  });

  it('another network’s file is refused by both describe and run', async () => {
    for (const command of ['describe', 'run'] as const) {
      const given = command === 'run' ? ['--image', 'static/pictures/cat.webp'] : [];
      const { status, stderr } = await inside(command, `${FILES}/zip.pth`, ...given);
      expect([status, stderr]).toEqual([
        2,
        `patchwork: ${FILES}/zip.pth: its names are those of no network known here; its tensors are "state_dict.a.weight", "state_dict.a.turned", "state_dict.a.row", ….\n`,
      ]);
    }
  });
});
