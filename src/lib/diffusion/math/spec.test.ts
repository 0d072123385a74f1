import { describe, expect, it } from 'vitest';
import { noisePower } from './spec.ts';
import { process, vpProcess } from './process.ts';

describe('noisePower', () => {
  // What the lessons say of U-ViT's process, whose ᾱ(t) = exp(−0.1 t − 9.95 t²).
  it.each([
    [0.05, 0.03],
    [0.2, 0.34],
    [0.5, 0.92],
    [0.8, 0.998],
  ])('of the VP process at t = %f is %f', (t, share) => {
    expect(noisePower(vpProcess(), t)).toBeCloseTo(1 - Math.exp(-0.1 * t - 9.95 * t * t), 12);
    expect(noisePower(vpProcess(), t)).toBeCloseTo(share, 2);
  });

  it('is one half where signal and noise are alike, at t = 0.26 of the VP process', () => {
    const half = vpProcess().timeAt(0);
    expect(half).toBeCloseTo(0.26, 2);
    expect(noisePower(vpProcess(), half)).toBeCloseTo(0.5, 12);
  });

  it('counts both parts where their powers do not add up to 1', () => {
    expect(noisePower(process('rectified-flow'), 0.75)).toBeCloseTo(0.9, 12);
  });
});
