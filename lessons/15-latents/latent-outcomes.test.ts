import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statsOf } from '#lib/analysis/stats.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { MEASURED } from './factors.ts';
import { halfLost } from './half-lost.ts';
import lesson from './lesson.ts';
import { AUTOENCODER_CONFIG, CHANNELS, GRID, SIDE } from './model.ts';

/** What the text says of latents, of the pictures it says it of: tests/reference_latent.py computes them. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/15-latents/tests/golden.safetensors')));
const numbers = (name: string) => golden.float32(`latent.${name}`);
const one = (name: string) => numbers(name)[0] ?? NaN;
/** Spectra of a picture, of what came back, of the difference. */
const spectra = (of: string) => {
  const all = numbers(`${of}.spectra`);
  const rings = SIDE / 2 + 1;
  return [0, 1, 2].map((i) => all.subarray(i * rings, (i + 1) * rings));
};

describe('a changed latent', () => {
  it('is the one that the step opens with', () => {
    const step = lesson.steps.find(({ id }) => id === 'cell');
    expect(step?.set).toMatchObject({ view: 'latent', ch: 0, cell: 27, add: 2 });
  });
  it('is seen mostly in its own square and the eight around, faintly elsewhere', () => {
    const [own = 0, around = 0, elsewhere = 0] = numbers('cell.shares');
    expect(own).toBeGreaterThan(around);
    expect(own + around).toBeGreaterThan(0.6);
    expect(elsewhere).toBeGreaterThan(0);
    expect(one('cell.most')).toBeGreaterThan(0.1);
  });
  it('does not simply mirror the opposite one', () => {
    expect(one('cell.mirrored')).toBeGreaterThan(0);
    expect(one('cell.mirrored')).toBeLessThan(0.99);
  });
});

describe('what comes back', () => {
  it.each(['photo', 'worn'])('has its coarse waves and not the fine ones: %s', (of) => {
    const [before, , apart] = spectra(of);
    const from = halfLost(before ?? [], apart ?? []);
    expect(from).toBeGreaterThan(2);
    expect(from).toBeLessThan(SIDE / 2);
    expect((apart?.[1] ?? 1) / (before?.[1] ?? 1)).toBeLessThan(0.1);
  });
  const found = MEASURED.find(({ factor }) => factor === AUTOENCODER_CONFIG.factor);
  it.runIf(found)('was measured on held-out pictures', () => {
    for (const dB of [found?.signs, found?.photos]) {
      expect(dB).toBeGreaterThan(15);
      expect(dB).toBeLessThan(45);
    }
  });
});

describe('latents', () => {
  it('spread by about one over the stored factor, on photos, too', () => {
    const scaled = one('photos.std') * one('scale');
    expect(scaled).toBeGreaterThan(0.7);
    expect(scaled).toBeLessThan(1.4);
  });
  it('are much the same wherever a sign is nothing but paper', () => {
    const mean = numbers('sign.mean');
    const all = statsOf(mean).std;
    // The outermost columns of the goat's square are paper.
    const spread = Array.from({ length: CHANNELS }, (_, c) => {
      const paper = Array.from({ length: GRID }, (_, row) =>
        [0, GRID - 1].map((column) => (c * GRID + row) * GRID + column),
      );
      return statsOf(paper.flat().map((i) => mean[i] ?? NaN)).std / all;
    });
    expect(spread.reduce((sum, v) => sum + v, 0) / CHANNELS).toBeLessThan(0.5);
  });
});
