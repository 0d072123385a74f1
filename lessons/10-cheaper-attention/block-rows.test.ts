import { expect, it } from 'vitest';
import { blockRows, neighbourhood } from './block-rows.ts';

it('both additions of a block are counted, and what becomes wider because of them', () => {
  const { rows, plain, scales, grid, reach } = blockRows(64);
  const added = rows.filter(({ plain: before }) => !before).map(({ part }) => part);
  expect(added).toEqual(['attn.aggreg.0', 'attn.aggreg.1', 'mlp.dwconv']);
  expect([grid, reach]).toEqual([16, { attention: 5, mlp: 3 }]);
  const row = (part: string) => rows.find((r) => r.part === part)!;
  // A 5 × 5 filter for each of 3 · 64 channels, a 3 × 3 filter for each of 256, at 256 tokens.
  expect(row('attn.aggreg.0').scales!.macs).toBe(256 * 3 * 64 * 25);
  expect(row('attn.aggreg.1').scales!.macs).toBe(256 * 3 * 64 * 16);
  expect(row('mlp.dwconv').scales!.macs).toBe(256 * 256 * 9);
  // Twice as many heads, so twice as much attention, and a projection of twice as many numbers.
  for (const part of ['attn.kv', 'attn.out', 'attn.proj'])
    expect(row(part).scales!.macs, part).toBe(2 * row(part).plain!.macs);
  expect(row('mlp.fc1').scales!.macs).toBe(row('mlp.fc1').plain!.macs);
  const sum = (which: 'plain' | 'scales') => rows.reduce((n, r) => n + (r[which]?.macs ?? 0), 0);
  expect([plain.macs, scales.macs]).toEqual([sum('plain'), sum('scales')]);
});

it('everything grows with N: four times the tokens, four times the work, the same weights', () => {
  const [small, large] = [blockRows(64), blockRows(128)];
  for (const which of ['plain', 'scales'] as const) {
    expect(large[which].macs).toBe(4 * small[which].macs);
    expect(large[which].parameters).toBe(small[which].parameters);
  }
});

it('a neighbourhood is a square that ends at the border', () => {
  const count = (map: Float32Array) => map.reduce((a, b) => a + b, 0);
  expect(count(neighbourhood(16, 8 * 16 + 8, 5))).toBe(25);
  expect(count(neighbourhood(16, 0, 5))).toBe(9);
  expect([...neighbourhood(3, 4, 1)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
});
