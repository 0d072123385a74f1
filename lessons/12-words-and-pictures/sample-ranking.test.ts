import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Rgba } from '#lib/images/index.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { engineHere, modelFile, pageHere } from '#lib/runtime/node.testing.ts';
import { SampleRanking } from './sample-ranking.svelte.ts';
import { sampleOf } from './sign-sample.ts';
import type { Placement } from '#lib/pictures/sign-sheet.svelte.ts';

// The page's side and the real worker's code, in one process, on a committed tiny model.
vi.mock('./model.ts', () => {
  const { config, preprocessing, templates } = JSON.parse(
    readFileSync('models/clip-tiny/config.json', 'utf8'),
  ) as {
    config: object;
    preprocessing: object;
    templates: object;
  };
  return { MODEL: 'clip-tiny', CONFIG: config, SPEC: preprocessing, TEMPLATES: templates };
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

/** Pictures of stripes, another for each id: there is no canvas here. */
const sheet = {
  picture: (placements: readonly Placement[], side: number): Rgba => {
    const data = new Uint8ClampedArray(4 * side * side).map((_, i) =>
      i % 4 === 3 ? 255 : 128 + 127 * Math.sin(0.01 * i * (3 + Number(placements[0]?.sign))),
    );
    return { width: side, height: side, data };
  },
};

// Two passes, the second not full.
const COUNT = 13;
const of = {
  names: Array.from({ length: COUNT }, (_, i) => `a sign of the kind ${'xyz'[i % 3]} ${i}`),
  signs: Array.from({ length: COUNT }, (_, i) => String(i)),
  scale: 20,
};
function fresh() {
  const live = new LiveModel<object>(engineHere(Engine).engine, 'clip-tiny');
  return new SampleRanking(live, new TextTokens(live), sheet);
}

describe('a sample, ranked by a network', () => {
  it('as it is and with every change, each against the same pictures', async () => {
    const ranking = fresh();
    for (const change of ['scale', 'end', 'order', 'patches', 'lengths'] as const)
      await ranking.measure(of, change);
    expect(ranking.fault).toBeUndefined();
    const known = ranking.known(of);
    const plain = known.plain?.rank;
    expect(known.plain?.logits.rows).toBe(COUNT);
    // A scale changes no order.
    expect(known.scale?.rank.place).toBe(plain?.place);
    expect(known.scale?.rank.loss).not.toBeCloseTo(plain?.loss ?? NaN, 3);
    // Whoever is read before any word is the same for all: a name finds its sign by chance.
    expect(known.end?.rank.first).toBeCloseTo(1 / COUNT, 9);
    expect(known.end?.rank.place).toBeCloseTo((COUNT + 1) / 2, 9);
    for (const change of ['order', 'patches', 'lengths'] as const)
      expect(known[change]?.rank.loss, change).not.toBeCloseTo(plain?.loss ?? NaN, 5);
  });

  it('a run that is stopped leaves nothing half done, and can be begun again', async () => {
    const ranking = fresh();
    const running = ranking.measure(of, 'patches');
    expect(ranking.busy).toBe(true);
    ranking.cancel();
    await running;
    expect([ranking.busy, ranking.fault, ranking.known(of)]).toEqual([false, undefined, {}]);
    await ranking.measure(of, 'patches');
    expect(ranking.progress.done).toBe(ranking.progress.total);
    expect(ranking.known(of).patches).toBeDefined();
    expect(ranking.known({ ...of, scale: 21 })).toEqual({});
  });
});

it('the sample is spread over the list, no name in it twice', () => {
  const all = Array.from({ length: 1000 }, (_, i) => ({ name: `n${i % 700}`, i }));
  const sample = sampleOf(all, 100);
  expect(sample).toHaveLength(100);
  expect(new Set(sample.map(({ name }) => name)).size).toBe(100);
  expect(sampleOf(all.slice(0, 5), 100)).toHaveLength(5);
});
