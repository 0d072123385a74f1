import { describe, expect, it } from 'vitest';
import { pixelDistance, psnr } from './picture-error.ts';
import { radialSpectrum } from './spectrum.ts';

/** A wave of so many cycles a side along x. */
const wave = (side: number, cycles: number, height = 1) =>
  Float32Array.from(
    { length: side * side },
    (_, i) => height * Math.cos((2 * Math.PI * cycles * (i % side)) / side),
  );

describe('radialSpectrum', () => {
  it('puts a wave at its frequency alone, and a flat picture at 0', () => {
    const of = radialSpectrum(wave(16, 3), 16);
    expect(of.length).toBe(9);
    // Half of each of two of the ring's waves has the power (side² / 2)² / side².
    expect(of[3]).toBeGreaterThan(1);
    of.forEach((v, ring) => ring !== 3 && expect(v, String(ring)).toBeLessThan(1e-9));
    const flat = radialSpectrum(new Float32Array(2 * 64).fill(0.5), 8);
    expect(flat[0]).toBeCloseTo(0.25 * 64);
    expect(flat[1]).toBeLessThan(1e-12);
  });
  it('keeps all power of a picture whose waves lie in its rings (Parseval)', () => {
    const side = 12;
    const data = wave(side, 2, 0.5).map(
      (v, i) => v + 0.2 * Math.cos((2 * Math.PI * 4 * Math.floor(i / side)) / side),
    );
    const found = radialSpectrum(data, side);
    const waves = (ring: number) => {
      let n = 0;
      for (let k = 0; k < side; k++)
        for (let l = 0; l < side; l++)
          n += Math.round(Math.hypot(Math.min(k, side - k), Math.min(l, side - l))) === ring ? 1 : 0;
      return n;
    };
    const total = Array.from(found).reduce((sum, v, ring) => sum + v * waves(ring), 0);
    expect(total).toBeCloseTo(
      data.reduce((sum, v) => sum + v * v, 0),
      5,
    );
  });
});

describe('psnr and pixelDistance', () => {
  it('are as defined, and cut what no screen shows', () => {
    expect(psnr([0, 0, 0, 0], [0.2, -0.2, 0.2, -0.2])).toBeCloseTo(20);
    expect(psnr([3, -3], [1, -1])).toBe(Infinity);
    expect([...pixelDistance([0, 0, 3, 0], [0, 1, 0, 1], 2)].map((v) => Math.fround(v))).toEqual([
      Math.fround(Math.sqrt(4.5)),
      1,
    ]);
  });
});
