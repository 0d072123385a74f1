import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparisonOf, rangeOf, verdict, type Ablations, type Variant } from './ablations.ts';

function run(id: string, change: Variant['change'], losses: number[]): Variant {
  const mean = losses.reduce((a, b) => a + b) / losses.length;
  return {
    id,
    group: '',
    change,
    parameters: 1,
    loss: { mean, min: Math.min(...losses), max: Math.max(...losses) },
    seeds: losses.map((loss, seed) => ({ seed, loss })),
  };
}
const base = run('base', {}, [5, 6]);
const all = (...variants: Variant[]): Ablations => ({
  base: {
    config: { skip: 'concat', patch: 4, dim: 64, heads: 2, depth: 4, conv: true, positions: 'learned' },
    diffusion: { prediction: 'v' },
    steps: 500,
    batch: 32,
    images: 16000,
  },
  measured: { loss: '', pictures: 1 },
  variants: [base, ...variants],
});
const ids = (of: ReturnType<typeof comparisonOf>) => of?.members.map((m) => [m.value, m.variant.id]);

describe('comparisonOf', () => {
  it('sets the runs of a group against the base', () => {
    const found = comparisonOf(
      all(run('none', { skip: 'none' }, [5, 8]), run('p2', { patch: 2 }, [1, 2])),
      'skip',
    );
    expect(ids(found)).toEqual([
      ['concat', 'base'],
      ['none', 'none'],
    ]);
    expect(found?.reference.variant).toBe(base);
  });
  it('sorts numbers, and knows a change that brings another with it', () => {
    expect(
      ids(
        comparisonOf(
          all(run('wide', { dim: 128, heads: 4 }, [1, 2]), run('thin', { heads: 1, dim: 32 }, [7, 8])),
          'width',
        ),
      ),
    ).toEqual([
      [32, 'thin'],
      [64, 'base'],
      [128, 'wide'],
    ]);
  });
  it('compares a run of another start with the base of that start', () => {
    const fair = [
      run('start', { init: 'identity' }, [2, 3]),
      run('eps', { init: 'identity', prediction: 'eps' }, [9, 9.5]),
      run('x0', { prediction: 'x0', init: 'identity' }, [1, 1.5]),
    ];
    const unfair = run('eps-old', { prediction: 'eps' }, [20, 30]);
    expect(ids(comparisonOf(all(unfair, ...fair), 'prediction'))).toEqual([
      ['v', 'start'],
      ['eps', 'eps'],
      ['x0', 'x0'],
    ]);
    expect(ids(comparisonOf(all(unfair), 'prediction'))).toEqual([
      ['v', 'base'],
      ['eps', 'eps-old'],
    ]);
  });
  it('holds a pair of networks against its first', () => {
    const pair = ['time-token', 'time-adaln'].map((id) => ({
      ...run(id, { skip: id }, [1, 2]),
      group: 'time',
    }));
    expect(comparisonOf(all(...pair), 'time')?.reference.variant.id).toBe('time-token');
    expect(comparisonOf(all(pair[0]!), 'time')).toBeUndefined();
  });
  it('has nothing to say of what was not measured', () => {
    expect(comparisonOf(undefined, 'skip')).toBeUndefined();
    expect(comparisonOf(all(), 'blocks')).toBeUndefined();
    // Its base is not there.
    expect(comparisonOf(all(run('a', { skip: 'add', init: 'zero' }, [1, 2])), 'skip')).toBeUndefined();
  });
});

describe('verdict', () => {
  it('needs ranges apart, and two seeds of each', () => {
    expect(verdict(run('', {}, [3, 4]), base)).toBe('below');
    expect(verdict(run('', {}, [6.1, 9]), base)).toBe('above');
    expect(verdict(run('', {}, [4, 5]), base)).toBe('open');
    expect(verdict(run('', {}, [1]), base)).toBe('open');
  });
  it('is drawn on the scale of all seeds', () =>
    expect(rangeOf([base, run('', {}, [2, 5.5])])).toEqual([2, 6]));
});

describe('models/ablations.json', () => {
  const real = JSON.parse(readFileSync('models/ablations.json', 'utf8')) as Ablations;
  it('has seeds that agree with their summary', () => {
    for (const v of real.variants) {
      const losses = v.seeds.map((s) => s.loss);
      expect(v.loss.min).toBe(Math.min(...losses));
      expect(v.loss.max).toBe(Math.max(...losses));
      expect(v.loss.mean).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
    }
  });
  it('shows every run of a group that the pages draw', () => {
    for (const group of ['skip', 'blocks', 'width', 'patch', 'positions', 'prediction', 'time'] as const) {
      const drawn = comparisonOf(real, group)?.members.map((m) => m.variant.id) ?? [];
      for (const v of real.variants.filter((one) => one.group === group)) expect(drawn).toContain(v.id);
    }
  });
});
