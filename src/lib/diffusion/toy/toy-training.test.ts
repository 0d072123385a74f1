import { describe, expect, it } from 'vitest';
import type { FromTraining } from '#lib/learning/messages.ts';
import { TrainingWork } from '#lib/learning/work.ts';
import type { Mixture } from '../math/mixture.ts';
import type { Look, Looked } from './look.ts';
import { TOY } from './trained.ts';
import { leastLoss, ToyTraining } from './training.ts';

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
    const said: FromTraining<Looked>[] = [];
    const work = new TrainingWork(TOY, (message) => said.push(message));
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
