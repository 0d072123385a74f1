import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { neutralFeeds } from '../held.testing.ts';
import { parseModelConfig } from '../model-config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';
import { autoencoderConfig } from './graph.ts';

const read = (file: string) => readFileSync(new URL(`../../../../models/kl-tiny/${file}`, import.meta.url));
const config = autoencoderConfig(parseModelConfig(read('config.json').toString()).config);
const weights = CHECKPOINT.bind(parseSafetensors(read('model.safetensors'), 'model.safetensors'), config);
const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');
const want = (name: string) => golden.float32(`g/${name}`);

/** The largest difference, relative to 1 + the largest value. */
function apart(name: string, data: Float32Array): number {
  const wanted = want(name);
  expect(data.length, name).toBe(wanted.length);
  const worst = wanted.reduce((w, v, i) => Math.max(w, Math.abs(v - data[i]!)), 0);
  return worst / (1 + wanted.reduce((w, v) => Math.max(w, Math.abs(v)), 0));
}

describe('kl-tiny against PyTorch', () => {
  it.each([false, true])('every named tensor, interventions %s', async (interventions) => {
    const g = FAMILY.build(config, { interventions });
    const all = g.tensorNames().filter((name) => g.value(name).kind === 'node');
    expect(golden.names().sort()).toEqual(['x', ...all].map((name) => `g/${name}`).sort());
    const feeds = { ...(interventions ? neutralFeeds(FAMILY, config) : {}), x: want('x') };
    const got = await runGraph(g, all, feeds, weights);
    for (const name of all) {
      expect(got[name]!.shape, name).toEqual(golden.get(`g/${name}`)!.shape);
      expect(apart(name, got[name]!.data), name).toBeLessThan(1e-5);
    }
  });

  it('decodes latents that are fed in, without a picture', async () => {
    const { variant, input, picture, scale } = FAMILY.latents!(config);
    const at = FAMILY.variants!.adapt(weights, config, variant);
    const g = FAMILY.build(at.config);
    expect(FAMILY.inputs(at.config).map(({ name }) => name)).toEqual([input]);
    const got = await runGraph(g, [picture], { [input]: want('z') }, at.weights);
    expect(apart(picture, got[picture]!.data)).toBeLessThan(1e-5);
    expect(scale).toBe(config.scalingFactor);
  });

  it('draws and shifts the latents as the interventions say', async () => {
    const g = FAMILY.build(config, { interventions: true });
    const neutral = neutralFeeds(FAMILY, config);
    const noise = neutral['latent_noise']!.map((_, i) => Math.sin(i));
    const shift = neutral['latent_shift']!.map((_, i) => (i === 3 ? 2 : 0));
    const feeds = { ...neutral, x: want('x'), latent_noise: noise, latent_shift: shift };
    const got = await runGraph(g, ['z'], feeds, weights);
    const [mean, logvar] = [want('mean'), want('logvar')];
    got['z']!.data.forEach((v, i) => {
      expect(v).toBeCloseTo(mean[i]! + noise[i]! * Math.exp(logvar[i]! / 2) + shift[i]!, 4);
    });
  });
});
