import { expect, it } from 'vitest';
import { Adam } from './adam.ts';

it('Adam’s first step is the learning rate long, whatever the gradient’s size', () => {
  const parameters = Float32Array.of(1, 1, 1);
  new Adam(3).step(parameters, Float32Array.of(1e-3, -50, 0), 0.1);
  [0.9, 1.1, 1].forEach((v, i) => expect(parameters[i]).toBeCloseTo(v, 4));
});
