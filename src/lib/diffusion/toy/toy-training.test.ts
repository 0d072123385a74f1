import { describe, expect, it } from 'vitest';
import type { Mixture } from '../math/mixture.ts';
import { normals } from '../math/noise.ts';
import { Adam } from './adam.ts';
import type { FromTraining, Look } from './messages.ts';
import { Mlp } from './mlp.ts';
import { leastLoss, ToyTraining } from './training.ts';
import { TrainingWork } from './work.ts';

const mixture: Mixture = {
  parts: [
    { weight: 0.5, x: -0.8, y: -0.7, s: 0.18 },
    { weight: 0.3, x: 1, y: -0.4, s: 0.18 },
    { weight: 0.2, x: 0, y: 1.1, s: 0.18 },
  ],
};
const look: Look = {
  ...{ t: 0.3, grid: Float64Array.of(0, 0, 1, 1), sampler: 'ddim', steps: 5, eta: 0, points: 10 },
};

describe('the network', () => {
  it('has the gradient that finite differences have', () => {
    const net = new Mlp([3, 7, 5, 2], 4);
    const x = Float32Array.from(normals(5, 0, 12));
    const wanted = normals(6, 0, 8);
    const loss = () => {
      const out = net.forward(x);
      return out.reduce((sum, v, i) => sum + (v - wanted[i]!) ** 2, 0) / out.length;
    };
    const out = net.forward(x, true);
    net.backward(out.map((v, i) => (2 * (v - wanted[i]!)) / out.length));
    const h = 1e-2;
    for (let i = 0; i < net.parameters.length; i++) {
      const before = net.parameters[i]!;
      const at = (by: number) => {
        net.parameters[i] = before + by;
        const value = loss();
        net.parameters[i] = before;
        return value;
      };
      // Five points, so that what is left is the rounding of float32.
      const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      expect(Math.abs(slope - net.gradient[i]!), `parameter ${i}`).toBeLessThan(2e-4);
    }
    expect(net.gradient.some((g) => Math.abs(g) > 0.01)).toBe(true);
  });

  it('asks for a forward pass before a backward one', () => {
    const net = new Mlp([2, 2], 0);
    net.forward(Float32Array.of(1, 2));
    expect(() => net.backward(Float32Array.of(1, 1))).toThrow('forward pass');
  });
});

it('Adam’s first step is the learning rate long, whatever the gradient’s size', () => {
  const parameters = Float32Array.of(1, 1, 1);
  new Adam(3).step(parameters, Float32Array.of(1e-3, -50, 0), 0.1);
  [0.9, 1.1, 1].forEach((v, i) => expect(parameters[i]).toBeCloseTo(v, 4));
});

describe('the training', () => {
  it('comes near the least loss there is, and to the exact field', () => {
    const training = new ToyTraining({ mixture, seed: 1, steps: 300, width: 32 });
    const losses = Array.from({ length: 300 }, () => training.step());
    const mean = (part: number[]) => part.reduce((a, b) => a + b) / part.length;
    const least = leastLoss(mixture);
    expect(mean(losses.slice(0, 5))).toBeGreaterThan(4 * least);
    expect(mean(losses.slice(-60))).toBeLessThan(1.4 * least);
    // No network is better than the exact answer, but by chance.
    expect(mean(losses.slice(-60))).toBeGreaterThan(0.85 * least);
    for (const t of [0.3, 0.6, 0.9]) expect(training.gapAt(t), `t ${t}`).toBeLessThan(0.12);
    expect(training.done).toBe(true);
  });

  it('is the same for the same seed, and another for another', () => {
    const loss = (seed: number) => {
      const training = new ToyTraining({ mixture, seed, steps: 10, width: 16 });
      training.step();
      return training.step();
    };
    expect(loss(3)).toBe(loss(3));
    expect(loss(3)).not.toBe(loss(4));
  });
});

describe('the work of its worker', () => {
  const until = async (what: () => boolean) => {
    for (let i = 0; i < 2000 && !what(); i++) await new Promise((done) => setTimeout(done, 1));
    expect(what()).toBe(true);
  };

  it('trains, looks, pauses, goes on, and ends', async () => {
    const said: FromTraining[] = [];
    const work = new TrainingWork((message) => said.push(message));
    const steps = () => said.reduce((most, m) => (m.type === 'progress' ? Math.max(most, m.step) : most), 0);
    const looks = () => said.flatMap((m) => (m.type === 'looked' ? [m.looked] : []));
    work.hear({ type: 'begin', spec: { mixture, seed: 1, steps: 400, width: 16 }, look });
    await until(() => looks().length === 1);
    expect(steps()).toBe(0);
    work.hear({ type: 'run' });
    await until(() => steps() > 0);
    work.hear({ type: 'pause' });
    await until(() => looks().length === 2);
    const paused = steps();
    await new Promise((done) => setTimeout(done, 80));
    expect(steps()).toBe(paused);
    work.hear({ type: 'look', look: { ...look, t: 0.9 } });
    await until(() => looks().at(-1)!.look.t === 0.9);
    expect(looks().at(-1)!.step).toBe(paused);
    work.hear({ type: 'run' });
    await until(() => said.at(-1)!.type === 'done');
    expect(steps()).toBe(400);
    // What is shown last is what the last step left.
    expect(looks().at(-1)).toMatchObject({ step: 400 });
    expect(looks().at(-1)!.samples).toHaveLength(20);
  });
});
