import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { autoregressiveSizes } from '#lib/models/autoregressive/config.ts';
import { describe as counted } from '#lib/graph/describe.ts';
import { wayOf } from '#lib/programs/codes-to-picture/spec.ts';
import { FAMILY } from '#lib/models/autoregressive/family.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { CACHED_NUMBERS, COSTS } from './cache-costs.ts';
import { keptRows } from './cache-rows.ts';
import { givenOf, gridOf, indexOf, likeliest, type CodeEdit } from './edit-codes.ts';
import { fillOrder } from './fill-orders.ts';
import { codesOf, gridsOf, newestGrid } from './grids.ts';
import lesson from './lesson.ts';
import { CHOOSER_CONFIGS, GRAPHS, GRID, PLACES, TOLD } from './model.ts';
import { FILLS, ORDERS } from './names.ts';
import { candidates, drawnAt, entropyBits, logsOf, tally } from './next-code.ts';
import { brokenOf, ORDERS_MEASURED } from './orders-measured.ts';
import { ASKED, seenTask } from './seen-exercise.ts';
import { attentionRow, TOKENS } from './token-rows.ts';

/** What PyTorch says of the same: tests/reference_write.py. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/16-codes/tests/golden.safetensors')));
const tiny = parseSafetensors(readFileSync('models/raster-tiny/golden.safetensors'));
const [PLACE, TEXT, COUNT] = [9, 4, 16];

const of = (which: number) =>
  tiny.float32('g/logits').slice((which * COUNT + PLACE) * COUNT, (which * COUNT + PLACE + 1) * COUNT);
const logits = { told: of(0), none: of(1) };
const choice = { guidance: 3, temperature: 0.7, topK: 5 };
const close = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  Array.from(a).forEach((v, i) => expect(v).toBeCloseTo(b[i] ?? NaN, 5));
};

describe('one code', () => {
  const logs = logsOf(logits, choice);

  it('is chosen as PyTorch chooses it: guided, cooled, the five largest', () => {
    const found = candidates(logits, choice);
    const p = new Float32Array(COUNT);
    for (const one of found) p[one.code] = one.p;
    close(p, golden.float32('next.p'));
    expect(found.map((one) => one.p)).toEqual(found.map((one) => one.p).toSorted((a, b) => b - a));
    expect(found.filter((one) => one.p > 0)).toHaveLength(5);
    const [first] = found;
    expect(first?.guided).toBeCloseTo((first?.none ?? 0) + 3 * ((first?.told ?? 0) - (first?.none ?? 0)), 4);
    expect(first?.cooled).toBeCloseTo((first?.guided ?? 0) / 0.7, 4);
  });

  it('is drawn with the same noise, and its entropy is that of PyTorch', () => {
    const drawn = Array.from({ length: 8 }, (_, seed) => drawnAt(logs, seed, PLACE));
    expect(drawn).toEqual([...golden.float32('next.drawn')]);
    expect(entropyBits(logs)).toBeCloseTo(golden.float32('next.bits')[0] ?? NaN, 5);
  });

  it('comes about as often as it is likely', () => {
    const counts = tally(logs, 0, PLACE, 400);
    let all = 0;
    for (const [code, n] of counts) {
      all += n;
      expect(Math.abs(n / 400 - Math.exp(logs[code] ?? -Infinity))).toBeLessThan(0.1);
    }
    expect(all).toBe(400);
  });

  it('is the likeliest at temperature 0 and with k = 1, and even logits have all bits', () => {
    const best = candidates(logits, { guidance: 3 })[0]?.code;
    for (const one of [{ temperature: 0 }, { topK: 1 }]) {
      const sure = logsOf(logits, { guidance: 3, ...one });
      expect(entropyBits(sure)).toBeCloseTo(0, 6);
      expect(drawnAt(sure, 5, PLACE)).toBe(best);
    }
    expect(entropyBits(logsOf({ told: new Float32Array(512) }, { guidance: 1 }))).toBeCloseTo(9, 5);
  });
});

describe('the cache', () => {
  it('has a row for each token, heads side by side, and none of those to come', () => {
    const { heads, tokens } = { heads: 2, tokens: 20 };
    const keys = tiny.float32('g/blocks.1.attn.k').slice(0, 2 * 20 * 8);
    const rows = keptRows(keys, heads, tokens, 12);
    close(rows.subarray(0, 12 * 16), golden.float32('cache.rows'));
    expect(rows.subarray(12 * 16).every((v) => v === 0)).toBe(true);
    const seen = attentionRow(tiny.float32('g/blocks.1.attn.probs').slice(0, 800), heads, TEXT + PLACE);
    close(seen, golden.float32('next.seen'));
    expect(seen.subarray(TEXT + PLACE + 1).every((v) => v === 0)).toBe(true);
  });

  it('saves what the graphs say', () => {
    const { count, tokens } = autoregressiveSizes(CHOOSER_CONFIGS.raster);
    expect([TOKENS, PLACES, TOLD]).toEqual([tokens, count, 16]);
    expect([COSTS.anew.tokens, COSTS.cached.tokens]).toEqual([64 * 80, 80 + 63]);
    expect(COSTS.anew.macs).toBe(64 * counted(GRAPHS.raster).macs);
    expect(COSTS.anew.macsEach / COSTS.cached.macsEach).toBeGreaterThan(20);
    expect(CACHED_NUMBERS).toBe(2 * 8 * 80 * 192);
  });
});

describe('an edit', () => {
  const codes = (order: CodeEdit['order']) => Int32Array.from({ length: codesOf(order) }, (_, i) => i % 512);
  const edit = (over: Partial<CodeEdit>): CodeEdit => ({
    order: 'raster',
    at: 27,
    scale: 2,
    reach: 1,
    ...over,
  });
  const anew = (one: CodeEdit) =>
    givenOf(one, codes(one.order), 500).flatMap((code, place) => (code === null ? [place] : []));

  it('leaves what was chosen before it, and the program can go on from there', () => {
    expect(anew(edit({}))).toEqual(Array.from({ length: 36 }, (_, i) => 28 + i));
    expect(anew(edit({ at: 63 }))).toEqual([]);
    // Scale 2 begins after 1 + 4 codes and has 9.
    const scales = edit({ order: 'scales', at: 60 });
    expect([indexOf(scales), gridOf(scales)]).toEqual([13, { side: 3, start: 5 }]);
    expect(anew(scales)).toEqual(Array.from({ length: 130 - 14 }, (_, i) => 14 + i));
    expect(anew(edit({ order: 'masked' }))).toEqual([18, 19, 20, 26, 28, 34, 35, 36]);
    expect(anew(edit({ order: 'masked', at: 0 }))).toEqual([1, 8, 9]);
    for (const order of ORDERS) {
      const one = edit({ order });
      const given = givenOf(one, codes(order), 500);
      expect(given[indexOf(one)]).toBe(500);
      const chooser = FAMILY.codeChooser?.(CHOOSER_CONFIGS[order]);
      const way = chooser && wayOf({ style: 0, seed: 1, given, rounds: 4 }, chooser);
      expect(way?.first).toBe({ raster: 28, masked: 0, scales: 3 }[order]);
    }
  });

  it('offers what was likely there and not taken', () => {
    const step = {
      places: [5],
      asked: [4, 5],
      logs: Float32Array.from([0.1, 0.2, 0.3, 0.4, 0.5, 0.1, 0.4, 0], (p) => Math.log(p)),
    };
    const found = likeliest([step], 5, 0, 3);
    expect(found.map(({ code }) => code)).toEqual([2, 1]);
    expect(found[0]?.p).toBeCloseTo(0.4, 5);
    expect(likeliest([], 5, 0, 3)).toEqual([]);
  });
});

describe('grids and orders', () => {
  it('follow each other without a gap', () => {
    expect(gridsOf('raster')).toEqual([{ side: GRID, start: 0 }]);
    expect(gridsOf('scales').map(({ start }) => start)).toEqual([0, 1, 5, 14, 30, 66]);
    const known = new Int32Array(130).fill(-1).fill(7, 0, 14);
    expect(newestGrid('scales', known)).toEqual({ side: 3, start: 5 });
    expect(newestGrid('scales', undefined)).toEqual({ side: 1, start: 0 });
  });

  it.each(FILLS)('%s holds every place once, the last at last', (fill) => {
    const order = fillOrder(fill, 3);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: PLACES }, (_, i) => i));
    expect(order.at(-1)).toBe(PLACES - 1);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });

  it('are what the breaks open with', () => {
    const set = (id: string) => lesson.steps.find((step) => step.id === id)?.set;
    expect(set('no-mask')).toMatchObject({ view: 'break', cut: 'no-mask' });
    expect(set('shuffled')).toMatchObject({ view: 'break', cut: 'shuffled', fill: 'shuffled' });
  });
});

describe.skipIf(!ORDERS_MEASURED?.raster)('what was measured of the breaks', () => {
  it.each(['no-mask', 'shuffled'] as const)('%s: other pictures, and fewer right names', (name) => {
    const [whole, broken] = [brokenOf('whole'), brokenOf(name)];
    expect(broken?.apart).toBeGreaterThan(0.2);
    expect(broken?.first).toBeLessThan(whole?.first ?? 0);
  });
});

describe('the exercise', () => {
  it('counts as the page does, and knows the usual mistakes', () => {
    const [own] = ASKED;
    const task = seenTask(own ?? { side: 8, text: TOLD, place: 27 });
    expect([task.seen, task.through]).toEqual([TOLD + 1 + 27, COSTS.cached.tokens]);
    const said = (given: readonly number[]) =>
      task.mistakes.find(({ when }) => when(given, [task.seen, task.through]));
    for (const wrong of [
      [27, 143],
      [43, 143],
      [45, 143],
      [44, 5120],
      [44, 144],
      [44, 64],
    ])
      expect(said(wrong)?.say.en).toMatch(/\.$/);
    expect(said([44, 143])).toBeUndefined();
  });
});
