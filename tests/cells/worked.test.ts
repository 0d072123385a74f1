import { readFileSync } from 'node:fs';
import * as d3 from 'd3';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Readout } from '#lib/analysis/lens.ts';
import { uniformDistance } from '#lib/analysis/attention.ts';
import { spaceTimeDistance, uniformTime } from '#lib/analysis/space-time.ts';
import { boxAt, inPixels } from '#lib/analysis/detection/boxes.ts';
import { detectionsOf, duplicatesOf } from '#lib/analysis/detection/detections.ts';
import { similarityRow, unitRows } from '#lib/analysis/similarity.ts';
import { psnr } from '#lib/analysis/picture-error.ts';
import { softmax } from '#lib/analysis/softmax.ts';
import { statsOf } from '#lib/analysis/stats.ts';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { addNoise } from '#lib/diffusion/math/forward.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { process } from '#lib/diffusion/math/process.ts';
import { describe as described } from '#lib/graph/index.ts';
import { decodeImage } from '#lib/images/decode.node.ts';
import { layOnWhite, preprocess, type Rgba } from '#lib/images/index.ts';
import { graphOf } from '#lib/models/registry.ts';
import type { WorkedCells } from '#lib/notebook/types.ts';
import { modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { galleryPicture, liveModel, pageOf, runOn, type Ran, type TestPage } from './page.testing.ts';

// Every worked cell of the lessons, run as the sandbox runs it over the real networks, held to what the lesson says.
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

const lessons = import.meta.glob<{ cells: WorkedCells }>('/lessons/*/cells.ts', { eager: true });
const of = (lesson: string): WorkedCells => {
  const found = Object.entries(lessons).find(([path]) => path.startsWith(`/lessons/${lesson}`));
  if (!found) throw new Error(`lesson ${lesson} has no cells`);
  return found[1].cells;
};

/** The one module of a lesson that a glob finds: a test of all lessons names none in an import. */
function only<T>(found: Readonly<Record<string, T>>): T {
  const [first] = Object.values(found);
  if (!first) throw new Error('the lesson has no such file');
  return first;
}
type Numbers = ArrayLike<number>;
interface Form {
  readonly image: number;
  readonly patch: number;
  readonly channels: number;
}
const { skipShare } = only(
  import.meta.glob<{ skipShare: (cat: Numbers, weight: Numbers, dim: number) => number }>(
    '/lessons/08-uvit/skip-share.ts',
    { eager: true },
  ),
);
const { weightTo } = only(
  import.meta.glob<{
    weightTo: (probs: Numbers, key: number, place: { grid: number; prefix: number }, from: number) => number;
  }>('/lessons/08-uvit/attention-measures.ts', { eager: true }),
);
const { tokenOf } = only(
  import.meta.glob<{
    tokenOf: (index: number, at: number, cut: { grid: number; window: number; shift: number }) => number;
  }>('/lessons/10-cheaper-attention/kinds.ts', { eager: true }),
);
const { straightLines } = only(
  import.meta.glob<{ straightLines: (x: Numbers, hidden: readonly boolean[], form: Form) => Float32Array }>(
    '/lessons/11-masked-autoencoders/interpolate.ts',
    { eager: true },
  ),
);
const { meanWhere, patchErrors } = only(
  import.meta.glob<{
    meanWhere: (values: Numbers, on: (index: number) => boolean) => number | undefined;
    patchErrors: (a: Numbers, b: Numbers, form: Form) => Float32Array;
  }>('/lessons/11-masked-autoencoders/patch-errors.ts', { eager: true }),
);
const { lossByHand } = only(
  import.meta.glob<{
    lossByHand: (logits: { rows: number; columns: number; data: Float32Array }) => {
      readonly byText: number;
      readonly byPicture: number;
      readonly loss: number;
    };
  }>('/lessons/12-words-and-pictures/loss-by-hand.ts', { eager: true }),
);
type Rows = Readonly<Record<string, Float32Array>>;
const { dotOf, runsOf, startsOf } = only(
  import.meta.glob<{
    dotOf: (a: Numbers, b: Numbers) => number;
    runsOf: (tubelet: Numbers, t: number) => Rows;
    startsOf: (kernel: Numbers, t: number) => Rows;
  }>('/lessons/13-video/kernels.ts', { eager: true }),
);
const { changedOrder, reordered } = only(
  import.meta.glob<{
    changedOrder: (change: string, count: number, set: { seed: number; frame: number }) => readonly number[];
    reordered: (frames: Float32Array, order: readonly number[]) => Float32Array;
  }>('/lessons/13-video/changes.ts', { eager: true }),
);
const { readObjects } = only(
  import.meta.glob<{ readObjects: (code: string) => unknown }>('/lessons/14-detection/scene.ts', {
    eager: true,
  }),
);
const { spritesOf } = only(
  import.meta.glob<{ spritesOf: (sheet: Rgba, side: number, count: number) => unknown }>(
    '/lessons/14-detection/sprites.ts',
    { eager: true },
  ),
);
const { drawScene } = only(
  import.meta.glob<{
    drawScene: (
      ground: Float32Array,
      objects: unknown,
      sprites: unknown,
      side: number,
    ) => { x: Float32Array };
  }>('/lessons/14-detection/scene-drawing.ts', { eager: true }),
);

const { signalShare } = only(
  import.meta.glob<{ signalShare: (signal: number, noise: number, std: number) => number }>(
    '/lessons/15-latents/latent-measure.ts',
    { eager: true },
  ),
);

const libraries = { d3 };
/** Runs a worked cell; `change` is what a reader would write. */
function run(
  lesson: string,
  id: string,
  page: TestPage,
  change: readonly (readonly [string, string])[] = [],
): Promise<Ran> {
  const codes = of(lesson)[id]?.en ?? [];
  expect(codes.length).toBeGreaterThan(2);
  const changed = codes.map((code) => change.reduce((text, [from, to]) => text.replace(from, to), code));
  if (change.length > 0) expect(changed).not.toEqual(codes);
  return runOn({ ...page, libraries }, changed);
}
const tensor = (value: unknown): TensorValue => {
  if (!(value instanceof TensorValue)) throw new Error('this is no tensor');
  return value;
};
const number = (value: unknown): number => Number(value);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] ?? NaN))), 0);
};

