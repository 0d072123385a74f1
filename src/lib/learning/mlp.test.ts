import { describe, expect, it } from 'vitest';
import { normals } from '#lib/diffusion/math/noise.ts';
import { Mlp } from './mlp.ts';

describe('the network', () => {
  it('has the gradient that finite differences have', () => {
    const net = new Mlp([3, 7, 5, 2], 4, 1);
    const x = Float32Array.from(normals(5, 0, 12));
    const wanted = normals(6, 0, 8);
    const loss = () => {
      const out = net.forward(x);
      return out.reduce((sum, v, i) => sum + (v - wanted[i]!) ** 2, 0) / out.length;
    };
    const out = net.forward(x, true);
    const byInput = net.backward(out.map((v, i) => (2 * (v - wanted[i]!)) / out.length));
    const h = 1e-2;
    const held = (of: Float32Array, slopes: Float32Array, what: string) => {
      for (let i = 0; i < of.length; i++) {
        const before = of[i]!;
        const at = (by: number) => {
          of[i] = before + by;
          const value = loss();
          of[i] = before;
          return value;
        };
        // Five points, so that what is left is the rounding of float32.
        const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
        expect(Math.abs(slope - slopes[i]!), `${what} ${i}`).toBeLessThan(2e-4);
      }
    };
    held(net.parameters, net.gradient, 'parameter');
    held(x, byInput, 'input');
    expect(byInput.some((g) => Math.abs(g) > 0.01)).toBe(true);
    expect(net.gradient.some((g) => Math.abs(g) > 0.01)).toBe(true);
  });

  it('asks for a forward pass before a backward one', () => {
    const net = new Mlp([2, 2], 0);
    net.forward(Float32Array.of(1, 2));
    expect(() => net.backward(Float32Array.of(1, 1))).toThrow('forward pass');
  });
});
