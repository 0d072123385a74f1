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


it('measures', { timeout: 400_000 }, async () => {
  console.log('P', JSON.stringify((await run('probe')).names.probed));
  console.log('S', JSON.stringify((await run('sizes', [['patchSizes = [14, 16, 28, 32]', 'patchSizes = [16, 28, 32]']])).shown.slice(-6).slice(0,6)).slice(0, 4000));
  console.log('A', JSON.stringify((await run('attack', [])).names.result));
});