describe('every cell says the same in both languages', () => {
  it.each(Object.entries(lessons))('%s', (_, { cells }) => {
    for (const { en, zh } of Object.values(cells)) {
      expect(zh).toHaveLength(en.length);
      const bare = (codes: readonly string[]) =>
        codes.map((code) => code.replace(/^\s*\/\/.*$/gm, '').replace(/(label: )("[^"]*")/g, '$1'));
      expect(bare(zh)).toEqual(bare(en));
    }
  });
});

describe('the vision transformer', () => {
  const state = { p: 16, at: [124, 180], d: 9 };
  let page: TestPage;
  beforeAll(async () => {
    const weights = ['pos_embed', 'blocks.5.norm1.weight', 'blocks.5.norm1.bias'];
    const read = ['norm.weight', 'norm.bias', 'head.weight', 'head.bias', 'logits', 'probs'];
    const inside = [
      'x',
      'patches',
      'tokens',
      'blocks.4',
      'blocks.5',
      'blocks.5.norm1',
      'blocks.5.mlp.fc1',
      'blocks.8',
    ];
    const tensors = [...weights, ...read, ...inside];
    page = await pageOf([{ model: 'vit-flexi', variant: { patch: 16 }, tensors }], state);
  }, 60_000);
  const held = (name: string) => tensor(page.tensors[name]);

  it('1: a patch flattened by hand is its row, exactly', async () => {
    expect((await run('01', 'flatten', page)).names.difference).toBe(0);
  });
  it('1: tokens of a size', async () => {
    const { names, shown } = await run('01', 'count', page);
    expect([names.tokens, names.pairs]).toEqual([197, 197 ** 2]);
    expect(shown[0]).toEqual([names.tokens, 192]);
    const other = await run('01', 'count', page, [
      ['height = 224, across = 224', 'height = 320, across = 480'],
    ]);
    expect(other.names.tokens).toBe(20 * 30 + 1);
  });
  it('2: PI-resize by hand is the kernel the model runs with, larger and smaller', async () => {
    for (const to of [32, 8]) {
      const { names } = await run('02', 'resize', page, to === 32 ? [] : [['to = 32', 'to = 8']]);
      expect(tensor(names.mine).shape).toEqual([to, to]);
      expect(number(names.difference)).toBeLessThan(1e-3 * tensor(names.theirs).map(Math.abs).max());
    }
  });
  it('2: cosines of positions', async () => {
    const { names } = await run('02', 'near', page);
    const chosen = 7 * 14 + 11;
    expect(names.chosen).toBe(chosen);
    const lesson = similarityRow(unitRows(held('pos_embed').values, 192), 192, chosen);
    expect(apart(names.cosines as number[], lesson)).toBeLessThan(1e-5);
  });
  it('4: LayerNorm by hand, of any token', async () => {
    expect(number((await run('04', 'norm', page)).names.difference)).toBeLessThan(1e-4);
    expect(
      number((await run('04', 'norm', page, [['token = 0', 'token = 60']])).names.difference),
    ).toBeLessThan(1e-4);
  });
  it('4: parameters of a block are the graph’s', async () => {
    const { names } = await run('04', 'share', page);
    const graph = graphOf(await liveModel('vit-flexi').describe());
    const weights = described(graph).weights.filter(({ name }) => name.startsWith('blocks.5.'));
    const count = (of: RegExp) =>
      weights.filter(({ name }) => of.test(name)).reduce((n, { parameters }) => n + parameters, 0);
    expect([names.attention, names.mlp, names.norms]).toEqual([count(/attn/), count(/mlp/), count(/norm/)]);
    expect(names.share).toBeCloseTo(count(/mlp/) / count(/./), 12);
  });
  it('5: softmax with temperature', async () => {
    const { names, shown } = await run('05', 'temperature', page);
    expect(number(names.difference)).toBeLessThan(1e-6);
    expect((shown[0] as { label: string }[])[0]?.label).toBe('golden retriever');
    const cold = await run('05', 'temperature', page, [['value: 1', 'value: 0.5']]);
    expect(
      apart(tensor(cold.names.chances).values, softmax(held('logits').map((v) => v * 2).values)),
    ).toBeLessThan(1e-6);
  });
  it('5: the logit lens', async () => {
    const { names } = await run('05', 'lens', page);
    const [gamma, beta, weight, bias] = ['norm.weight', 'norm.bias', 'head.weight', 'head.bias'].map(
      (n) => held(n).values,
    );
    const readout = new Readout({ gamma: gamma!, beta: beta!, weight: weight!, bias: bias!, eps: 1e-6 });
    const logits = new Float64Array(94);
    readout.readInto(logits, 0, held('blocks.8').values, 0);
    expect(apart(tensor(names.chances).values, softmax(logits))).toBeLessThan(1e-5);
  });
});

describe('the denoisers', () => {
  it('7: DDIM in nine lines ends in the lesson’s picture', { timeout: 120_000 }, async () => {
    const { names } = await run('07', 'ddim', await pageOf([]));
    const golden = parseSafetensors(
      new Uint8Array(readFileSync('lessons/07-denoise/tests/golden.safetensors')),
    );
    expect(
      apart(tensor(names.painted).values, golden.float32('states').subarray(2 * 3072, 3 * 3072)),
    ).toBeLessThan(2e-3);
  });
  it('7: x₀ and ε from v', async () => {
    const { names } = await run('07', 'split', await pageOf([]));
    const clean = new Float32Array(3072).fill(0.2);
    const noised = addNoise(process('vp'), 0.5, clean, startNoise(1, 1, 3072));
    expect(apart(tensor(names.x).values, noised)).toBeLessThan(1e-5);
    expect(number(names.difference)).toBeLessThan(1e-5);
    expect(number(names.wrong)).toBeLessThan(0.5);
  });
  it('8: the share of a long skip, and attention to the time token', async () => {
    const x = startNoise(4, 1, 3072);
    const inputs = { x, t: Float32Array.of(700), y: Float32Array.of(3) };
    const tensors = ['out_blocks.0.skip_cat', 'out_blocks.0.skip_linear.weight', 'mid_block.attn.probs'];
    const page = await pageOf([{ model: 'uvit-cifar10', inputs, tensors }]);
    const [cat, W, probs] = tensors.map((name) => tensor(page.tensors[name]));
    const { names } = await run('08', 'skip', page);
    expect(names.share).toBeCloseTo(skipShare(cat!.values, W!.values, 128), 5);
    const { names: time } = await run('08', 'time', page);
    const lesson = [0, 1, 2, 3].map((h) => weightTo(probs!.values, 1, { grid: 8, prefix: 2 }, h * 66 * 66));
    expect(apart(tensor(time.given).values, lesson)).toBeLessThan(1e-6);
  });
  it('9: adaLN by hand, and gates that no picture changes', async () => {
    const tensors = ['norm1', 'scale_msa', 'shift_msa', 'modulated1', 'gate_mlp'].map(
      (name) => `blocks.0.${name}`,
    );
    const inputs = { x: startNoise(4, 1, 3072), t: Float32Array.of(999 * 0.5), y: Float32Array.of(1) };
    const page = await pageOf([{ model: 'dit-cifar10', inputs, tensors }]);
    expect(number((await run('09', 'adaln', page)).names.difference)).toBeLessThan(1e-5);
    const { names } = await run('09', 'gates', page);
    const gates = names.gates as number[][];
    expect(gates).toHaveLength(10);
    expect(gates[0]?.[1]).toBeCloseTo(tensor(page.tensors['blocks.0.gate_mlp']).map(Math.abs).mean(), 5);
  });
});

describe('cheaper attention', () => {
  it('10: both orders of linear attention are the network’s result', async () => {
    const { names } = await run('10', 'orders', await pageOf([]));
    expect(number(names.difference)).toBeLessThan(1e-4);
    expect(number(names.fromTheirs)).toBeLessThan(1e-4);
    expect(names.products).toEqual({ pairsFirst: 2 * 256 * 256 * 32, keysFirst: 2 * 256 * 32 * 32 });
  });
  it('10: windows and back', async () => {
    const { names } = await run('10', 'windows', await pageOf([]));
    expect([names.difference, names.lost]).toEqual([0, 0]);
    const cut = { grid: 16, window: 4, shift: 0 };
    expect(names.order).toEqual(
      Array.from({ length: 256 }, (_, n) => tokenOf(Math.floor(n / 16), n % 16, cut)),
    );
  });
});

describe('masked autoencoders', () => {
  it('11: the loss by hand, and straight lines', async () => {
    const page = await pageOf([]);
    const { names } = await run('11', 'loss', page);
    const [x, made] = [tensor(names.x).values, tensor(names.reconstruction).values];
    const form = { image: 96, patch: 8, channels: 3 };
    const hidden = Array.from({ length: 144 }, (_, n) => !(names.shown as Set<number>).has(n));
    expect(hidden.filter(Boolean)).toHaveLength(108);
    const errors = patchErrors(x, made, form);
    expect(names.loss).toBeCloseTo(meanWhere(errors, (n) => hidden[n] === true) ?? NaN, 5);
    expect(names.onSeen).toBeCloseTo(meanWhere(errors, (n) => hidden[n] === false) ?? NaN, 5);
    const lines = await run('11', 'lines', page);
    const lesson = straightLines(x, hidden, form);
    // Where no line reaches, the lesson takes the mean of what is seen and the cell 0.
    const off = Array.from(tensor(lines.names.filled).values).filter(
      (v, i) => Math.abs(v - (lesson[i] ?? NaN)) > 1e-5 && v !== 0,
    );
    expect(off).toEqual([]);
    expect(lines.names.linesError).toBeCloseTo(
      meanWhere(patchErrors(x, lesson, form), (n) => hidden[n] === true) ?? NaN,
      2,
    );
  });
});

describe('words and pictures', () => {
  it('12: InfoNCE of four pairs, and the cosine of word and picture', async () => {
    const ids = parseSafetensors(new Uint8Array(readFileSync('models/clip/golden.safetensors')))
      .float32('g/text.ids')
      .slice(0, 24);
    const rgba = await galleryPicture('sunflower');
    const { preprocessing } = await liveModel('clip').describe();
    const inputs = { 'visual.x': preprocess(rgba, preprocessing), 'text.ids': ids };
    const tensors = ['logit_scale', 'text.embedding', 'visual.embedding', 'logits'];
    const page = await pageOf([{ model: 'clip', inputs, tensors }]);
    const { names } = await run('12', 'infonce', page);
    const rows = names.cosines as number[][];
    const data = Float32Array.from(rows.flat(), (c) => c * number(names.scale));
    const lesson = lossByHand({ rows: 4, columns: 4, data });
    expect([names.byText, names.byPicture, names.loss].map((v) => number(v).toFixed(5))).toEqual(
      [lesson.byText, lesson.byPicture, lesson.loss].map((v) => v.toFixed(5)),
    );
    const { names: pair } = await run('12', 'cosine', page);
    expect(number(pair.cosine) * number(names.scale)).toBeCloseTo(
      tensor(page.tensors['logits']).values[0] ?? NaN,
      3,
    );
  });
});

describe('video', () => {
  const state = { tok: 27, d: 5 };
  const x = startNoise(5, 1, 8 * 3 * 64 * 64);
  let page: TestPage;
  beforeAll(async () => {
    const tensors = ['x', 'tubelets', 'patch_embed.proj.weight'];
    page = await pageOf([{ model: 'vivit-joint', inputs: { x }, tensors }], state);
  }, 60_000);

  it('13: a tubelet’s row, exactly, and the two beginnings of a kernel', async () => {
    const { names } = await run('13', 'tubelet', page);
    expect(names.difference).toBe(0);
    const frameByFrame = ['for (let c = 0; c < 3; c++)', 'for (let f = 0; f < t; f++)'] as const;
    const swapped = await run('13', 'tubelet', page, [
      [frameByFrame[0], 'LATER'],
      [frameByFrame[1], frameByFrame[0]],
      ['LATER', frameByFrame[1]],
    ]);
    expect(number(swapped.names.difference)).toBeGreaterThan(0.1);
    const kernel = tensor(page.tensors['patch_embed.proj.weight']).slice(state.d).values;
    const row = tensor(names.theirs).values;
    const [starts, runs] = [startsOf(kernel, 2), runsOf(row, 2)];
    const { shown } = await run('13', 'starts', page);
    const rows = shown.at(-1) as { kernel: string; runs: number; reversed: number }[];
    expect(rows.map((one) => one.kernel)).toEqual(['learned', 'inflated', 'central']);
    for (const { kernel: start, ...products } of rows)
      for (const run of ['runs', 'reversed'] as const)
        expect(products[run], `${start} ${run}`).toBeCloseTo(dotOf(starts[start] ?? [], runs[run] ?? []), 4);
    const [first, , third] = rows;
    expect(Math.abs((first?.runs ?? 0) - (first?.reversed ?? 0))).toBeGreaterThan(0.01);
    const other = (await run('13', 'starts', page, [['Math.floor(t / 2)', '0']])).shown.at(-1) as typeof rows;
    expect([other[2]?.runs, other[2]?.reversed]).toEqual([third?.reversed, third?.runs]);
  });

  it('13: how far a head looks, in time and in space', { timeout: 120_000 }, async () => {
    const { names } = await run('13', 'distance', page, [['layer = 0, head = 0', 'layer = 1, head = 2']]);
    const { time, space } = spaceTimeDistance(tensor(names.probs).values, { times: 4, grid: 8, prefix: 1 });
    const { inTime, inSpace } = names.far as { inTime: number; inSpace: number };
    expect([inTime.toFixed(3), inSpace.toFixed(3)]).toEqual([time.toFixed(3), space.toFixed(3)]);
    const evenly = names.evenly as { inTime: number; inSpace: number };
    expect(evenly.inTime).toBeCloseTo(uniformTime(4), 8);
    expect(evenly.inSpace).toBeCloseTo(uniformDistance(8), 8);
  });

  it(
    '13: shuffled, both networks say what they say of the lesson’s own shuffle',
    { timeout: 120_000 },
    async () => {
      const { names } = await run('13', 'shuffle', page);
      expect(names.order).toEqual(changedOrder('shuffle', 8, { seed: 1, frame: 0 }));
      const answers = names.answers as { network: string; frames: string; says: string; chance: number }[];
      for (const { network, frames, says, chance } of answers) {
        const live = liveModel(network);
        const clip = frames === 'mixed' ? reordered(x, names.order as number[]) : x;
        const { tensors } = await live.pass({ inputs: { x: clip }, outputs: ['probs'], variant: {} });
        const probs = [...(tensors[0]?.data ?? [])];
        expect(chance).toBeCloseTo(Math.max(...probs), 5);
        expect((await live.describe()).labels[probs.indexOf(Math.max(...probs))]?.en).toBe(says);
      }
    },
  );
});

describe('detection', () => {
  it('14: the box in pixels, where the query looks, and what suppression leaves', async () => {
    const { preprocessing } = await liveModel('detr-cnn').describe();
    const sheet = decodeImage(readFileSync('static/emoji/objects.webp'), 'objects');
    const ground = preprocess(await galleryPicture('forest'), preprocessing);
    const objects = readObjects('001y2c2o11f1521o2g1ed2245g2c19i456461o1j935k602019');
    const { x } = drawScene(ground, objects, spritesOf(await sheet, 96, 80), 64);
    const looks = [0, 2].map((l) => `transformer.decoder.layers.${l}.multihead_attn.probs`);
    const tensors = ['x', 'probs', 'boxes', 'probs.0', 'boxes.0', 'probs.1', 'boxes.1', ...looks];
    const page = await pageOf([{ model: 'detr-cnn', inputs: { x }, tensors }], { q: 0 });
    const [probs, boxes] = [tensor(page.tensors.probs), tensor(page.tensors.boxes)];
    const classes = probs.shape[1]! - 1;
    const found = detectionsOf(probs.values, boxes.values, classes);
    const query = found[0]!.query;
    const chosen = { ...page, state: { q: query } };
    const { names, shown } = await run('14', 'look', chosen);
    expect(tensor(names.weights).sum()).toBeCloseTo(1, 5);
    const { x0, y0, x1, y1 } = inPixels(boxAt(boxes.values, query), 64, 64);
    const edges = shown.find((value) => Array.isArray(value)) as number[];
    [x0, y0, x1, y1].forEach((edge, i) => expect(Math.abs(edges[i]! - edge)).toBeLessThanOrEqual(0.051));
    const ends = shown.at(-1) as { box: number[]; look: number[] };
    expect(Math.hypot(ends.box[0]! - ends.look[0]!, ends.box[1]! - ends.look[1]!)).toBeLessThan(0.15);

    const doubles: number[] = [];
    for (const [layer, overlap] of [
      [0, 0.4],
      [0, 0.9],
      [1, 0.4],
    ] as const) {
      const { names: ran } = await run('14', 'suppress', page, [
        ['layer = 0', `layer = ${layer}`],
        ['overlap = 0.5', `overlap = ${overlap}`],
      ]);
      const [said, places] = [page.tensors[`probs.${layer}`], page.tensors[`boxes.${layer}`]].map(tensor);
      const all = detectionsOf(said!.values, places!.values, classes, 0.05);
      const twice = new Set(duplicatesOf(all, overlap).map(({ detection }) => detection.query));
      const queries = (ran.kept as { query: number }[]).map((one) => one.query);
      expect((ran.found as unknown[]).length).toBe(all.length);
      expect(queries).toEqual(all.map((one) => one.query).filter((q) => !twice.has(q)));
      doubles.push(twice.size);
    }
    expect(doubles[0]).toBeGreaterThan(doubles[1]!);
    expect(doubles[2]).toBeLessThan(doubles[0]!);
  });
});

describe('latents', () => {
  const tensors = ['reconstruction', 'mean'];
  let page: TestPage;
  let x: Float32Array;
  beforeAll(async () => {
    const { preprocessing } = await liveModel('kl-f8').describe();
    x = preprocess(await galleryPicture('golden-retriever'), preprocessing);
    page = await pageOf([{ model: 'kl-f8', inputs: { x }, tensors: ['x', ...tensors] }], { when: 0.4 });
  }, 60_000);

  it('15: decibels by hand, and how many numbers lie between', async () => {
    const { names, shown } = await run('15', 'lost', page);
    expect(tensor(names.x).values).toEqual(x);
    expect(shown).toContainEqual({ before: 12_288, between: 256, ratio: 48 });
    const [back] = tensors.map((name) => tensor(page.tensors[name]).values);
    expect(shown.at(-1)).toBeCloseTo(psnr(back!, x), 3);
  });
  it('15: without the cut a sign on white loses more decibels than a photo, as the words beside it say', async () => {
    const { concepts, columns, tile } = JSON.parse(readFileSync('static/emoji/emoji.json', 'utf8')) as {
      concepts: readonly { id: string }[];
      columns: number;
      tile: number;
    };
    const at = concepts.findIndex(({ id }) => id === '1F60E');
    const atlas = await decodeImage(readFileSync('static/emoji/noto.webp'), 'noto');
    const data = Uint8ClampedArray.from({ length: tile * tile * 4 }, (_, i) => {
      const [row, byte] = [Math.floor(i / (tile * 4)), i % (tile * 4)];
      const line = (Math.floor(at / columns) * tile + row) * atlas.width + (at % columns) * tile;
      return atlas.data[line * 4 + byte] ?? 0;
    });
    layOnWhite(data);
    const { preprocessing } = await liveModel('kl-f8').describe();
    const inputs = { x: preprocess({ width: tile, height: tile, data }, preprocessing) };
    const sign = await pageOf([{ model: 'kl-f8', inputs, tensors: ['x', ...tensors] }]);
    const lostWithout = async (on: TestPage) => {
      const [cut, uncut] = await Promise.all([
        run('15', 'lost', on),
        run('15', 'lost', on, [['Math.min(1, Math.max(-1, v))', 'v']]),
      ]);
      return number(cut.shown.at(-1)) - number(uncut.shown.at(-1));
    };
    expect(await lostWithout(page)).toBeLessThan(0.01);
    expect(await lostWithout(sign)).toBeGreaterThan(3);
  });
  it('15: the share of signal is the one on the stage, at any time', async () => {
    const std = statsOf(tensor(page.tensors.mean).values).std;
    const noising = process('vp');
    for (const when of [0.1, 0.4, 0.9]) {
      const { shown } = await run('15', 'scale', { ...page, state: { when } });
      const { sigma, asTheyCome, scaled } = shown.at(-1) as Record<string, number>;
      const [signal, noise] = [noising.signalRate(when), noising.noiseRate(when)];
      expect(sigma).toBeCloseTo(std, 4);
      expect(asTheyCome).toBeCloseTo(signalShare(signal, noise, std), 4);
      expect(scaled).toBeCloseTo(signalShare(signal, noise, 1), 6);
    }
  });
});

describe('codes', () => {
  it('16: the nearest code is the network’s, and its distance by hand, too', async () => {
    const { preprocessing } = await liveModel('vq-f8').describe();
    const inputs = { x: preprocess(await galleryPicture('golden-retriever'), preprocessing) };
    const tensors = ['quantize.distances', 'quant_conv', 'z', 'codes'];
    for (const cell of [0, 27, 63]) {
      const page = await pageOf([{ model: 'vq-f8', inputs, tensors }], { cell });
      const { shown } = await run('16', 'nearest', page);
      const { nearest, network, distance, byHand } = shown.at(-1) as Record<string, number>;
      expect(nearest).toBe(network);
      expect(byHand).toBeCloseTo(distance!, 3);
    }
  }, 60_000);
  it('16: temperature and top-k leave as many codes as they should, and one of them is drawn', async () => {
    const inputs = {
      context: startNoise(3, 1, 16 * 192),
      y: Float32Array.of(0),
      codes: Float32Array.from({ length: 63 }, (_, i) => (i * 37) % 512),
    };
    const at = (state: Record<string, number>) =>
      pageOf([{ model: 'raster-words', inputs, tensors: ['logits'] }], {
        seed: 1,
        gt: 1,
        gk: 0,
        k: 5,
        ...state,
      });
    const said = async (state: Record<string, number>) =>
      (await run('16', 'draw', await at(state))).shown.at(-1) as Record<string, number>;
    expect((await said({})).possible).toBe(512);
    expect((await said({ gk: 10 })).possible).toBe(10);
    const one = await said({ gk: 1 });
    expect(one).toMatchObject({ its: 1, possible: 1, code: one.likeliest });
  }, 60_000);
});
