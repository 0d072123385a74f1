import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { process as processOf } from '#lib/diffusion/math/index.ts';
import { isDiffusion, parseModelConfig } from '#lib/models/model-config.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import { visiblePatches } from '#lib/models/mae/masking.ts';
import { classRow } from '#lib/models/shared/denoising.ts';
import { feedOf, framesOf, samplingOf, swapPatch, textsOf } from './feed.ts';
import { linesOf, MOST_CHARACTERS, MOST_TEXTS } from '#lib/state/words.ts';

const model = (name: string) =>
  parseModelConfig(readFileSync(new URL(`../../../models/${name}/config.json`, import.meta.url), 'utf8'));
const fed = (name: string) => {
  const config = model(name);
  return { blueprint: config, diffusion: isDiffusion(config) ? config.diffusion : undefined };
};
const picture = (side: number) => Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i));
const wish = { at: 0.5, y: 3, seed: 7, keep: [] };

describe('a denoiser', () => {
  it('is fed the picture with noise, the time as its network takes it, and the class', () => {
    const x0 = picture(16);
    const { x, ...more } = feedOf(fed('uvit-tiny'), { picture: x0 }, wish)!;
    expect(more).toEqual({ t: Float32Array.of(499.5), y: Float32Array.of(3) });
    const process = processOf('vp');
    const noise = x!.map((v, i) => (v - process.signalRate(0.5) * x0[i]!) / process.noiseRate(0.5));
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    const variance = noise.reduce((a, b) => a + b * b, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(variance - 1)).toBeLessThan(0.15);
    expect(feedOf(fed('uvit-tiny'), { picture: x0 }, wish)!.x).toEqual(x);
    expect(feedOf(fed('uvit-tiny'), { picture: x0 }, { ...wish, seed: 8 })!.x).not.toEqual(x);
  });

  it('has no noise at time 0, and the same noise at every time', () => {
    const x0 = picture(16);
    expect([...feedOf(fed('dit-tiny'), { picture: x0 }, { ...wish, at: 0 })!.x!]).toEqual([...x0]);
    expect(momentOf({ process: 'linear', steps: 1000, prediction: 'eps', time: 'index' }, 0)).toMatchObject({
      t: 0.001,
      fed: 0,
    });
  });

  it('takes no class by −1, and never a row that its table lacks', () => {
    const table = { image: 16, channels: 3, classes: 10, nullClass: true };
    expect([0, 9, 10, -1].map((y) => classRow(table, y))).toEqual([0, 9, 10, 10]);
    expect([-1, 99].map((y) => classRow({ ...table, nullClass: false }, y))).toEqual([0, 0]);
  });
});

describe('a run whose states are fed', () => {
  const run = { run: 'ddim', rn: 20, rk: 8, rw: 1.5, reta: 0.5, rclip: false, rs: 1, y: 3, seed: 7 } as const;
  it('is what the link says, from the seed’s noise', () => {
    expect(samplingOf(fed('uvit-tiny'), undefined, run)).toEqual({
      sampler: 'ddim',
      steps: 20,
      labels: [3],
      seed: 7,
      guidance: 1.5,
      clip: false,
      eta: 0.5,
    });
    expect(samplingOf(fed('uvit-tiny'), undefined, { ...run, y: -1, run: 'heun' })).toMatchObject({
      labels: [null],
    });
    expect(samplingOf(fed('uvit-tiny'), undefined, { ...run, run: 'none' })).toBeUndefined();
    expect(samplingOf(fed('mae-tiny'), undefined, run)).toBeUndefined();
  });
  it('sets out from the picture where the link says when', () => {
    expect(samplingOf(fed('uvit-tiny'), undefined, { ...run, rs: 0.4 })).toBeUndefined();
    const x0 = picture(16);
    // The same noise as at rest: what a lesson begins with.
    const { x } = feedOf(fed('uvit-tiny'), { picture: x0 }, { ...wish, at: 0.4 })!;
    expect(samplingOf(fed('uvit-tiny'), x0, { ...run, rs: 0.4 })).toMatchObject({ start: 0.4, x });
  });
  it('feeds the network a state, its time and the class', () => {
    const x = picture(16);
    expect(feedOf(fed('uvit-tiny'), { state: { x, t: 0.25 } }, wish)).toEqual({
      x,
      t: Float32Array.of(249.75),
      y: Float32Array.of(3),
    });
  });
});

