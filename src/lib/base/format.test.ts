import { describe, expect, it } from 'vitest';
import { formatCount, formatFixed, formatPercent, formatShort, formatValue } from './format.ts';

describe('numbers as the page prints them', () => {
  it('have one minus sign, and none where they round to 0', () => {
    const printed = [
      formatFixed(-0.5, 2),
      formatFixed(-0.001, 2),
      formatFixed(-0, 1),
      formatValue(-1.5e-7),
      formatValue(-0),
      formatCount(-1234),
      formatCount(-0.2),
      formatPercent(-0.25),
      formatShort(-2.5e6),
    ];
    expect(printed).toEqual(['−0.50', '0.00', '0.0', '−1.5e−7', '0', '−1,234', '0', '−25.0 %', '−2.5 M']);
    for (const text of printed) expect(text).not.toContain('-');
  });

  it('keep the digits they had', () => {
    expect(formatShort(1_938_000)).toBe('1.94 M');
    expect(formatShort(64e6)).toBe('64 M');
    expect(formatShort(38_809)).toBe('38.8 k');
    expect(formatPercent(0.9312)).toBe('93.1 %');
    expect(formatFixed(0.005, 2)).toBe((0.005).toFixed(2));
  });
});
