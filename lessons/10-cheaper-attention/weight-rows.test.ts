import { describe, expect, it } from 'vitest';
import { normals } from '#lib/diffusion/math/noise.ts';
import { CUT_PATCHES, placeOf, patchRows, shiftOf, tokenOf, windowFor, windowsOf } from './kinds.ts';
import {
  errorsOf,
  globalRow,
  keptWindows,
  linearRow,
  sharpness,
  windowNorms,
  windowRow,
} from './weight-rows.ts';
import { windowNote } from './window-note.ts';

const values = (seed: number, n: number) => Float32Array.from(normals(seed, 0, n));

describe('windows on a grid', () => {
  it('are those that fill it; the nearest to a wish is taken', () => {
    expect(windowsOf(28)).toEqual([2, 4, 7, 14]);
    expect(windowsOf(7)).toEqual([]);
    expect([windowFor(28, 8), windowFor(16, 7), windowFor(7, 7)]).toEqual([7, 8, 7]);
    expect([shiftOf(28, 7), shiftOf(7, 7)]).toEqual([3, 0]);
  });

  it('a wish that does not fill the grid, and a grid that cannot be cut, have a sentence', () => {
    expect(windowNote(28, 7)).toBeUndefined();
    expect(windowNote(28, 5)?.en).toContain('4 × 4 is the nearest');
    expect(windowNote(7, 7)?.en).toContain('8, 14, 16 or 28 pixels');
    expect(CUT_PATCHES.map((p) => windowsOf(224 / p).length > 0)).toEqual([true, true, true, true]);
  });

  it.each([0, 1])('place and token are inverse, shifted by %i', (shift) => {
    const cut = { grid: 6, window: 3, shift };
    for (let token = 0; token < 36; token++) {
      const { window, at } = placeOf(token, cut);
      expect(tokenOf(window, at, cut)).toBe(token);
    }
    // The first token of the shifted grid lies one row down and one column right.
    expect(tokenOf(0, 0, cut)).toBe(shift === 0 ? 0 : 7);
  });

  it('patch rows are the last ones of each head', () => {
    const data = Float32Array.from({ length: 2 * 5 * 3 }, (_, i) => i);
    expect([...patchRows({ shape: [2, 5, 3], data }, 2)]).toEqual([
      ...data.subarray(3, 15),
      ...data.subarray(18, 30),
    ]);
  });
});

describe('rows of weights', () => {
  const [heads, tokens, d] = [2, 16, 3];
  const of = { heads, tokens, head: 1, token: 5 };

  it('over all tokens are a slice, within windows lie on the window’s tokens', () => {
    const probs = values(1, heads * tokens * tokens);
    expect([...globalRow(probs, tokens, 1, 5)]).toEqual([...probs.subarray((16 + 5) * 16, (16 + 6) * 16)]);
    const cut = { grid: 4, window: 2, shift: 1 };
    const within = Float32Array.from({ length: heads * 4 * 4 * 4 }, (_, i) => 1 + i);
    const row = windowRow(within, cut, 1, 5);
    // Token 5 (row 1, column 1) begins the first shifted window: rows 1 and 2, columns 1 and 2.
    expect([...row.keys()].filter((j) => row[j]! > 0)).toEqual([5, 6, 9, 10]);
    expect([row[5], row[6], row[9], row[10]]).toEqual([65, 66, 67, 68]);
  });

  it('of linear attention sum to 1, and scaling a query changes none of them', () => {
    const [q, k] = [values(2, heads * tokens * d), values(3, heads * tokens * d)];
    const Z = new Float32Array(heads * tokens);
    const normalise = (by: number) => {
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < tokens; i++) {
          let sum = 0;
          for (let j = 0; j < tokens; j++)
            for (let c = 0; c < d; c++)
              sum +=
                Math.max(by * q[(h * tokens + i) * d + c]!, 0) * Math.max(k[(h * tokens + j) * d + c]!, 0);
          Z[h * tokens + i] = sum;
        }
    };
    normalise(1);
    const row = linearRow(q, k, Z, of);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    normalise(8);
    const eight = linearRow(
      q.map((v) => 8 * v),
      k,
      Z,
      of,
    );
    eight.forEach((w, j) => expect(w).toBeCloseTo(row[j]!, 5));
    expect(sharpness(eight).bits).toBeCloseTo(sharpness(row).bits, 4);
  });

  it('errors are lengths of differences over lengths', () => {
    const a = values(4, heads * tokens * d);
    expect(errorsOf(a, a, of).all).toBe(0);
    const { each, all } = errorsOf(
      a.map((v) => 1.5 * v),
      a,
      of,
    );
    expect(all).toBeCloseTo(0.5, 5);
    each.forEach((e) => expect(e).toBeCloseTo(0.5, 4));
  });

  it('norms of windows rank them, and a ratio leaves the least active out', () => {
    const cut = { grid: 4, window: 2, shift: 0 };
    const x = new Float32Array(16 * 2).fill(0.1);
    for (const token of [10, 11, 14, 15]) x.fill(-2, 2 * token, 2 * token + 2);
    const norms = windowNorms(x, cut);
    expect(norms[3]).toBeCloseTo(4, 5);
    expect(norms[0]).toBeCloseTo(0.2, 5);
    expect(keptWindows(norms, 0.75)).toEqual([false, false, false, true]);
    expect(keptWindows(norms, 0)).toEqual([true, true, true, true]);
    expect(keptWindows(norms, 1)).toEqual([false, false, false, false]);
  });
});
