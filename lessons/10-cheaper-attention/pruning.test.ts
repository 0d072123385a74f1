import { expect, it } from 'vitest';
import { tiled, bytesOf } from './clock.svelte.ts';
import { cellOrders } from './cell-orders.ts';
import { gatheredTokens, leftOut, prunedOut } from './pruning.ts';
import { entropiesOfProbs } from './row-entropies.ts';
import { slopeOf } from './slope.ts';

it('what attention gives to tokens of a window that is left out is nothing, and the others keep theirs', () => {
  const cut = { grid: 4, window: 2, shift: 0 };
  const out = Float32Array.from({ length: 2 * 16 * 3 }, (_, i) => 1 + i);
  const left = prunedOut(out, [true, false, false, true], { heads: 2, cut });
  const tokens = gatheredTokens([true, false, false, true], cut);
  expect(tokens).toEqual([0, 1, 4, 5, 10, 11, 14, 15]);
  for (let h = 0; h < 2; h++)
    for (let i = 0; i < 16; i++)
      for (let c = 0; c < 3; c++) {
        const at = (h * 16 + i) * 3 + c;
        expect(left[at]).toBe(tokens.includes(i) ? out[at] : 0);
      }
});

it('a cell of linear attention is one number in both orders', () => {
  const [heads, tokens, d] = [1, 5, 2];
  const wave = (by: number) => Float32Array.from({ length: tokens * d }, (_, i) => Math.sin(by * (i + 1)));
  const [q, k, v] = [wave(1), wave(2), wave(3)];
  const phi = (x: number) => Math.max(x, 0);
  const kv = new Float32Array(d * d);
  const sum = new Float32Array(d);
  for (let j = 0; j < tokens; j++)
    for (let a = 0; a < d; a++) {
      sum[a]! += phi(k[j * d + a]!);
      for (let b = 0; b < d; b++) kv[a * d + b]! += phi(k[j * d + a]!) * v[j * d + b]!;
    }
  const normaliser = Float32Array.from(
    { length: tokens },
    (_, i) => phi(q[i * d]!) * sum[0]! + phi(q[i * d + 1]!) * sum[1]!,
  );
  const { pairs, state } = cellOrders(
    { q, k, v, kv, normaliser },
    { heads, tokens, head: 0, token: 1, feature: 1 },
  );
  expect([pairs.products.length, state.products.length]).toEqual([tokens, d]);
  expect(pairs.value).toBeCloseTo(state.value, 5);
});

it('entropies are of rows: 0 of one token, log2 n of n alike', () => {
  const probs = Float32Array.from([1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0, 0, 0, 0, 0, 1]);
  expect([...entropiesOfProbs(probs, 4, 0)]).toEqual([0, 2, 1, 0]);
});

it('larger grids repeat the rows; pairs of tokens are what needs memory; slopes are of logarithms', () => {
  const rows = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...tiled(rows, 2, 3, 2)]).toEqual([1, 2, 3, 4, 1, 2, 5, 6, 7, 8, 5, 6]);
  expect([...tiled(rows, 2, 1, 2)]).toEqual([1, 2, 5, 6]);
  expect(bytesOf('global', 112)).toBe(8 * 3 * 12544 ** 2);
  expect(bytesOf('linear', 112)).toBe(0);
  expect(
    slopeOf([
      { tokens: 100, value: 2 },
      { tokens: 400, value: 32 },
    ]),
  ).toBeCloseTo(2, 10);
  expect(slopeOf([{ tokens: 100, value: 2 }])).toBeUndefined();
});

it('the ends of the ratio are told apart', () => {
  expect(leftOut(0, 49, 49)).toBe('none');
  expect(leftOut(0.2, 4, 4)).toBe('too-few');
  expect(leftOut(0.5, 25, 49)).toBe('some');
  expect(leftOut(0.95, 1, 16)).toBe('all-but-one');
  expect(leftOut(1, 0, 49)).toBe('all');
  // A grid that is one window is kept whole, or not at all.
  expect([leftOut(0.5, 1, 1), leftOut(1, 0, 1)]).toEqual(['too-few', 'all']);
});
