import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { vit, vitConfig } from '#lib/models/vit/graph.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { writeSafetensors } from '#lib/weights/safetensors.ts';
import { tensorsOf } from '#lib/weights/testing.ts';
import { inside, patchwork } from './testing.ts';

const TINY = 'models/vit-tiny';
// A command that runs a model takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  const put = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  for (const name of ['empty', 'foreign', 'broken', 'changed']) mkdirSync(join(folder, name));
  const weights = readFileSync(`${TINY}/model.safetensors`);
  const config = readFileSync(`${TINY}/config.json`, 'utf8');
  put('text.jpg', 'A text, whatever its name says.');
  put('cut.safetensors', weights.subarray(0, 20_000));
  put('net.safetensors', writeSafetensors([{ name: 'conv1.weight', shape: [1], data: Float32Array.of(1) }]));
  put(
    'shape.safetensors',
    writeSafetensors([{ name: 'x', shape: [1, 3, 8, 8], data: new Float32Array(192) }]),
  );
  put('foreign/config.json', '{"architectures": ["ViTForImageClassification"]}');
  put('foreign/model.safetensors', weights);
  put('broken/config.json', config.replace('"dim": 32', '"dim": "wide"'));
  put('changed/config.json', config);
  const other = seededWeights(vit(vitConfig({ ...(JSON.parse(config) as { config: object }).config })), 1);
  put('changed/model.safetensors', writeSafetensors(tensorsOf(other)));
  const wide = vit(vitConfig({ image: 32, patch: 8, dim: 64, depth: 1, heads: 1, classes: 2 }));
  const sound = tensorsOf(seededWeights(wide, 1));
  put('wide.safetensors', writeSafetensors(sound));
  const ill = sound.map((t) =>
    t.name === 'head.bias' ? { ...t, data: Float32Array.of(NaN, -Infinity) } : t,
  );
  const mask = { name: 'mask_token', shape: [1, 64], data: new Float32Array(64) };
  put('ill.safetensors', writeSafetensors([...ill, mask]));
  const three = vit(vitConfig({ image: 32, patch: 8, dim: 64, depth: 1, heads: 1, classes: 3 }));
  const behind = (prefix: string, list: typeof sound) => list.map((t) => ({ ...t, name: prefix + t.name }));
  const student = behind('student.backbone.', tensorsOf(seededWeights(three, 1)));
  put('two.safetensors', writeSafetensors([...student, ...behind('teacher.backbone.', sound)]));
});
afterAll(() => rmSync(folder, { recursive: true }));

