import { expect, it } from 'vitest';
import { kindCost } from './kind-costs.ts';

it('work grows with N² over all tokens, with N in windows of a side and in linear attention', () => {
  const [small, large] = [14, 56];
  const ratio = (kind: Parameters<typeof kindCost>[0]) =>
    kindCost(kind, large, 7).macs / kindCost(kind, small, 7).macs;
  expect(ratio('global')).toBe(256);
  expect(ratio('linear-quadratic')).toBe(256);
  expect(ratio('window')).toBe(16);
  expect(ratio('shifted-window')).toBe(16);
  expect(ratio('linear')).toBe(16);
  // The largest tensor: every pair of tokens in each of three heads.
  expect(kindCost('global', 56, 7).largest).toBe(3 * 3136 ** 2);
  expect(kindCost('linear', 56, 7).largest).toBe(3 * 3136 * 64);
});
