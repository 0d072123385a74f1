import { describe, expect, it } from 'vitest';
import { sinusoid } from '#lib/models/shared/time.ts';
import { uvit, uvitConfig, uvitSizes } from '#lib/models/uvit/graph.ts';
import { SKIPS } from '#lib/models/uvit/config.ts';
import { uniformDistance } from '#lib/analysis/attention.ts';
import { describe as describeGraph, Graph } from '#lib/graph/index.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { rmsBetween } from '#lib/analysis/rms.ts';
import { skipShare } from './skip-share.ts';
import { brokenSettings, gatedSettings } from './changed-settings.ts';
import { alike, clockTable, embedTime, period } from './time-embedding.ts';
import { printGates, readGates, tidyGates } from './gates.ts';
import { evenly, measure, tableOf, weightFrom, weightTo, type Places } from './attention-measures.ts';
import { PUBLISHED } from './published.ts';
import { shortBlock } from './block-name.ts';
import { uShapeOf } from './u-shape.ts';

describe('gates in a link', () => {
  it.each([
    ['', [100, 100, 100, 100]],
    ['0', [0, 100, 100, 100]],
    ['100.100.50', [100, 100, 50, 100]],
    ['0.0.0.0', [0, 0, 0, 0]],
  ])('%s', (raw, gates) => {
    expect(readGates(raw, 4)).toEqual(gates);
    expect(printGates(gates)).toBe(raw);
  });
  it.each(['101', '-1', 'a', '1..2', '5.', Array(21).fill('0').join('.')])('refuses %s', (raw) =>
    expect(tidyGates(raw)).toBeUndefined(),
  );
  it('are kept in their shortest form', () => expect(tidyGates('50.100.100')).toBe('50'));
});

describe('attention measures', () => {
  const place: Places = { grid: 2, prefix: 2, label: 0, time: 1 };
  /** Every token gives all its weight to `to`. */
  const allTo = (to: number) => Float32Array.from({ length: 36 }, (_, i) => (i % 6 === to ? 1 : 0));
  it('counts what goes to a token, and what a token gives to the patches', () => {
    expect(weightTo(allTo(1), 1, place)).toBe(1);
    expect(weightTo(allTo(1), 0, place)).toBe(0);
    expect(weightFrom(allTo(1), 0, place)).toBe(0);
    expect(weightFrom(allTo(4), 0, place)).toBe(1);
  });
  it('an even head lies on the line of comparison in every measure', () => {
    const even = { data: new Float32Array(72).fill(1 / 6), heads: 2, tokens: 6 };
    const got = measure([even, even], place);
    for (const [name, values] of Object.entries(got)) {
      expect(values).toHaveLength(4);
      const line = evenly(name as keyof typeof got, place, uniformDistance(2));
      for (const v of values) expect(v).toBeCloseTo(line, 6);
    }
  });
  it('a step that is not measured yet is no missing number', () => {
    const step = [0.5, NaN, 2, 3];
    expect([...tableOf([step], 2, 2, 0, 0)]).toEqual([0.5, 0, NaN, 0]);
    expect([...tableOf([], 2, 2, 1, -1)]).toEqual([-1, -1, -1, -1]);
  });
  it('has no label curve without a label token', () => {
    const only: Places = { grid: 2, prefix: 1, label: undefined, time: 0 };
    const even = { data: new Float32Array(25).fill(1 / 5), heads: 1, tokens: 5 };
    expect(measure([even], only)['to-label'][0]).toBeNaN();
    expect(measure([even], only)['to-time'][0]).toBeCloseTo(0.2);
  });
});

describe('share of a skip', () => {
  const eye = (own: number, skip: number) => [own, 0, skip, 0, 0, own, 0, skip];
  it('is that of the two parts of W [h ; s]', () => {
    expect(skipShare([3, 4, 3, 4], eye(1, 0), 2)).toBe(0);
    expect(skipShare([3, 4, 3, 4], eye(0, 2), 2)).toBe(1);
    expect(skipShare([3, 4, 3, 4], eye(1, 1), 2)).toBeCloseTo(0.5);
    expect(skipShare([3, 4, 3, 4, 0, 0, 0, 0], eye(1, 3), 2)).toBeCloseTo(0.375);
  });
  it('a distance of pictures is the root of the mean square', () => {
    expect(rmsBetween([1, 2, 3], [1, 2, 3])).toBe(0);
    expect(rmsBetween([0, 0, 9], [3, 4, 9], 0, 2)).toBeCloseTo(Math.sqrt(12.5));
  });
});

