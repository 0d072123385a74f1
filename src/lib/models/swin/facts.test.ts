import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { configErrorText } from '#lib/base/config-errors.ts';
import { stepOf } from './config.ts';
import { swin, swinConfig, swinPresets, stagesOf, type SwinConfig } from './graph.ts';
import { offsetRows, shiftMask } from '../shared/windows.ts';

// Numbers of the paper (Liu et al. 2021) and of the published code; parameters and multiply-adds of the three sizes are
// held in registry.test.ts.

describe('Swin-T row by row', () => {
  const d = describeGraph(swin(swinPresets['swin-t-224']!));
  const row = (name: string) => d.tensors.find((t) => t.name === name)!;
  const stages = stagesOf(swinPresets['swin-t-224']!);

  it('has 28,288,354 parameters, as torchvision and timm count them', () => {
    expect(d.parameters).toBe(28_288_354);
  });

  it('has four stages: 56, 28, 14 and 7 tokens along a side, windows of 7, shifted by 3 where there are several', () => {
    expect(
      stages.map(({ grid, dim, heads, windows, shift }) => [grid, dim, heads, windows ** 2, shift]),
    ).toEqual([
      [56, 96, 3, 64, 3],
      [28, 192, 6, 16, 3],
      [14, 384, 12, 4, 3],
      [7, 768, 24, 1, 0],
    ]);
  });

  const rows: [name: string, shape: number[], dims: string, parameters: number][] = [
    ['x', [1, 3, 224, 224], 'B C H W', 0],
    ['patches', [1, 3136, 48], 'B N P', 0],
    ['patch_embed.proj', [1, 3136, 96], 'B N D', 4704],
    ['patch_embed', [1, 3136, 96], 'B N D', 192],
    ['layers.0.window_scores', [1, 64], 'B w', 0],
    ['layers.0.shifted_window_scores', [1, 64], 'B w', 0],
    ['layers.0.blocks.1.rolled', [1, 3136, 96], 'B N D', 0],
    ['layers.0.blocks.1.windows', [1, 64, 49, 96], 'B w n D', 0],
    ['layers.0.blocks.1.attn.qkv', [1, 64, 49, 288], 'B w n 3D', 27_936],
    ['layers.0.blocks.1.attn.q', [1, 64, 3, 49, 32], 'B w h n d', 0],
    ['layers.0.blocks.1.attn.scores', [1, 64, 3, 49, 49], 'B w h n n', 0],
    ['layers.0.blocks.1.attn.biased', [1, 64, 3, 49, 49], 'B w h n n', 169 * 3],
    ['layers.0.blocks.1.attn.mask', [64, 49, 49], 'w n n', 0],
    ['layers.0.blocks.1.attn.masked', [1, 64, 3, 49, 49], 'B w h n n', 0],
    ['layers.0.blocks.1.attn.merged', [1, 64, 49, 96], 'B w n D', 0],
    ['layers.0.blocks.1.unrolled', [1, 3136, 96], 'B N D', 0],
    ['layers.0.blocks.1.mlp.fc1', [1, 3136, 384], 'B N M', 37_248],
    ['layers.1.downsample.merged', [1, 784, 384], 'B N 4D', 0],
    ['layers.1.downsample', [1, 784, 192], 'B N D', 384 * 192],
    ['layers.3.blocks.1.attn.probs', [1, 1, 24, 49, 49], 'B w h n n', 0],
    ['pooled', [1, 768], 'B D', 0],
    ['logits', [1, 1000], 'B K', 769_000],
  ];
  it.each(rows)('%s is %j', (name, shape, dims, parameters) => {
    const r = row(name);
    expect([r.shape, r.dims.join(' '), r.parameters]).toEqual([shape, dims, parameters]);
  });

  it('has no shifted windows in its last stage', () => {
    expect(d.tensors.filter(({ name }) => /^layers\.3.*(\.rolled|\.mask|shifted)/.test(name))).toEqual([]);
  });
});

