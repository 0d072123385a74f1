import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { apart, neutralFeeds } from '../held.testing.ts';
import { parseModelConfig } from '../model-config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';
import { autoregressiveConfig, autoregressiveSizes } from './graph.ts';

/** A stored model of a few kilobytes, with every tensor of two samples as PyTorch computed it. */
function stored(model: string) {
  const read = (file: string) =>
    readFileSync(new URL(`../../../../models/${model}/${file}`, import.meta.url));
  const config = autoregressiveConfig(parseModelConfig(read('config.json').toString()).config);
  const weights = CHECKPOINT.bind(parseSafetensors(read('model.safetensors'), 'model.safetensors'), config);
  const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');
  const want = (name: string) => golden.float32(`g/${name}`);
  const fed = FAMILY.inputs(config).filter(({ role }) => role !== 'intervention');
  const feeds = Object.fromEntries(fed.map(({ name }) => [name, want(name)]));
  return { config, weights, golden, want, feeds };
}

describe.each(['raster-tiny', 'masked-tiny', 'scales-tiny'])('%s against PyTorch', (model) => {
  const { config, weights, golden, want, feeds } = stored(model);

  it.each([false, true])('every named tensor, interventions %s', async (interventions) => {
    const g = FAMILY.build(config, { batch: 2, interventions });
    const all = g.tensorNames().filter((name) => g.value(name).kind === 'node');
    const names = golden.names().filter((name) => name.startsWith('g/'));
    expect(names.sort()).toEqual([...Object.keys(feeds), ...all].map((name) => `g/${name}`).sort());
    const got = await runGraph(
      g,
      all,
      { ...(interventions ? neutralFeeds(FAMILY, config) : {}), ...feeds },
      weights,
    );
    for (const name of all) {
      expect(got[name]!.shape, name).toEqual(golden.get(`g/${name}`)!.shape);
      expect(apart(got[name]!.data, want(name)), name).toBeLessThan(1e-5);
    }
  });

  it('is recognised, and its sizes are read off its weights', () => {
    expect(CHECKPOINT.recognise(weights)).toBe(5);
    const { config: read } = CHECKPOINT.infer(weights, {
      heads: config.heads,
      contextTokens: config.contextTokens,
    });
    const unread = config.order === 'scales' ? {} : { entryDim: read.entryDim };
    expect(read).toEqual({ ...config, ...unread });
  });
});

describe('a step with a cache', () => {
  const { config, weights, want, feeds } = stored('raster-tiny');
  const { tokens, first, fed } = autoregressiveSizes(config);
  const whole = FAMILY.build(config, { batch: 2 });
  const chooser = FAMILY.codeChooser!(config);
  const { begin } = chooser.step!;
  const stepped = FAMILY.variants!.adapt(weights, config, { cached: 1 });

  it.each([false, true])(
    'gives the logits of the whole network, code after code, interventions %s',
    async (interventions) => {
      const g = FAMILY.build(stepped.config, { batch: 2, interventions });
      const kept = await runGraph(whole, [...begin, 'logits'], feeds, weights);
      // Keys and values of the text and the style alone: what stands behind them is not seen.
      const past = begin.flatMap((name) => {
        const { data, shape } = kept[name]!;
        const [d = 1, t = 1] = [shape[3], shape[2]];
        return Array.from(data, (v, i) => (Math.floor(i / d) % t <= first ? v : 1e3));
      });
      const neutral = interventions ? neutralFeeds(FAMILY, stepped.config) : {};
      let cache: Float32Array | readonly number[] = past;
      for (let n = 1; n <= 3; n++) {
        const codes = [0, 1].map((b) => feeds.codes![b * fed + n - 1]!);
        const slot = [first + n];
        const got = await runGraph(
          g,
          ['logits', 'cache'],
          { ...neutral, codes, slot, place: slot, past: cache },
          weights,
        );
        for (const b of [0, 1]) {
          const at = (b * (fed + 1) + n) * config.codes;
          const row = want('logits').slice(at, at + config.codes);
          expect(
            apart(got['logits']!.data.slice(b * config.codes, (b + 1) * config.codes), row),
          ).toBeLessThan(1e-5);
        }
        cache = got['cache']!.data;
        // The cache has grown by one row: now the whole network's at this token, too.
        const { shape } = got['cache']!;
        expect(shape).toEqual([2 * config.depth, 2, config.heads, tokens, config.dim / config.heads]);
        const grown = Array.from(cache).filter((v) => v === 1e3).length;
        expect(grown).toBe(2 * config.depth * 2 * config.dim * (tokens - first - 1 - n));
      }
    },
  );
});

describe('interventions', () => {
  it('the mask of attention taken off: earlier tokens see later codes', async () => {
    const { config, weights, feeds } = stored('raster-tiny');
    const g = FAMILY.build(config, { batch: 2, interventions: true });
    const neutral = neutralFeeds(FAMILY, config);
    const logits = async (more: object, codes = feeds.codes!) =>
      (await runGraph(g, ['logits'], { ...neutral, ...feeds, codes, ...more }, weights))['logits']!.data;
    const other = feeds.codes!.map((code, i) =>
      (i + 1) % (feeds.codes!.length / 2) === 0 ? (code + 1) % 16 : code,
    );
    const firstRow = (data: Float32Array) => data.slice(0, config.codes);
    const plain = firstRow(await logits({}));
    expect(apart(firstRow(await logits({}, other)), plain)).toBeLessThan(1e-6);
    const seeing = firstRow(await logits({ causal: [0] }));
    expect(apart(firstRow(await logits({ causal: [0] }, other)), seeing)).toBeGreaterThan(1e-5);
    const places = (neutral.places as Float32Array).map((row, i) => (i === 6 ? 7 : i === 7 ? 6 : row));
    expect(apart(await logits({ places }), await logits({}))).toBeGreaterThan(1e-5);
  });

  it('sizes that cannot be are one sentence', () => {
    const of = (change: object) => () => autoregressiveConfig(change);
    expect(of({ order: 'scales' })).toThrow('sides: must grow from 1');
    expect(of({ sides: [4, 8] })).toThrow('sides: must be one grid where the order is raster, not 2.');
    expect(of({ order: 'masked', cached: 1 })).toThrow('cached: is of the order raster alone');
    expect(of({ heads: 7 })).toThrow('heads: the width 192 does not divide into 7 heads.');
  });
});
