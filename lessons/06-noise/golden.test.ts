import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ksToNormal, momentsOf } from '#lib/analysis/gaussian.ts';
import { decodeImage } from '#lib/images/decode.node.ts';
import { preprocess } from '#lib/images/index.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { Chain } from './chain.ts';
import { SIDE, TABLES } from './state.ts';
import { drawOf } from './noise-streams.ts';
import { decibels, framesOf, tableOf, weightsOf } from './schedules.ts';
import { formulaOf, jumpsOf, Walkers, type WalkersSpec } from './walkers.ts';

/** What PyTorch computes (lessons/06-noise/tests/reference.py). */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/06-noise/tests/golden.safetensors')));
const wanted = (key: string) => [...golden.float32(key)];
const half = [0.5, 0.5, 0.5];
const image = await decodeImage(
  readFileSync('static/pictures/golden-retriever.webp'),
  'golden-retriever.webp',
);
const x0 = Float64Array.from(
  preprocess(image, {
    size: SIDE,
    fit: 'crop',
    interpolation: 'bilinear',
    antialias: true,
    mean: half,
    std: half,
  }),
);
const linear = tableOf('linear');
const beside = (x: ArrayLike<number>, t: number) => {
  const { mean, variance } = momentsOf(x, (i) => weightsOf('vp', linear.alphasCumprod[t]!)[0] * x0[i]!);
  return [mean, variance];
};
const close = (got: readonly number[], want: readonly number[], within: number) =>
  want.forEach((v, i) => expect(Math.abs(got[i]! - v), `${got[i]} for ${v}`).toBeLessThan(within));

describe('schedules', () => {
  it.each(TABLES)('%s has PyTorch’s tables', (name) => {
    const table = tableOf(name);
    wanted('at').forEach((t, k) => {
      expect(table.betas[t]! / wanted(`beta-${name}`)[k]!).toBeCloseTo(1, 5);
      expect(table.alphasCumprod[t]! / wanted(`abar-${name}`)[k]!).toBeCloseTo(1, 5);
      expect(decibels(table.alphasCumprod[t]!)).toBeCloseTo(wanted(`db-${name}`)[k]!, 3);
    });
    expect(table.half).toBe(wanted(`half-${name}`)[0]);
  });
  it('weighs rightly or wrongly, and spreads frames from first to last', () => {
    expect(weightsOf('vp', 0.25)).toEqual([0.5, Math.sqrt(0.75)]);
    expect(weightsOf('unrooted', 0.25)).toEqual([0.25, 0.75]);
    expect(weightsOf('unfaded', 0.25)).toEqual([1, Math.sqrt(0.75)]);
    expect(framesOf(10)).toEqual([0, 111, 222, 333, 444, 555, 666, 777, 888, 999]);
  });
});

describe('the picture at step t', () => {
  it.each([0, 249, 749, 999])('has PyTorch’s moments and KS distance at %i', (t) => {
    const [a, b] = weightsOf('vp', linear.alphasCumprod[t]!);
    const eps = drawOf(1, 'small', x0.length);
    const x = x0.map((v, i) => a * v + b * eps[i]!);
    const { mean, variance } = momentsOf(x);
    close([mean, Math.sqrt(variance), ksToNormal(x)], wanted(`values-${t}`), 1e-6);
  });
});

describe('the chain', () => {
  const chain = new Chain({ schedule: linear, x0, seed: 1 });
  it('is the jump with its own noise, and PyTorch’s', () => {
    chain.advance(300);
    const { x, folded } = chain.at(249)!;
    const [a, b] = weightsOf('vp', linear.alphasCumprod[249]!);
    expect(
      x.reduce((most, v, i) => Math.max(most, Math.abs(v - a * x0[i]! - b * folded[i]!)), 0),
    ).toBeLessThan(1e-13);
    close(beside(x, 249), wanted('chain'), 1e-6);
    expect(Math.sqrt(momentsOf(folded).variance)).toBeCloseTo(wanted('folded-deviation')[0]!, 5);
  });
  it('shows any earlier link again, and none it has not walked', () => {
    const straight = new Chain({ schedule: linear, x0, seed: 1 });
    for (const n of [0, 8, 9, 10, 137]) {
      straight.advance(n + 1);
      expect(chain.at(n)!.x).toEqual(straight.at(n)!.x);
    }
    expect(chain.at(300)).toBeUndefined();
    expect(chain.done).toBe(300);
  });
});

describe('the walkers', () => {
  const spec: WalkersSpec = { schedule: linear, x0: x0[11 * SIDE + 16]!, seed: 1, links: 'fresh' };
  it('stand where PyTorch’s stand, and where the formula says', () => {
    const walk = new Walkers(spec);
    expect(walk.at(0)).toBeUndefined();
    walk.advance(500);
    const { mean, variance } = momentsOf(walk.at(499)!);
    close([mean, variance], wanted('walk'), 1e-6);
    const jumps = momentsOf(jumpsOf(spec, 499));
    close([jumps.mean, jumps.variance], wanted('walk-jump'), 1e-6);
    expect(formulaOf(spec, 499).variance).toBeCloseTo(1 - linear.alphasCumprod[499]!, 12);
  });
  it('run away when the noise is always the first', () => {
    const walk = new Walkers({ ...spec, links: 'same' });
    walk.advance(500);
    const { mean, variance } = momentsOf(walk.at(499)!);
    close([mean, variance], wanted('walk-same'), 1e-3);
  });
});