// `@` stands for the folder of the files above. Each has to end in exit status 2 and this sentence, in one line.
const CASES: readonly (readonly [string, string])[] = [
  [`run ${TINY} --input @/shape.safetensors --device gpu`, '--device takes wasm or webgpu, not "gpu"'],
  [
    `sample models/uvit-tiny --out @/x.safetensors --device cuda`,
    '--device takes wasm or webgpu, not "cuda"',
  ],
  ['', 'a command is needed: describe, run, sample or onnx; patchwork --help says more.'],
  ['desc vit-b-16', 'there is no command "desc"; did you mean describe; patchwork --help lists them.'],
  [
    'describe',
    'describe needs a preset, a model folder or a weights file; patchwork describe --help says more.',
  ],
  ['describe vit-b-16 vit-l-16', '"vit-l-16" is one argument too many; describe takes one model.'],
  ['describe vit-b-16 --jsn', "Unknown option '--jsn'"],
  ['describe vit-b16', '"vit-b16" is neither a preset nor a file or folder; did you mean vit-b-16.'],
  ['describe resnet50', '"resnet50" is neither a preset nor a file or folder; presets are vit-ti-8'],
  ['describe vit-b-16 --set head=6', '--set knows no field "head"; did you mean heads.'],
  ['describe vit-b-16 --set heads', '--set takes field=value, not "heads".'],
  ['describe vit-b-16 --set heads=many', '--set heads takes a number, not "many".'],
  ['describe vit-b-16 --set qkvBias=1', '--set qkvBias takes true or false, not "1".'],
  ['describe vit-b-16 --set heads=5', 'heads: the width 768 does not divide into 5 heads.'],
  ['describe vit-b-16 --set pool=max', 'pool: must be one of cls, gap, map, both, not max.'],
  ['describe @/empty', '@/empty holds no config.json, so it is no model folder.'],
  [
    'describe @/foreign',
    '@/foreign/model.safetensors: heads cannot be read from the weights and must be set, with --set heads=….',
  ],
  [
    'describe @/two.safetensors --prefix model.',
    '@/two.safetensors: no network\'s names begin with "model."; there are "student.backbone.", "teacher.backbone.".',
  ],
  ['describe @/broken', '@/broken/config.json: "config.dim" must be a whole number from 1 up, not wide.'],
  ['describe @/text.jpg', '@/text.jpg: it is text, not weights; choose the file with the weights'],
  [`run ${TINY}`, 'run needs pictures (--image) or a tensor (--input), one of the two.'],
  [`run ${TINY} --image a --input b`, 'run needs pictures (--image) or a tensor (--input), one of the two.'],
  [
    'run vit-b-16 --image static/pictures/cat.webp',
    'vit-b-16 is a preset: it has shapes but no weights; give a model folder or a weights file.',
  ],
  [`run ${TINY} --image @/none.png`, '@/none.png: there is no such file or folder.'],
  [
    `run ${TINY} --image @/text.jpg`,
    '@/text.jpg is not a picture; JPEG, PNG, WebP, GIF, AVIF and TIFF can be read.',
  ],
  [`run ${TINY} --image @/empty`, 'the folder @/empty holds no pictures'],
  [
    `run ${TINY} --image a.png --tensors norm`,
    '--tensors and --out belong together: which tensors, and the file for them.',
  ],
  [
    `run ${TINY} --image a.png --tensors blocks.0.attn.prob --out t`,
    'there is no tensor "blocks.0.attn.prob"; did you mean blocks.0.attn.probs.',
  ],
  [
    `run ${TINY} --image a.png --tensors , --out t`,
    '--tensors needs names with commas between them, or all.',
  ],
  [`run ${TINY} --image a.png --patch 0`, '--patch needs a whole number from 1 up, not "0".'],
  [`run ${TINY} --image a.png --patch 64`, '--patch 64 is larger than the picture, 32 pixels.'],
  [
    `run ${TINY} --image static/pictures/cat.webp --fit stretch`,
    '--fit takes crop or squash, not "stretch".',
  ],
  [
    `run ${TINY} --image static/pictures/cat.webp --std 1,1,0`,
    '--std takes three numbers above 0 with commas between them, not "1,1,0".',
  ],
  [
    `run ${TINY} --input @/net.safetensors`,
    '@/net.safetensors, tensor "x": there is no tensor of that name.',
  ],
  [
    `run ${TINY} --input @/shape.safetensors`,
    '@/shape.safetensors, tensor "x": its shape is [1, 3, 8, 8], the model takes [n, 3, 32, 32].',
  ],
  [
    `run ${TINY} --image static/pictures/cat.webp --tensors norm --out @/no/t.safetensors`,
    '@/no/t.safetensors.part: there is no such file or folder.',
  ],
  ['run @/cut.safetensors --image a.png', '@/cut.safetensors, tensor "'],
  [
    'run @/net.safetensors --image a.png',
    '@/net.safetensors: its names are those of no network known here; its tensors are',
  ],
  [
    `run ${TINY}/model.safetensors --image a.png`,
    `${TINY}/model.safetensors: heads cannot be read from the weights and must be set, with --set heads=….`,
  ],
  [
    'run @/wide.safetensors --image static/pictures/cat.webp --set classes=3',
    'tensor "head.weight": its shape is [2, 64], the configuration needs [3, 64].',
  ],
  ['onnx vit-b-16', 'onnx needs --out FILE.'],
  ['onnx vit-ti-16 --out m.onnx --tensors x', 'x is an input of the model; name another tensor.'],
  [
    'describe uvit-s-2-cifar10 --set depth=11',
    'depth: must be even, half going in and half coming out, not 11.',
  ],
  [
    'describe uvit-s-2-cifar',
    '"uvit-s-2-cifar" is neither a preset nor a file or folder; did you mean uvit-s-2-cifar10.',
  ],
  ['describe dit-xl-2 --set registers=1', '--set knows no field "registers"; there are image, channels'],
  [`run ${TINY} --input @/shape.safetensors --t 0.5`, `@/shape.safetensors, tensor "x": its shape is`],
];

