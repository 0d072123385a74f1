import { describe, expect, it } from 'vitest';
import { build, CHOICES, PUBLISHED, RANGES, sizeRow, type Built } from './builder.ts';

const B: Built = { dim: 768, depth: 12, heads: 12, mlpRatio: 4, patch: 16, image: 224 };

describe('the table', () => {
  // Parameters of timm's modules, multiply-adds by the formula N·3p²·D + L(12·T·D² + 2·T²·D) + D·K.
  it.each([
    ['ti', 5.72e6, 1.25e9],
    ['s', 22.05e6, 4.6e9],
    ['b', 86.57e6, 17.56e9],
    ['l', 304.33e6, 61.55e9],
    ['h', 632.05e6, 167.3e9],
  ] as const)('counts %s as published', (id, parameters, macs) => {
    const row = sizeRow(PUBLISHED[id].config);
    expect(Math.abs(row.parameters / parameters - 1)).toBeLessThan(1e-3);
    expect(Math.abs(row.macs / macs - 1)).toBeLessThan(5e-3);
    expect(row.weightBytes).toBe(4 * row.parameters);
    expect(row.stream).toEqual([row.tokens, row.config.dim]);
    expect(row.scores).toEqual([row.config.heads, row.tokens, row.tokens]);
  });
});

describe('the builder', () => {
  it('builds B/16 as the table has it', () => {
    expect(build(B).row?.parameters).toBe(86_567_656);
  });

  it.each<[Partial<Built>, string, RegExp]>([
    [{ heads: 7 }, 'heads', /768 does not divide into 7 heads/],
    [{ patch: 64, image: 48 }, 'patch', /larger than the picture, 48/],
    [{ dim: 64, heads: 4, mlpRatio: 1.3 }, 'mlpRatio', /not a whole number/],
    [{ patch: 1, image: 512 }, 'patch', /262,144 patches/],
  ])('refuses %j and says which choice and why', (change, field, en) => {
    const { row, fault } = build({ ...B, ...change });
    expect(row).toBeUndefined();
    expect(fault?.field).toBe(field);
    expect(fault?.text.en).toMatch(en);
    expect(fault?.text.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(fault?.text.zh).not.toBe(fault?.text.en);
  });

  it('allows what only costs, and says what', () => {
    expect(build({ ...B, patch: 15 }).remarks[0]?.text.en).toMatch(/14 pixels/);
    expect(build({ ...B, dim: 64, heads: 1, patch: 8, image: 256 }).remarks.map((r) => r.field)).toContain(
      'dim',
    );
    expect(build(B).remarks).toEqual([]);
  });

  it('answers at both ends of every slider, with a row or a reason', () => {
    for (const name of CHOICES) {
      for (const value of [RANGES[name].min, RANGES[name].max]) {
        const { row, fault } = build({ ...B, [name]: value });
        expect((row === undefined) !== (fault === undefined), `${name} = ${value}`).toBe(true);
        if (fault) expect(fault.text.zh).not.toBe(fault.text.en);
      }
    }
  });
});
