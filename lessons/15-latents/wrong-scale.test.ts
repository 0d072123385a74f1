import { expect, it } from 'vitest';
import { process } from '#lib/diffusion/math/process.ts';
import { signalShare } from './wrong-scale.ts';

const vp = process('vp', 1000);

it('the share of signal is that of the powers, and falls with weaker latents', () => {
  const z = Float32Array.of(1, -1, 1, -1);
  for (const t of [0.2, 0.5, 0.8]) {
    const [a, b] = [vp.signalRate(t), vp.noiseRate(t)];
    expect(signalShare(z, vp, t)).toBeCloseTo(a ** 2 / (a ** 2 + b ** 2), 6);
    const weak = z.map((v) => v / 4);
    expect(signalShare(weak, vp, t)).toBeLessThan(signalShare(z, vp, t) / 2 + 0.5);
    expect(signalShare(weak, vp, t)).toBeCloseTo(a ** 2 / 16 / (a ** 2 / 16 + b ** 2), 6);
  }
});
