import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { dotOf, runsOf, startsOf } from './kernels.ts';
import { CONFIG, MODELS, SIZES } from './model.ts';
import { frameOf } from './tubelet.ts';

/** The kernels that the lesson shows, of the network itself. */
const weights = parseSafetensors(new Uint8Array(readFileSync(`models/${MODELS.joint}/model.safetensors`)));
const P = SIZES.tubeletValues;
const table = weights.float32('patch_embed.proj.weight');
const kernels = Array.from({ length: CONFIG.dim }, (_, d) => table.subarray(d * P, (d + 1) * P));

it('in about three quarters of the kernels the two frames are opposed', () => {
  expect(CONFIG.tubelet).toBe(2);
  const cosines = kernels.map((kernel) => {
    const [a, b] = [frameOf(kernel, 2, 0), frameOf(kernel, 2, 1)];
    return dotOf(a, b) / Math.sqrt(dotOf(a, a) * dotOf(b, b));
  });
  const opposed = cosines.filter((cosine) => cosine < 0).length / cosines.length;
  expect(opposed).toBeGreaterThan(0.68);
  expect(opposed).toBeLessThan(0.82);
});

it('the learned kernel alone has three numbers; each beginning has two that are equal', () => {
  const tubelet = Float32Array.from({ length: P }, (_, i) => Math.sin(2.1 * i));
  const runs = runsOf(tubelet, 2);
  const rounded = (kernel: Float32Array) =>
    [runs.runs, runs.reversed, runs.still].map((run) => dotOf(kernel, run).toFixed(4));
  for (const kernel of kernels) {
    const { learned, inflated, central } = startsOf(kernel, 2);
    const [a, b, c] = rounded(learned);
    expect(new Set([a, b, c]).size).toBe(3);
    const [forward, backward, still] = rounded(inflated);
    expect(forward).toBe(backward);
    const [moving, , rests] = rounded(central);
    expect(moving).toBe(rests);
    for (const v of [still, rests]) expect(Math.abs(Number(v) - Number(c))).toBeLessThan(3e-4);
  }
});