describe('a model that reads texts', () => {
  it('is fed the lines that are typed, and the empty text where there are none', () => {
    expect(linesOf(' goat \n\n山羊\r\n')).toEqual(['goat', '山羊']);
    expect(textsOf(linesOf(' \n '))).toEqual(['']);
    expect(linesOf('x\n'.repeat(99))).toHaveLength(MOST_TEXTS);
    expect(linesOf('x'.repeat(999))[0]).toHaveLength(MOST_CHARACTERS);
  });

  it('gets the picture and its rows once both are there', () => {
    const [row] = [Array.from({ length: 24 }, (_, i) => (i === 1 ? 2 : 0))];
    const given = { picture: picture(32), tokens: [row] };
    const inputs = feedOf(fed('clip-tiny'), given, wish)!;
    expect(Object.values(inputs).map((values) => values.length)).toEqual([3072, 24]);
    expect(feedOf(fed('clip-tiny'), { picture: picture(32) }, wish)).toBeUndefined();
    expect(feedOf(fed('clip-tiny'), { ...given, tokens: [row, row] }, wish)).toBeUndefined();
  });
});

describe('a masked autoencoder', () => {
  const size = { patches: 16, count: 4 };

  it('sees as many patches as its ratio leaves, drawn by the seed', () => {
    const seen = visiblePatches(size, [], 7);
    expect(seen).toHaveLength(4);
    expect(visiblePatches(size, [], 7)).toEqual(seen);
    expect(visiblePatches(size, [], 8)).not.toEqual(seen);
  });

  it('sees the chosen ones, where they are as many as it takes', () => {
    expect(visiblePatches(size, [0, 5, 10, 15], 0)).toEqual([0, 5, 10, 15]);
    expect(visiblePatches(size, [0, 5], 0)).toHaveLength(4);
    const more = feedOf(fed('mae-tiny'), { picture: picture(16) }, { ...wish, keep: ['3', '2', '1', '0'] });
    expect([...more!.ids_keep!]).toEqual([3, 2, 1, 0]);
    expect([...more!.ids_restore!].slice(0, 5)).toEqual([3, 2, 1, 0, 4]);
  });

  it('keeps their number when one is swapped', () => {
    expect(swapPatch([0, 5, 10, 15], 7, 16)).toEqual([5, 10, 15, 7]);
    expect(swapPatch([0, 5, 10, 15], 5, 16)).toEqual([0, 10, 15, 6]);
    expect(swapPatch([0, 1], 1, 2)).toEqual([0, 1]);
  });
});

it('a classifier is fed the picture alone', () => {
  const x0 = picture(32);
  expect(feedOf(fed('vit-tiny'), { picture: x0 }, wish)).toEqual({ x: x0 });
});

describe('a model of clips', () => {
  it('is fed the picture in every frame, standing still or moving as the reader says', () => {
    const of = fed('vivit-joint-tiny');
    expect(framesOf(of.blueprint)).toEqual({ count: 4, width: 16 });
    expect(framesOf(fed('vit-tiny').blueprint)).toBeUndefined();
    const x0 = picture(16);
    const frame = (x: Float32Array, f: number) => [...x.subarray(f * x0.length, (f + 1) * x0.length)];
    const still = feedOf(of, { picture: x0 }, wish)!.x!;
    expect(still.length).toBe(4 * x0.length);
    for (let f = 0; f < 4; f++) expect(frame(still, f)).toEqual([...x0]);
    const moved = feedOf(of, { picture: x0 }, { ...wish, mv: 3 })!.x!;
    expect(frame(moved, 0)).toEqual([...x0]);
    // Row 1 of frame 2 has gone six pixels: what was in column 10 is in column 0.
    expect(moved[2 * x0.length + 16]).toBe(x0[16 + 10]);
    expect(feedOf(of, {}, wish)).toBeUndefined();
  });
});
