import { describe, expect, it } from 'vitest';
import * as D from './index.ts';

// Samplers against data whose best network is known: x0 ~ N(m, s²), one number. Then
// x_t ~ N(a m, V), V = a² s² + b², and the best ε is b (x − a m)/V: affine, so a sampler maps x_T and
// its noise affinely to the result, whose mean and variance follow exactly without drawing a sample.
// The expected maps are written here from the papers' formulas, apart from the code under test.

const [M, S] = [0.5, 0.5];
interface Law {
  readonly mean: number;
  readonly variance: number;
}
type Options = Partial<D.SampleOptions<Float64Array>>;

const abar = (t: number) => Math.exp(-0.1 * t - 9.95 * t * t);

function rates(t: number, flow = false): { a: number; b: number; V: number } {
  const [a, b] = flow ? [1 - t, t] : [Math.sqrt(abar(t)), Math.sqrt(1 - abar(t))];
  return { a, b, V: a * a * S * S + b * b };
}

/** The exact law of a sampler's result for x_T ~ N(begin): column 0 sees no noise, 1 only x_T, 1 + k only draw k. */
async function law(name: string, steps: number, options: Options = {}, begin?: Law): Promise<Law> {
  const flow = options.process?.name === 'rectified-flow';
  const x = new Float64Array(steps + 2).fill(begin?.mean ?? 0);
  x[1]! += Math.sqrt(begin?.variance ?? 1);
  let drawn = 0;
  const noise = {
    normal: (n: number) => {
      const out = new Float64Array(n);
      out[1 + ++drawn] = 1;
      return out;
    },
  };
  const model = (state: Float64Array, t: number) => {
    const { a, b, V } = rates(t, flow);
    return state.map((v) => (flow ? ((b - a * S * S) * (v - a * M)) / V - M : (b * (v - a * M)) / V));
  };
  const predicts = flow ? 'u' : 'eps';
  const full = { process: D.process('vp'), predicts, ...options, model, noise, x, steps } as const;
  const out = (await D.finish(D.sample(name, full))).x;
  return { mean: out[0]!, variance: out.reduce((sum, v) => sum + (v - out[0]!) ** 2, 0) };
}

type OneStep = (t: number, s: number, now: Law) => Law;
const bySteps = (times: readonly number[], one: OneStep): Law =>
  times.slice(1).reduce((now, s, i) => one(times[i]!, s, now), { mean: 0, variance: 1 });
const grid = (spacing: D.Spacing = 'uniform') => D.timeGrid(D.process('vp'), { steps: 20, spacing });

const ddimLaw =
  (eta: number): OneStep =>
  (t, s, now) => {
    const [{ a, b, V }, { a: a2, b: b2 }] = [rates(t), rates(s)];
    const power = eta ** 2 * (b2 / b) ** 2 * (1 - abar(t) / abar(s));
    const gain = (a2 * a * S * S) / V + (Math.sqrt(b2 * b2 - power) * b) / V;
    return { mean: a2 * M + gain * (now.mean - a * M), variance: gain ** 2 * now.variance + power };
  };

const ddpmLaw =
  (large: boolean): OneStep =>
  (t, s, now) => {
    const alpha = abar(t) / abar(s);
    const { a, V } = rates(t);
    const fromX0 = (Math.sqrt(abar(s)) * (1 - alpha)) / (1 - abar(t));
    const fromX = (Math.sqrt(alpha) * (1 - abar(s))) / (1 - abar(t));
    const small = ((1 - alpha) * (1 - abar(s))) / (1 - abar(t));
    const gain = (fromX0 * a * S * S) / V + fromX;
    const mean = fromX0 * (M + (a * S * S * (now.mean - a * M)) / V) + fromX * now.mean;
    return { mean, variance: gain ** 2 * now.variance + (s === 0 ? 0 : large ? 1 - alpha : small) };
  };

/** dx/dt = p x + q: half = 1/2 the ODE, 1 the drift of the reverse SDE. */
function slope(t: number, half: number): [number, number] {
  const { a, V } = rates(t);
  const beta = 0.1 + 19.9 * t;
  return [-0.5 * beta + (half * beta) / V, (-half * beta * a * M) / V];
}

const driftLaw =
  (half: number): OneStep =>
  (t, s, now) => {
    const [p, q] = slope(t, half);
    const noise = half === 1 && s > 0 ? (0.1 + 19.9 * t) * (t - s) : 0;
    const mean = now.mean + (s - t) * (p * now.mean + q);
    return { mean, variance: (1 + (s - t) * p) ** 2 * now.variance + noise };
  };

const heunLaw: OneStep = (t, s, now) => {
  if (s === 0) return driftLaw(0.5)(t, s, now);
  const [[p, q], [p2, q2], d] = [slope(t, 0.5), slope(s, 0.5), s - t];
  const gain = 1 + (d / 2) * (p + p2 * (1 + d * p));
  return { mean: gain * now.mean + (d / 2) * (q + p2 * d * q + q2), variance: gain ** 2 * now.variance };
};

const flowLaw: OneStep = (t, s, now) => {
  const { a, b, V } = rates(t, true);
  const gain = 1 + ((s - t) * (b - a * S * S)) / V;
  const shift = (s - t) * (-M - ((b - a * S * S) * a * M) / V);
  return { mean: gain * now.mean + shift, variance: gain ** 2 * now.variance };
};