describe('the work of attention in the first stage, N = 3,136 tokens of width C = 96', () => {
  const [N, C, M, d] = [3136, 96, 7, 32];
  const work = (attention: SwinConfig['attention']) => {
    const { tensors } = describeGraph(swin(swinConfig({ attention, depths: [2, 2, 6, 2] })));
    const of = tensors.filter(({ name }) => name.startsWith('layers.0.blocks.0.attn.'));
    return of.reduce((sum, t) => sum + t.macs, 0);
  };

  it('is 4NC² + 2N²C over all tokens: 2.00 G', () => {
    expect(work('global')).toBe(4 * N * C ** 2 + 2 * N ** 2 * C);
    expect((work('global') / 1e9).toFixed(2)).toBe('2.00');
  });

  it('is 4NC² + 2M²NC in windows, shifted or not: 0.145 G', () => {
    expect(work('window')).toBe(4 * N * C ** 2 + 2 * M ** 2 * N * C);
    expect(work('shifted-window')).toBe(work('window'));
    expect((work('window') / 1e9).toFixed(3)).toBe('0.145');
  });

  it('is 4NC² + 2NCd where it is linear, and NC for the sums that the weights are divided by', () => {
    expect(work('linear')).toBe(4 * N * C ** 2 + 2 * N * C * d + N * C);
  });
});

describe('the mask of shifted windows', () => {
  const of = (grid: number, window: number, shift: number) => {
    const windows = grid / window;
    const n = window ** 2;
    const mask = shiftMask({ grid, window, windows, shift });
    return { mask, windows, n, at: (w: number, i: number, j: number) => mask[(w * n + i) * n + j]! };
  };

  it('of Swin-T’s first stage is not trivial in 15 of 64 windows: the last row and the last column', () => {
    const { mask, n } = of(56, 7, 3);
    expect(mask.length).toBe(64 * 49 * 49);
    expect([...new Set(mask)].sort()).toEqual([-100, 0]);
    const busy = Array.from({ length: 64 }, (_, w) => w).filter((w) =>
      mask.subarray(w * n * n, (w + 1) * n * n).some((v) => v !== 0),
    );
    expect(busy).toHaveLength(15);
    expect(busy.every((w) => w >= 56 || w % 8 === 7)).toBe(true);
  });

  it.each([
    [56, 7, 3],
    [16, 4, 2],
    [9, 3, 1],
    [4, 2, 1],
  ])(
    'lets two tokens meet that lay as far apart before the roll as they do after it: grid %i, window %i',
    (grid, window, shift) => {
      const { at, windows, n } = of(grid, window, shift);
      for (let w = 0; w < windows ** 2; w++)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            const place = (k: number) => [
              Math.floor(w / windows) * window + Math.floor(k / window),
              (w % windows) * window + (k % window),
            ];
            const [a, b] = [place(i), place(j)];
            const apart = [0, 1].some((axis) => {
              const original = (p: number[]) => (p[axis]! + shift) % grid;
              return original(a) - original(b) !== a[axis]! - b[axis]!;
            });
            expect(at(w, i, j)).toBe(apart ? -100 : 0);
          }
    },
  );
});

describe('rows of the bias table', () => {
  it('are one for each offset: 169 for a window of 7, the middle one for a token and itself', () => {
    const rows = offsetRows(7);
    expect(new Set(rows).size).toBe(169);
    for (let i = 0; i < 49; i++) expect(rows[i * 49 + i]).toBe(84);
    // As the published code has it: the first token of a window to its last, and back.
    expect([rows[48], rows[48 * 49]]).toEqual([0, 168]);
    expect(rows[1]).toBe(83); // to its neighbour at the right
    expect(rows[7]).toBe(84 - 13); // to the one below
  });
});

