import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { neutralFeeds } from '../held.testing.ts';
import { parseModelConfig } from '../model-config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';
import { detrConfig, type DetrConfig } from './graph.ts';

/** A stored configuration, checked a second time. */
const configOf = (config: object): DetrConfig => detrConfig(config);

describe.each(['detr-tiny', 'detr-cnn-tiny'])('%s against PyTorch', (model) => {
  const read = (file: string) =>
    readFileSync(new URL(`../../../../models/${model}/${file}`, import.meta.url));
  const config = configOf(parseModelConfig(read('config.json').toString()).config);
  const weights = CHECKPOINT.bind(parseSafetensors(read('model.safetensors'), 'model.safetensors'), config);
  const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');

  it.each([false, true])('every named tensor, interventions %s', async (interventions) => {
    const g = FAMILY.build(config, { interventions });
    const all = g.tensorNames().filter((name) => g.value(name).kind === 'node');
    expect(golden.names().sort()).toEqual(['x', ...all].map((name) => `g/${name}`).sort());

    const feeds = { ...(interventions ? neutralFeeds(FAMILY, config) : {}), x: golden.float32('g/x') };
    const got = await runGraph(g, all, feeds, weights);
    for (const name of all) {
      const want = golden.float32(`g/${name}`);
      const { data, shape } = got[name]!;
      expect(shape, name).toEqual(golden.get(`g/${name}`)!.shape);
      const worst = want.reduce((w, v, i) => Math.max(w, Math.abs(v - data[i]!)), 0);
      const scale = 1 + want.reduce((w, v) => Math.max(w, Math.abs(v)), 0);
      expect(worst / scale, name).toBeLessThan(1e-5);
    }
  });
});