/** DPM-Solver++(2M) needs the step before, so the map itself is carried: x = gain · x_T + shift. */
function dpmLaw(times: readonly number[]): Law {
  const lambda = (t: number) => 0.5 * Math.log(abar(t) / (1 - abar(t)));
  let x: [number, number] = [1, 0];
  let before: { x0: [number, number]; h: number } | undefined;
  for (let i = 1; i < times.length; i++) {
    const [{ a, b, V }, { a: a2, b: b2 }] = [rates(times[i - 1]!), rates(times[i]!)];
    const h = lambda(times[i]!) - lambda(times[i - 1]!);
    const k = (a * S * S) / V;
    const x0: [number, number] = [k * x[0], M + k * (x[1] - a * M)];
    let d = x0;
    if (before && i < times.length - 1) {
      const [r, old] = [before.h / h, before.x0];
      d = [0, 1].map((j) => (1 + 1 / (2 * r)) * x0[j]! - (1 / (2 * r)) * old[j]!) as [number, number];
    }
    x = [0, 1].map((j) => (b2 / b) * x[j]! - a2 * (Math.exp(-h) - 1) * d[j]!) as [number, number];
    before = { x0, h };
  }
  return { mean: x[1], variance: x[0] ** 2 };
}

const deviation = (found: Law) => Math.sqrt(found.variance) / S - 1;

describe('on a Gaussian', () => {
  const flow = { process: D.process('rectified-flow') };
  // Tolerances at 20 steps: of the mean, and of the deviation relative to s. They are the
  // discretisation errors themselves, rounded up in the last digit.
  it.each<[string, Options, Law, number, number]>([
    ['ddpm', {}, bySteps(grid(), ddpmLaw(false)), 1e-4, 0.2171],
    ['ddpm', { variance: 'large' }, bySteps(grid(), ddpmLaw(true)), 1e-4, 0.0328],
    ['ddim', {}, bySteps(grid(), ddimLaw(0)), 0.0015, 0.1377],
    ['ddim', { eta: 0.5 }, bySteps(grid(), ddimLaw(0.5)), 0.0011, 0.1591],
    ['ddim', { eta: 1 }, bySteps(grid(), ddimLaw(1)), 1e-4, 0.2171],
    ['euler', {}, bySteps(grid(), driftLaw(0.5)), 0.006, 0.0189],
    ['euler', { variable: 'sigma' }, bySteps(grid(), ddimLaw(0)), 0.0015, 0.1377],
    ['heun', {}, bySteps(grid('quadratic'), heunLaw), 0.0023, 0.0002],
    ['dpmpp-2m', {}, dpmLaw(grid('lambda')), 0.0018, 0.0141],
    ['dpmpp-2m', { spacing: 'quadratic' }, dpmLaw(grid('quadratic')), 0.0018, 0.0206],
    ['sde', {}, bySteps(grid(), driftLaw(1)), 0.0148, 0.062],
    ['euler', flow, bySteps(grid(), flowLaw), 1e-9, 0.0716],
    ['ddim', flow, bySteps(grid(), flowLaw), 1e-9, 0.0716],
  ])(
    '%s %o ends after 20 steps where its affine map says',
    async (name, options, exact, ofMean, ofDeviation) => {
      const found = await law(name, 20, options);
      expect(Math.abs(found.mean - exact.mean)).toBeLessThan(1e-11);
      expect(Math.abs(found.variance - exact.variance)).toBeLessThan(1e-11);
      expect(Math.abs(found.mean - M)).toBeLessThan(ofMean);
      expect(Math.abs(deviation(found))).toBeLessThan(ofDeviation);
    },
  );

  it('second order to the very end is worse than DDIM when few steps are even in time', async () => {
    const percent = async (name: string, spacing: D.Spacing, options: Options = {}) =>
      (100 * deviation(await law(name, 20, { ...options, spacing, end: 1e-3 }))).toFixed(1);
    expect(await percent('dpmpp-2m', 'lambda')).toBe('1.3');
    expect(await percent('ddim', 'uniform')).toBe('-13.2');
    expect(await percent('dpmpp-2m', 'uniform', { lastOrder: 2 })).toBe('22.4');
    expect(await percent('dpmpp-2m', 'uniform', { lastOrder: 1 })).toBe('-4.0');
  });

  it('DPM-Solver++ ends first-order up to 20 steps, second-order above', async () => {
    for (const [steps, lastOrder] of [
      [20, 1],
      [21, 2],
    ] as const) {
      const found = await law('dpmpp-2m', steps, { end: 1e-3 });
      expect(found).toEqual(await law('dpmpp-2m', steps, { end: 1e-3, lastOrder }));
      expect(found).not.toEqual(
        await law('dpmpp-2m', steps, { end: 1e-3, lastOrder: lastOrder === 1 ? 2 : 1 }),
      );
    }
  });

  it.each<[string, number, Options]>([
    ['ddim', 1, {}],
    ['euler', 1, {}],
    ['euler', 1, { variable: 'sigma', spacing: 'lambda' }],
    ['heun', 2, {}],
    ['heun', 2, { variable: 'sigma', spacing: 'lambda' }],
    ['dpmpp-2m', 2, {}],
    ['ddpm', 1, {}],
    ['ddpm', 1, { variance: 'large' }],
    ['sde', 1, {}],
  ])('the error of %s falls at order %i, %o', async (name, order, options) => {
    // From the exact law at t = 1 the exact law at t = 0.01 is known; the error is the sampler's own.
    const [first, last] = [rates(1), rates(0.01)];
    const begin = { mean: first.a * M, variance: first.V };
    const errors = [];
    for (const steps of [160, 320, 640]) {
      const found = await law(name, steps, { ...options, end: 0.01 }, begin);
      errors.push(Math.abs(Math.sqrt(found.variance) - Math.sqrt(last.V)));
    }
    expect(Math.abs(Math.log2(errors[0]! / errors[1]!) - order)).toBeLessThan(0.15);
    expect(Math.abs(Math.log2(errors[1]! / errors[2]!) - order)).toBeLessThan(0.15);
    expect(errors[2]).toBeGreaterThan(1e-12);
  });
});