describe('how a cell is computed', () => {
  const g = swin(swinPresets['swin-t-224']!);
  const say = (name: string, ...index: number[]) =>
    Object.fromEntries(
      cellOperands(g, name, index).map((o) => [
        o.name,
        o.ranges.map(([a, b]) => (b - a === 1 ? String(a) : `${a}:${b}`)).join(', '),
      ]),
    );
  const block = 'layers.0.blocks.1';

  it('a rolled token is one from three rows and three columns further on, around the edge', () => {
    expect(say(`${block}.rolled`, 0, 0, 5)).toEqual({ [`${block}.norm1`]: `0, ${3 * 56 + 3}, 5` });
    expect(say(`${block}.rolled`, 0, 3135, 5)).toEqual({ [`${block}.norm1`]: `0, ${2 * 56 + 2}, 5` });
  });

  it('a window’s token is one of its rows of the grid', () => {
    // Window 9 is in row 1, column 1; token 8 in its row 1, column 1.
    expect(say(`${block}.windows`, 0, 9, 8, 5)).toEqual({ [`${block}.rolled`]: `0, ${8 * 56 + 8}, 5` });
    expect(say(`${block}.unrolled`, 0, 0, 5)).toEqual({ [`${block}.attn.proj`]: '0, 63, 32, 5' });
  });

  it('a biased score reads one cell of the table', () => {
    expect(say(`${block}.attn.biased`, 0, 9, 2, 48, 0)).toEqual({
      [`${block}.attn.scores`]: '0, 9, 2, 48, 0',
      [`${block}.attn.relative_position_bias_table`]: '168, 2',
    });
    expect(say(`${block}.attn.masked`, 0, 9, 2, 48, 0)).toEqual({
      [`${block}.attn.biased`]: '0, 9, 2, 48, 0',
      [`${block}.attn.mask`]: '9, 48, 0',
    });
  });

  it('merged patches are four neighbours, the one below before the one to the right', () => {
    const merged = 'layers.1.downsample.merged';
    const from = (part: number) => say(merged, 0, 29, part * 96 + 5)['layers.0.blocks.1'];
    // Token 29 is row 1, column 1 of 28.
    expect([0, 1, 2, 3].map(from)).toEqual([
      `0, ${2 * 56 + 2}, 5`,
      `0, ${3 * 56 + 2}, 5`,
      `0, ${2 * 56 + 3}, 5`,
      `0, ${3 * 56 + 3}, 5`,
    ]);
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<SwinConfig>, message: string, zh: RegExp][] = [
    [
      { image: 200 },
      'image: must be a multiple of 224 pixels, so that windows fill every stage, not 200.',
      /224 像素的整数倍，窗口/,
    ],
    [
      { image: 200, attention: 'linear' },
      'image: must be a multiple of 32 pixels, so that patches merge in every stage, not 200.',
      /32 像素的整数倍，每个阶段/,
    ],
    [
      { window: 8 },
      'image: must be a multiple of 256 pixels, so that windows fill every stage, not 224.',
      /256/,
    ],
    [{ heads: [3, 6] }, 'heads: must have one number for each of the 4 stages, not 2.', /4 个阶段/],
    [{ heads: [3, 6, 12, 25] }, 'heads: the width 768 does not divide into 25 heads.', /25 个头/],
    [{ depths: [] }, 'depths: must be a list of whole numbers from 1 up, not .', /列表/],
    [{ depths: [2, 0, 6, 2] }, 'depths: must be a list of whole numbers from 1 up, not 2,0,6,2.', /2,0,6,2/],
    [{ attention: 'sparse' as 'window' }, 'attention: must be one of global, window', /之一/],
    [{ classes: 0 }, 'classes: must be a whole number from 1 up, not 0.', /整数/],
  ];
  it.each(refusals)('%j', (change, message, zh) => {
    try {
      swinConfig(change);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.message).toContain(message);
      expect(configErrorText(error).zh).toMatch(zh);
    }
  });

  it('say the side of which a picture is a multiple', () => {
    expect(stepOf(swinPresets['swin-t-224']!)).toBe(224);
    expect(stepOf(swinPresets['swin-shifted-64']!)).toBe(32);
    expect(stepOf(swinPresets['swin-linear-64']!)).toBe(8);
    expect(stepOf(swinPresets['swin-plain-64']!)).toBe(8);
  });
});