describe('errors', () => {
  it.each(CASES)('patchwork %s', async (line, expected) => {
    const words = line
      .split(' ')
      .filter(Boolean)
      .map((word) => word.replace('@', folder));
    const { status, stdout, stderr } = await inside(...words);
    expect(stdout).toBe('');
    const lines = stderr
      .trimEnd()
      .split('\n')
      .filter((text) => !/ does not tell (.* assumed \(|this either)/.test(text));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^patchwork: .*[^.]\.$/);
    expect(lines[0]).toContain(expected.replaceAll('@', folder));
    expect(status).toBe(2);
  });

  it('end the process with status 2', async () => {
    expect(await patchwork('describe', 'vit-b16')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'patchwork: "vit-b16" is neither a preset nor a file or folder; did you mean vit-b-16.\n',
    });
  });
});

describe('notes on stderr', () => {
  it('say what was assumed for bare weights', async () => {
    const { status, stderr } = await inside('describe', join(folder, 'wide.safetensors'));
    expect(status).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe(
      `patchwork: ${folder}/wide.safetensors does not tell heads; 1 assumed (64 values each), --set heads=… changes it.`,
    );
    expect(lines.pop()).toMatch(
      / does not tell this either, read as the code with its names has it: .*; CLS stands /,
    );
    const fields = lines.map(
      (line) => / does not tell (\w+); .* assumed \(.*\), --set \1=… changes it\.$/.exec(line)?.[1],
    );
    expect(fields).toEqual(['heads', 'pool', 'image', 'normEps', 'gelu', 'blockNorm']);
    const set = ['--set', 'heads=1', 'pool=cls', 'image=32', 'normEps=1e-6', 'gelu=erf', 'blockNorm=before'];
    const said = (await inside('describe', join(folder, 'wide.safetensors'), ...set)).stderr;
    expect(said.trimEnd().split('\n')).toHaveLength(1);
    expect(said).toContain('does not tell this either');
  });

  it('say how pictures are prepared, unless that is said', async () => {
    const image = ['--image', 'static/pictures/cat.webp'];
    const usual = await inside('run', join(folder, 'wide.safetensors'), ...image);
    expect(usual.stderr).toContain(
      'does not tell how pictures are prepared; mean 0.5,0.5,0.5 and std 0.5,0.5,0.5',
    );
    const told = await inside(
      'run',
      join(folder, 'wide.safetensors'),
      ...image,
      '--mean',
      '0,0,0',
      '--std',
      '1,1,1',
    );
    expect(told.stderr).not.toContain('how pictures are prepared');
  });

  it('say what is left out, and what is no number', async () => {
    const { status, stderr } = await inside('describe', join(folder, 'ill.safetensors'));
    expect(status).toBe(0);
    expect(stderr).toContain('ill.safetensors: mask_token left out (used in training alone).');
    expect(stderr).toContain(
      'ill.safetensors: in the tensor "head.bias" 1 of 2 values is NaN, not a number, and 1 of 2 values is infinite; what is computed with it is wrong.',
    );
  });

  it('say which of two networks is taken, and how to take the other', async () => {
    const file = join(folder, 'two.safetensors');
    const { status, stdout, stderr } = await inside('describe', file, '--json');
    expect(status).toBe(0);
    expect(stderr).toContain(
      'two.safetensors holds 2 networks; the one behind "teacher.backbone." is taken, left out: "student.backbone.", --prefix student.backbone. takes another.',
    );
    const student = await inside('describe', file, '--json', '--prefix', 'student.');
    expect(student.stderr).not.toContain('networks');
    const classes = (text: string) =>
      (JSON.parse(text) as { tensors: { shape: number[] }[] }).tensors.at(-1)!.shape;
    expect([classes(stdout), classes(student.stdout)]).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it('say when weights are not those of the config.json', async () => {
    const { status, stderr } = await inside('onnx', join(folder, 'changed'), '--out', join(folder, 'c.onnx'));
    expect(status).toBe(0);
    expect(stderr).toContain('is not the file that config.json describes');
  });
});

describe('help', () => {
  it('is there for the whole and for each command', async () => {
    const whole = await patchwork('--help');
    expect(whole.status).toBe(0);
    for (const command of ['describe', 'run', 'onnx']) {
      expect(whole.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
      const { status, stdout, stderr } = await inside(command, '--help');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^patchwork ${command}: `));
      expect((await inside('help', command)).stdout).toBe(stdout);
    }
  });

  it('names a version', async () => {
    expect((await inside('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
