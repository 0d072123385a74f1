import { describe, expect, it } from 'vitest';
import { process } from '#lib/diffusion/math/process.ts';
import { gatesFor, noised, spreadSteps, withNoiseOf } from './break-math.ts';

const vp = process('vp', 1000);
const of = (...values: number[]) => Float32Array.from(values);

describe('the noise of another picture', () => {
  const [x0, eps, other] = [of(0.5, -1), of(1, 0.25), of(-0.5, 0.75)];

  it('taken away leaves the state less that noise, over what is left of the data', () => {
    for (const from of [0.9, 0.5, 0.1]) {
      const [a, b] = [vp.signalRate(from), vp.noiseRate(from)];
      const found = withNoiseOf({ x0, eps, from }, other, vp);
      x0.forEach((v, i) => expect(found[i]).toBeCloseTo((a * v + b * eps[i]! - b * other[i]!) / a, 4));
    }
  });

  it('is no harm where it is its own, and little where little noise is left', () => {
    expect(withNoiseOf({ x0, eps, from: 0.7 }, eps, vp)).toEqual(x0);
    const off = (from: number) => Math.abs(withNoiseOf({ x0, eps, from }, other, vp)[0]! - x0[0]!);
    expect(off(0.8)).toBeGreaterThan(10 * off(0.05));
  });

  it('of another length is refused', () => {
    expect(() => withNoiseOf({ x0, eps, from: 0.5 }, of(1), vp)).toThrow(/has 1 values, the state 2/);
    expect(() => noised(x0, of(1), vp, 0.5)).toThrow(/has 1 values, the latents 2/);
  });
});

it('a state is signal and noise at their rates', () => {
  const [a, b] = [vp.signalRate(0.4), vp.noiseRate(0.4)];
  expect(noised(of(2), of(-1), vp, 0.4)[0]).toBeCloseTo(2 * a - b, 6);
});

it('skips are cut from the inside or from the outside', () => {
  expect([...gatesFor('none', 4)]).toEqual([1, 1, 1, 1]);
  expect([...gatesFor('inner', 4)]).toEqual([0, 0, 1, 1]);
  expect([...gatesFor('outer', 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  expect([...gatesFor('outer', 3)]).toEqual([1, 0, 0]);
  expect([...gatesFor('all', 2)]).toEqual([0, 0]);
});

it('steps are spread over a run, its last among them', () => {
  expect(spreadSteps(20, 5)).toEqual([1, 6, 11, 15, 20]);
  expect(spreadSteps(3, 6)).toEqual([1, 2, 3]);
  expect(spreadSteps(1, 6)).toEqual([1]);
});
