import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { buildGraph } from '#lib/models/registry.ts';
import { stagesOf } from '#lib/models/swin/config.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';
import { bytesOf } from './clock.svelte.ts';
import { kindCost } from './kind-costs.ts';
import { shiftMask } from '#lib/models/shared/windows.ts';
import { blockRows } from './block-rows.ts';
import { placeOf } from './kinds.ts';
import lesson from './lesson.ts';

/** What the prose says was to be seen, held to what PyTorch gives for the lesson's first picture. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/10-cheaper-attention/tests/golden.safetensors')),
);
const one = (key: string) => golden.float32(key)[0]!;
const rounded = (key: string, digits = 2) => one(key).toFixed(digits);
const prose = readFileSync('lessons/10-cheaper-attention/en.md', 'utf8');

/** Windows whose mask is not 0 everywhere, and how many of all there are. */
function masked(grid: number, window: number): { some: number; all: number } {
  const windows = grid / window;
  const mask = shiftMask({ grid, window, windows, shift: Math.floor(window / 2) });
  const n = window ** 4;
  const some = Array.from({ length: windows ** 2 }, (_, w) => mask.subarray(w * n, (w + 1) * n)).filter((m) =>
    m.some((v) => v !== 0),
  ).length;
  return { some, all: windows ** 2 };
}

describe('the costs', () => {
  it('rise sixteen times over all tokens from 16 to 8 pixels, and four times in windows and in linear attention', () => {
    const ratio = (kind: 'global' | 'window' | 'linear') =>
      kindCost(kind, 28, 7).macs / kindCost(kind, 14, 7).macs;
    expect([ratio('global'), ratio('window'), ratio('linear')]).toEqual([16, 4, 4]);
  });
  it('in bytes keep attention over all 12,544 tokens out of a page: 3.8 GB', () => {
    expect((bytesOf('global', Math.sqrt(12_544)) / 1e9).toFixed(1)).toBe('3.8');
    expect(prose).toContain('3.8 GB');
  });
  it('of the two orders are equal at N = d, three times apart at 196 tokens, twelve times at 784', () => {
    const ratio = (grid: number) =>
      kindCost('linear-quadratic', grid, 7).macs / kindCost('linear', grid, 7).macs;
    expect(ratio(8)).toBeCloseTo(1, 1);
    expect(ratio(14)).toBeCloseTo(3, 0);
    expect(ratio(28)).toBeCloseTo(12, 0);
  });
});

it('what EfficientViT adds makes a block dearer by 32 % in work and 29 % in weights; 62 % of the work are convolutions', () => {
  for (const side of [64, 96, 128]) {
    const { rows, plain, scales } = blockRows(side);
    expect(Math.round(100 * (scales.macs / plain.macs - 1))).toBe(32);
    expect(Math.round(100 * (scales.parameters / plain.parameters - 1))).toBe(29);
    const convolutions = rows.filter((row) => !row.plain).reduce((n, row) => n + row.scales!.macs, 0);
    expect(Math.round((100 * convolutions) / (scales.macs - plain.macs))).toBe(62);
  }
});

describe('on the golden retriever', () => {
  it('12 % of the chosen patch’s weight lies in its window, and windows change the output by 92 %', () => {
    expect(Math.round(100 * one('inside'))).toBe(12);
    expect(Math.round(100 * one('window.off'))).toBe(92);
    expect(prose).toContain('12 % of the weight');
  });
  it('windows differ by 34 to 179 %, window by window; linear attention by 90 % where softmax is sharp, 31 % where it is broad', () => {
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const each = golden.float32('window.each');
    const cut = { grid: 28, window: 7, shift: 0 };
    const of = Array.from({ length: 16 }, (_, w) =>
      mean([...each].filter((_v, i) => placeOf(i, cut).window === w)),
    ).map((m) => Math.round(100 * m));
    expect([Math.min(...of), Math.max(...of)]).toEqual([34, 179]);
    const bits = golden.float32('global.each_bits');
    const order = [...bits.keys()].sort((a, b) => bits[a]! - bits[b]!);
    const off = golden.float32('linear.each');
    const tenth = (tokens: readonly number[]) => Math.round(100 * mean(tokens.map((i) => off[i]!)));
    expect([tenth(order.slice(0, 78)), tenth(order.slice(-78))]).toEqual([90, 31]);
  });
  it('softmax is sharpened by longer queries, linear attention is not', () => {
    expect([
      rounded('global.all_bits', 1),
      rounded('sharp.4.global', 1),
      rounded('sharp.8.global', 1),
      rounded('sharp.0.25.global', 1),
    ]).toEqual(['7.7', '3.3', '1.4', '9.4']);
    for (const key of ['linear.all_bits', 'sharp.0.25.linear', 'sharp.4.linear', 'sharp.8.linear'])
      expect(rounded(key)).toBe('9.57');
    expect(rounded('linear.least_bits')).toBe('9.46');
    expect(Math.log2(784).toFixed(2)).toBe('9.61');
    // What the break opens with breaks: queries four times as long.
    expect(lesson.steps.find(({ id }) => id === 'sharp')?.set).toMatchObject({ by: 4 });
  });
  it('a quarter, a half and three quarters of the windows left out change the output by 44, 61 and 78 %', () => {
    expect([0.25, 0.5, 0.75].map((r) => Math.round(100 * one(`pruned.4.${r}`)))).toEqual([44, 61, 78]);
    expect(lesson.steps.find(({ id }) => id === 'prune')?.set).toMatchObject({ r: 0.5, m: 4 });
  });
});

it('masks do something in the last row and column of windows alone: 15 of 64 in Swin’s first stage', () => {
  expect(masked(56, 7)).toEqual({ some: 15, all: 64 });
  expect(masked(28, 7)).toEqual({ some: 7, all: 16 });
});

describe('the twins', () => {
  it('differ in attention, but for the bias of the two with windows and one block less of the last', () => {
    const biased = ['window', 'shifted'].map((twin) => swinPresets[`swin-${twin}-64`]!.relativeBias);
    const blocks = ['window', 'shifted', 'linear', 'multiscale'].map((twin) =>
      swinPresets[`swin-${twin}-64`]!.depths.reduce((sum, n) => sum + n, 0),
    );
    expect(biased).toEqual([true, true]);
    expect(swinPresets['swin-linear-64']!.relativeBias).toBe(false);
    expect(blocks).toEqual([6, 6, 6, 5]);
  });
  const macs = (twin: string, image: number) =>
    describeGraph(buildGraph({ architecture: 'swin', config: { ...swinPresets[`swin-${twin}-64`]!, image } }))
      .macs;
  const names = ['plain', 'window', 'shifted', 'linear', 'multiscale'];
  it('take 80.5 to 84.0 million multiply-adds at 64 pixels; at 128 the plain one 4.9 times, the others four times', () => {
    const all = names.map((name) => (macs(name, 64) / 1e6).toFixed(1)).toSorted();
    expect([all[0], all.at(-1)]).toEqual(['80.5', '84.0']);
    const times = names.map((name) => (macs(name, 128) / macs(name, 64)).toFixed(1));
    expect(times).toEqual(['4.9', '4.0', '4.0', '4.0', '4.0']);
    for (const said of ['80.5 and 84.0 million', '4.9 times']) expect(prose).toContain(said);
  });
  it('the break opens with a roll of half a window of the last stage', () => {
    const { window, grid } = stagesOf(swinPresets['swin-window-64']!)[1]!;
    const step = lesson.steps.find(({ id }) => id === 'no-shift');
    expect(step?.set).toMatchObject({ twin: 'border', side: '64', roll: (window / 2) * (64 / grid) });
  });
});
