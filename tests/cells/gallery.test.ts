import * as Plot from '@observablehq/plot';
import * as d3 from 'd3';
import * as ort from 'onnxruntime-web';
import { beforeAll, expect, it, vi } from 'vitest';
import { meanDistance, rollout, uniformDistance } from '#lib/analysis/attention.ts';
import { principalComponents } from '#lib/analysis/pca.ts';
import { GALLERY } from '#lib/cells/gallery/index.ts';
import { LightDocument } from '#lib/cells/inside/dom.ts';
import { TensorValue } from '#lib/cells/inside/tensor-value.ts';
import { PictureValue } from '#lib/cells/inside/values.ts';
import { schedule } from '#lib/diffusion/math/schedules.ts';
import { modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { galleryPicture, pageOf, runOn, type Ran, type TestPage } from './page.testing.ts';

// Every notebook of the gallery, run as the sandbox runs it, over fewer pictures and steps than a reader's.
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
// What it imports is imported when it is called: the page that it stands in for a part of imports it.
vi.mock('#lib/cells/page/gallery-picture.ts', () => ({
  pictureIds: () => ['cat'],
  squareOf: async (id: string) => {
    const { fitPicture } = await import('#lib/images/index.ts');
    return fitPicture(await galleryPicture(id), 224, 'crop');
  },
}));

let page: TestPage;
beforeAll(async () => {
  pageHere(ort);
  vi.stubGlobal('document', new LightDocument());
  page = await pageOf([{ model: 'vit-flexi', variant: { patch: 32 }, tensors: ['blocks.11'] }], { p: 32 });
}, 60_000);

/** Runs a notebook; `less` is what makes it short. */
async function run(id: string, less: readonly (readonly [string, string])[] = []): Promise<Ran> {
  const { cells } = (await GALLERY.find((one) => one.id === id)?.load()) ?? { cells: { en: [], zh: [] } };
  expect(cells.en.length).toBeGreaterThanOrEqual(4);
  expect(cells.zh).toHaveLength(cells.en.length);
  // The last cell asks for a change and says what is then to be seen.
  for (const lang of ['en', 'zh'] as const)
    expect(cells[lang].at(-1)).toMatch(
      /<details><summary>(What is then to be seen|会看到什么)<\/summary><p>.+\d/,
    );
  for (const [from] of less)
    expect(
      cells.en.some((code) => code.includes(from)),
      from,
    ).toBe(true);
  const codes = cells.en.map((code) => less.reduce((text, [from, to]) => text.replace(from, to), code));
  return runOn({ ...page, libraries: { Plot, d3 } }, codes);
}
const tensor = (value: unknown): TensorValue => {
  if (!(value instanceof TensorValue)) throw new Error('this is no tensor');
  return value;
};

it('rollout is the lesson’s, and what squares cost is measured', { timeout: 120_000 }, async () => {
  const { names } = await run('rollout', [['grid = 7', 'grid = 2']]);
  const pass = names.pass as Record<string, TensorValue>;
  const layers = Array.from({ length: 12 }, (_, b) => tensor(pass[`blocks.${b}.attn.probs`]));
  const lesson = rollout(
    layers.map(({ values }) => ({ data: values, heads: 3, tokens: 50 })),
    0,
  );
  tensor(names.rolled).values.forEach((v, n) => expect(v).toBeCloseTo(lesson[n + 1] ?? NaN, 5));
  expect(names.costs).toHaveLength(4);
  expect(Math.abs(Number(names.correlation))).toBeLessThanOrEqual(1);
});

it(
  'heads are ranked, and switching the first off changes the answer’s probability',
  { timeout: 120_000 },
  async () => {
    const { names } = await run('ear');
    const heads = names.heads as { times: number }[];
    expect(heads).toHaveLength(36);
    expect(heads[0]?.times).toBeGreaterThan(1.5);
    expect(names.answer).toBe('golden retriever');
    expect(names.after).not.toBe(names.before);
  },
);

it('the two schedules are those of the papers', { timeout: 120_000 }, async () => {
  const { names } = await run('schedules');
  const [linear, cosine] = [names.linear, names.cosine] as ((t: number) => number)[];
  const [ddpm, improved] = (['linear', 'cosine'] as const).map((name) => schedule(name, 1000).alphasCumprod);
  for (const t of [1, 250, 1000]) expect(linear?.(t)).toBeCloseTo(ddpm?.[t - 1] ?? NaN, 8);
  for (const t of [1, 250, 900]) expect(cosine?.(t)).toBeCloseTo(improved?.[t - 1] ?? NaN, 4);
});

it('the second-order step comes nearer to the reference than DDIM does', { timeout: 120_000 }, async () => {
  const { names } = await run('sampler', [['few = 8, many = 60', 'few = 6, many = 24']]);
  const distances = names.distances as { sampler: string; distance: number }[];
  const of = (name: string) => distances.find(({ sampler }) => sampler === name)?.distance ?? NaN;
  expect(of('byMultistep')).toBeLessThan(of('byDdim'));
  // The loop that stands in the notebook ends where the site's own does.
  const { ddim, multistep } = names.differences as { ddim: number; multistep: number };
  expect(ddim).toBeLessThan(1e-3);
  expect(multistep).toBeLessThan(1e-3);
});

it('principal components are those of the lesson', { timeout: 120_000 }, async () => {
  const { names } = await run('colours');
  const found = names.components as { variance: number; share: number }[];
  const rows = tensor(names.rows);
  const lesson = principalComponents(rows.values, 192, { count: 3 });
  found.forEach(({ share }, k) => expect(share).toBeCloseTo((lesson.variance[k] ?? NaN) / lesson.total, 3));
  expect(names.painted).toBeInstanceOf(PictureValue);
});

it('answers at several patch sizes', { timeout: 120_000 }, async () => {
  const { names } = await run('sizes', [
    ['patchSizes = [14, 16, 28, 32]', 'patchSizes = [28, 32]'],
    ['of pictures)', 'of [pictures[0], pictures[1], others[0]])'],
  ]);
  const answers = names.answers as { id: string; said: string; right: boolean | null }[];
  expect(answers).toHaveLength(6);
  const classes = names.classes as Record<string, string>;
  for (const { id, said, right } of answers) expect(right).toBe(classes[id] ? said === classes[id] : null);
  expect(answers.slice(0, 2).every(({ right }) => right)).toBe(true);
  expect(names.pictures).toHaveLength(36);
  const { labels } = names.net as { labels: readonly string[] };
  expect(Object.values(classes).filter((name) => !labels.includes(name))).toEqual([]);
});

it('a probe is trained and judged by what it has not seen', { timeout: 120_000 }, async () => {
  const { names } = await run('probe', [
    ['[...animals, ...others]', '[...animals.slice(0, 4), ...others.slice(0, 4)]'],
  ]);
  const probed = names.probed as { right: number; of: number; wrong: string }[];
  expect(probed).toHaveLength(5);
  for (const { right, of, wrong } of probed)
    expect(right + wrong.split(', ').filter(Boolean).length).toBe(of);
  expect(probed.at(-1)?.right).toBeGreaterThan(probed[0]?.right ?? NaN);
});

it('a random search never makes the model surer', { timeout: 120_000 }, async () => {
  const { names } = await run('attack', [['tries = 150', 'tries = 12']]);
  const { course } = names.search as { course: { probability: number }[] };
  expect(course).toHaveLength(13);
  course.forEach(({ probability }, i) =>
    expect(probability).toBeLessThanOrEqual(course[i - 1]?.probability ?? 1),
  );
  const result = names.result as { after: number };
  expect(result.after).toBeCloseTo(course.at(-1)?.probability ?? NaN, 6);
});

it('words are added, and compared with where the sum set out', { timeout: 120_000 }, async () => {
  const { names } = await run('words');
  const near = names.near as { word: string; toResult: number }[];
  expect(near).toHaveLength(24);
  expect(near.slice(0, 2).map(({ word }) => word)).toEqual(['woman', 'kitten']);
  expect(tensor(names.embedded).shape).toEqual([27, 128]);
  expect(Math.max(...near.map(({ toResult }) => toResult))).toBeLessThan(1);
});

it('the figure’s distances are the lesson’s', { timeout: 120_000 }, async () => {
  const { names } = await run('figure');
  const distances = names.distances as { block: number; head: number; pixels: number }[];
  const pass = names.pass as Record<string, TensorValue>;
  for (const { block, head, pixels } of [distances[0], distances[20]].filter((one) => one !== undefined)) {
    const probs = tensor(pass[`blocks.${block}.attn.probs`]).slice(head);
    expect(pixels).toBeCloseTo(meanDistance(probs.values, { grid: 7, prefix: 1 }) * 32, 3);
  }
  expect(names.evenly).toBeCloseTo(uniformDistance(7) * 32, 3);
});