describe('the clock', () => {
  it('is what the network computes', async () => {
    const g = new Graph('time');
    sinusoid(g, g.input('t', [3], ['B']), 16, 'D', 'e');
    const { e } = await runGraph(g, ['e'], { t: [0, 417.25, 999] });
    [0, 417.25, 999].forEach((t, i) => {
      const mine = embedTime(t, 16);
      mine.forEach((v, k) => expect(v).toBeCloseTo(e!.data[i * 16 + k]!, 4));
    });
  });
  it('has cosines first, of length √(D/2), from the noisiest time to 0', () => {
    const table = clockTable(3, 8, 999);
    expect([...table.slice(16)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(table.slice(0, 8)).toEqual(embedTime(999, 8));
    expect(Math.hypot(...embedTime(123.4, 8))).toBeCloseTo(2);
  });
  it('likeness is the cosine of the angle, and depends on the distance alone', () => {
    expect(alike(5, 5, 128)).toBe(1);
    const [a, b] = [embedTime(300, 128), embedTime(340, 128)];
    const dot = a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(alike(300, 340, 128)).toBeCloseTo(dot / 64, 5);
    expect(alike(300, 340, 128)).toBeCloseTo(alike(900, 940, 128), 9);
    expect(period(0, 128)).toBeCloseTo(2 * Math.PI, 5);
  });
});

describe('the U of the graph', () => {
  const c = uvitConfig({ image: 8, patch: 4, dim: 8, depth: 6, heads: 2, classes: 3 });
  const u = uShapeOf(uvit(c));
  it('joins the last in-block with the first out-block', () => {
    expect(u.down).toEqual(['in_blocks.0', 'in_blocks.1', 'in_blocks.2']);
    expect(u.up).toEqual(['out_blocks.0', 'out_blocks.1', 'out_blocks.2']);
    expect(u.skips.map((s) => [s.j, s.from, s.into])).toEqual([
      [2, 'in_blocks.0', 'out_blocks.2'],
      [1, 'in_blocks.1', 'out_blocks.1'],
      [0, 'in_blocks.2', 'out_blocks.0'],
    ]);
    expect(shortBlock('in_blocks.2')).toBe('in 2');
    expect(shortBlock('mid_block')).toBe('mid');
  });
  it('has [T, 2D] → [T, D] where skips are concatenated, in all its tokens', () => {
    const { tokens } = uvitSizes(c);
    for (const s of u.skips) {
      expect(s.cat?.shape).toEqual([1, tokens, 2 * c.dim]);
      expect(s.joined?.shape).toEqual([1, tokens, c.dim]);
    }
    expect(uShapeOf(uvit({ ...c, skip: 'add' })).skips[0]?.cat).toBeUndefined();
    expect(uShapeOf(uvit({ ...c, skip: 'add' })).skips[0]?.joined?.shape).toEqual([1, tokens, c.dim]);
    expect(uShapeOf(uvit({ ...c, skip: 'none' })).skips).toEqual([]);
  });
  it('a way to combine costs the parameters of its projection', () => {
    const count = (skip: (typeof SKIPS)[number]) => describeGraph(uvit({ ...c, skip })).parameters;
    const none = count('none');
    expect(count('add')).toBe(none);
    expect(count('concat') - none).toBe(3 * (2 * c.dim ** 2 + c.dim));
    expect(count('project-add') - none).toBe(3 * (c.dim ** 2 + c.dim));
    expect(count('add-project')).toBe(count('project-add'));
  });
});

describe('changes', () => {
  const run = { sampler: 'ddim', steps: 10, labels: [7], seed: 1 };
  const body = {
    tokens: 6,
    extras: 2,
    blocks: 2,
    heads: 2,
    timeToken: 1,
    labelToken: 0,
    fed: (t: number) => 999 * t,
  };
  const broken = {
    fault: 'conv',
    left: 0.25,
    held: 0.5,
    from: 4,
    label: 2,
    cut: ['1.0', '7.3'],
    hidden: [0, 3, 99],
  } as const;
  const with_ = (fault: Parameters<typeof brokenSettings>[1]['fault']) =>
    brokenSettings(run, { ...broken, fault }, body);
  it('are the intervention inputs of the graph, or a change on the way', () => {
    expect(with_('conv').interventions).toEqual({ conv_gate: Float32Array.of(0.25) });
    expect(with_('pos').interventions).toEqual({ pos_scale: Float32Array.of(0.25) });
    expect(with_('time-off').interventions).toEqual({ token_mask: Float32Array.of(1, 0, 1, 1, 1, 1) });
    expect(with_('label-off').interventions).toEqual({ token_mask: Float32Array.of(0, 1, 1, 1, 1, 1) });
    // What the model does not have changes nothing.
    expect(with_('heads').interventions).toEqual({ head_mask: Float32Array.of(1, 1, 0, 1) });
    expect(with_('patches').interventions).toEqual({ token_mask: Float32Array.of(1, 1, 0, 1, 1, 0) });
    expect(with_('time-held').interventions).toEqual({
      time_gate: Float32Array.of(0),
      time_override: Float32Array.of(499.5),
    });
    expect(with_('label-swap').changes).toEqual([{ from: 4, label: 2 }]);
    expect(brokenSettings(run, { ...broken, fault: 'label-swap', from: 40 }, body).changes).toEqual([
      { from: 10, label: 2 },
    ]);
    expect(gatedSettings(run, [100, 0, 50]).interventions).toEqual({
      skip_gates: Float32Array.of(1, 0, 0.5),
    });
  });
});

describe('published sizes', () => {
  it.each(PUBLISHED.map((p) => [p.name, p] as const))('%s', (_, { config, parameters, gmacs }) => {
    const d = describeGraph(uvit(config));
    const digits = (text: string) => text.split('.')[1]?.length ?? 0;
    expect((d.parameters / 1e6).toFixed(digits(parameters))).toBe(parameters);
    expect((d.macs / 1e9).toFixed(digits(gmacs))).toBe(gmacs);
  });
});
