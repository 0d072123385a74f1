import { describe, expect, it } from 'vitest';
import * as D from './index.ts';

const vp = D.vpProcess();
const flow = D.rectifiedFlow();
const x = new Float64Array(3);
const model = (state: Float64Array) => state;
const given = (own: object = {}) => ({ process: vp, model, predicts: 'v', x, steps: 4, ...own }) as const;
const march = (times: number[]) => D.finish(D.ddim({ process: vp, model, predicts: 'v', x, times }));

describe('bad arguments throw sentences', () => {
  it.each<[string, () => unknown]>([
    ["There is no noise schedule called 'square'; use one of linear", () => D.schedule('square')],
    ["There is no noise schedule called 'toString'", () => D.schedule('toString')],
    ["There is no process called 've'", () => D.process('ve')],
    ['The number of steps is 0; it must be a whole number', () => D.schedule('linear', 0)],
    ['The number of steps is 2.5', () => D.timeGrid(vp, { steps: 2.5 })],
    ['The beta at index 1 is 1;', () => D.fromBetas('linear', Float64Array.of(0.1, 1))],
    ["There is no spacing called 'even'", () => D.timeGrid(vp, { steps: 4, spacing: 'even' as D.Spacing })],
    ['time must fall', () => D.timeGrid(vp, { steps: 4, start: 0.2, end: 0.3 })],
    ['Only a discrete schedule has indices', () => D.timeGrid(vp, { steps: 4, snap: true })],
    [
      'The 11 steps do not fit into the 10',
      () => D.timeGrid(D.process('linear', 10), { steps: 11, snap: true }),
    ],
    ['cannot begin at t = 1', () => D.timeGrid(flow, { steps: 4, spacing: 'lambda' })],
    ['The closest time is 2', () => D.timeGrid(vp, { steps: 4, spacing: 'lambda', closest: 2 })],
    ['The index is 1000; it must be a whole number from 0 to 999', () => D.timeOfIndex(1000, 1000)],
    ['The index is 60', () => D.chainStep(D.schedule('linear', 60), 60, x, x)],
    ['The time t is 1.2; it must lie between 0', () => vp.signalRate(1.2)],
    ['The time t is NaN', () => flow.halfLogSnr(NaN)],
    ["needs a discrete schedule; 'vp' has none", () => D.networkTime('index', 0.5, vp)],
    ["There is no time convention called 'steps'", () => D.networkTime('steps', 0.5, vp)],
    ['needs a variance-preserving process', () => D.posterior(flow, 0.5, 0.4)],
    ['time must fall', () => D.posterior(vp, 0.4, 0.5)],
    ["There is no prediction called 'w'", () => D.split('w' as D.Prediction, vp, 0.5, x, x)],
    ['does not tell x0 and eps apart', () => D.split('eps', flow, 1, x, x)],
    ['Two arrays of 3 and 2 values meet', () => D.split('eps', vp, 0.5, x, new Float64Array(2))],
    ['The clip range is 1 to -1; it must rise', () => D.split('eps', vp, 0.5, x, x, [1, -1])],
    ['The guidance weight is Infinity', () => D.guide(x, x, Infinity)],
    ["There is no weighting called 'snr'", () => D.lossWeight('snr', 'eps', 1)],
    ["use 'none' for 'u'", () => D.lossWeight('min-snr', 'u', 1)],
    ["There is no sampler called 'plms'", () => D.sample('plms', given())],
    ['The reverse SDE needs a variance-preserving', () => D.sample('sde', given({ process: flow }))],
    ['The eta is 1.1; it must lie between', () => D.sample('ddim', given({ eta: 1.1 }))],
    ["no DDPM variance called 'mid'", () => D.sample('ddpm', given({ variance: 'mid' }))],
    ["no variable called 's'", () => D.sample('euler', given({ variable: 's' }))],
    ['it must be 1 or 2', () => D.sample('dpmpp-2m', given({ lastOrder: 3 }))],
    ['The seed is -1; it must be a whole number from 0', () => D.normals(-1, 0, 4)],
    ['The stream is 4294967296', () => D.normals(1, 0, 4, 2 ** 32)],
  ])('%s', (sentence, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(sentence);
    expect(call).toThrow(/^[A-Z].*\.$/);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['DDPM adds noise; give it a noise source.', () => D.finish(D.sample('ddpm', given()))],
    ['The grid goes from 0.5 to 0.5 at step 2; time must fall.', () => march([1, 0.5, 0.5])],
    ['The grid has 1 times; a sampler needs at least 2.', () => march([1])],
    [
      'sigma is infinite',
      () => D.finish(D.sample('euler', given({ process: flow, predicts: 'u', variable: 'sigma' }))),
    ],
  ])('when it runs: %s', async (sentence, call) => {
    await expect(call()).rejects.toThrow(sentence);
  });
});
