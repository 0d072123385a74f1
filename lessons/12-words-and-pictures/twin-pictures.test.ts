import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, expect, it, vi } from 'vitest';
import type { Rgba } from '#lib/images/index.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { TwinPictures } from './twin-pictures.svelte.ts';
import type { Placement } from '#lib/pictures/sign-sheet.svelte.ts';

vi.mock('./model.ts', () => {
  const { config, preprocessing } = JSON.parse(readFileSync('models/clip-tiny/config.json', 'utf8')) as {
    config: object;
    preprocessing: object;
  };
  return { MODEL: 'clip-tiny', CONFIG: config, SPEC: preprocessing };
});
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

const picture = (placements: readonly Placement[], side: number): Rgba => ({
  width: side,
  height: side,
  data: new Uint8ClampedArray(4 * side * side).map((_, i) =>
    i % 4 === 3 ? 255 : (i * placements.length) % 256,
  ),
});

it('the two pictures of a test go through the tower once, and have an embedding of length 1 each', async () => {
  const live = new LiveModel<object>(engineHere(Engine).engine, 'clip-tiny');
  const pass = vi.spyOn(live, 'pass');
  const pictures = new TwinPictures(live, { picture });
  expect(pictures.get('count')).toBeUndefined();
  await Promise.all([pictures.want('count'), pictures.want('count')]);
  await pictures.want('count');
  expect(pass).toHaveBeenCalledTimes(1);
  const rows = pictures.get('count')?.rows ?? [];
  expect(rows.map((row) => Math.hypot(...row))).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
  // One apple and three: different pixels, different vectors.
  expect(rows[0]).not.toEqual(rows[1]);
});

it('before the signs’ pixels are here nothing is asked, and a later wish is heard', async () => {
  const live = new LiveModel<object>(engineHere(Engine).engine, 'clip-tiny');
  let ready = false;
  const pictures = new TwinPictures(live, { picture: (...of) => (ready ? picture(...of) : undefined) });
  await pictures.want('no');
  expect([pictures.get('no'), pictures.fault]).toEqual([undefined, undefined]);
  ready = true;
  await pictures.want('no');
  expect(pictures.get('no')).toBeDefined();
});
