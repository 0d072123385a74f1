import { describe, expect, it } from 'vitest';
import { parityRow } from './checked.ts';
import { report, sectionOf, withSection } from './report.ts';

const facts = {
  card: 'nvidia ada',
  software: false,
  machine: '16 × a processor',
  versions: 'Node 20',
  date: '2026-11-28',
};
const rows = [{ group: 'Passes', what: 'logits', value: '3.0 ms' }];

describe('the table of npm run gpu', () => {
  it('says on what it was measured', () => {
    const text = report(facts, rows);
    expect(text).toContain('- Card: nvidia ada\n');
    expect(text).toContain('## Passes\n');
    expect(text).toContain('| logits | 3.0 ms |');
    expect(report({ ...facts, software: true }, rows)).toMatch(/Card: nvidia ada \(a processor/);
  });

  it('takes the place of an older one and leaves the rest of the document', () => {
    const first = withSection('# Benchmarks\n\nothers\n', report(facts, rows));
    const second = withSection(first, report({ ...facts, card: 'another' }, rows));
    expect(second.startsWith('# Benchmarks\n\nothers\n\n# WebGPU on a card\n')).toBe(true);
    expect(second).not.toContain('nvidia ada');
    expect(sectionOf(second)).toContain('- Card: another');
    expect(sectionOf('# Benchmarks\n')).toBe('');
  });
});

describe('a row of parity', () => {
  it('names the tensor that comes nearest to its bound', () => {
    const row = parityRow('m, patch 8', [
      { name: 'a', worst: 1e-6, limit: 1e-3 },
      { name: 'b', worst: 5e-5, limit: 1e-3 },
    ]);
    expect(row).toMatchObject({ what: 'm, patch 8: 2 figures', value: '0.050 of the bound (b)', kept: true });
  });

  it('is not kept when a figure is off, or is no number', () => {
    expect(parityRow('m', [{ name: 'a', worst: 2e-3, limit: 1e-3 }])).toMatchObject({
      value: '1 off; 2.0 of the bound (a)',
      kept: false,
    });
    expect(parityRow('m', [{ name: 'a', worst: NaN, limit: 1e-3 }]).kept).toBe(false);
    expect(parityRow('m', [{ name: 'a', worst: Infinity, limit: 1e-3 }]).kept).toBe(false);
  });
});
