import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { vit, vitConfig, vitPresets, vitSizes, type ViTConfig } from './vit/graph.ts';

const MILLION = 1e6;

describe('published sizes', () => {
  // Parameters and GMACs at 224 pixels, 1000 classes, as published and as timm counts them.
  const published: [preset: string, parameters: string, gmacs: string][] = [
    ['vit-ti-16', '5.72', '1.25'],
    ['vit-s-16', '22.05', '4.60'],
    ['vit-b-32', '88.22', '4.41'],
    ['vit-b-16', '86.57', '17.56'],
    ['vit-b-8', '86.58', '78.15'],
    ['vit-l-16', '304.33', '61.55'],
    ['vit-h-14', '632.05', '167.3'],
  ];

  it.each(published)('%s has %s M parameters and %s GMACs', (preset, parameters, gmacs) => {
    const d = describeGraph(vit(vitPresets[preset]!));
    expect((d.parameters / MILLION).toFixed(2)).toBe(parameters);
    expect((d.macs / 1e9).toFixed(gmacs.split('.')[1]!.length)).toBe(gmacs);
  });

  it.each(Object.entries(vitPresets))(
    '%s: MACs are N·3p²·D + L(12TD² + 2T²D) + DK, a block has 12D² + 13D',
    (_, c) => {
      const d = describeGraph(vit(c));
      const { patches: n, tokens: t, patchValues } = vitSizes(c);
      const perBlock = 12 * t * c.dim ** 2 + 2 * t * t * c.dim;
      expect(d.macs).toBe(n * patchValues * c.dim + c.depth * perBlock + c.dim * c.classes);
      for (let i = 0; i < c.depth; i++) {
        const block = d.weights.filter((w) => w.name.startsWith(`blocks.${i}.`));
        expect(block.reduce((sum, w) => sum + w.parameters, 0)).toBe(12 * c.dim ** 2 + 13 * c.dim);
      }
    },
  );
});

describe('published forms', () => {
  // Parameters as timm 1.0.31 and transformers 5.24 count them.
  const forms: [name: string, change: Partial<ViTConfig>, parameters: number][] = [
    [
      'DINOv2 ViT-g/14, a gated MLP',
      {
        patch: 14,
        dim: 1536,
        depth: 40,
        heads: 24,
        mlpRatio: 4096 / 1536,
        classes: 0,
        gatedMlp: true,
        layerScale: true,
      },
      1_134_769_664,
    ],
    [
      'BEiT-B/16, biases by distance; zeros stand for the keys’ biases',
      { relPositions: 'blocks', positions: 'none', clsPosition: false, layerScale: true, pool: 'gap' },
      86_530_984 + 12 * 768,
    ],
    [
      'DINOv3 ViT-S/16, rotary positions, no biases of queries, keys and values',
      {
        image: 256,
        dim: 384,
        heads: 6,
        classes: 0,
        registers: 4,
        positions: 'none',
        rotary: 'centred',
        layerScale: true,
        qkvBias: false,
      },
      21_586_944,
    ],
    [
      'EVA-02-B/14, rotary positions, a gated MLP with a norm; zeros stand for the keys’ biases',
      {
        patch: 14,
        pool: 'gap',
        classes: 0,
        mlpRatio: 2048 / 768,
        gatedMlp: true,
        gatedNorm: true,
        rotary: 'grid',
      },
      85_758_720 + 12 * 768,
    ],
    [
      'EVA-02 CLIP B/16, norms inside attention and MLP, a projection with a bias',
      {
        ...{ mlpRatio: 2048 / 768, gatedMlp: true, gatedNorm: true, attnNorm: true, rotary: 'grid' },
        ...{ classes: 0, projection: 512, projectionBias: true },
      },
      86_263_040 + 12 * 768,
    ],
    [
      'CLIP’s B/16 tower, a projection',
      { preNorm: true, classes: 0, projection: 512, gelu: 'sigmoid' },
      86_192_640,
    ],
    [
      'SigLIP B/16, attention pooling',
      { pool: 'map', classToken: false, clsPosition: false, classes: 0 },
      92_884_224,
    ],
  ];

  it.each(forms)('%s', (_, change, parameters) => {
    const c = vitConfig(change);
    const d = describeGraph(vit(c));
    expect(d.parameters).toBe(parameters);
    const { patches: n, tokens: t, patchValues, mlp } = vitSizes(c);
    const perBlock = (4 * c.dim + (c.gatedMlp ? 3 : 2) * mlp) * t * c.dim + 2 * t * t * c.dim;
    const pool = c.pool === 'map' ? 2 * t * c.dim ** 2 + 2 * c.dim ** 2 + 2 * t * c.dim + 2 * c.dim * mlp : 0;
    const last = c.dim * (c.classes + (c.projection ?? 0));
    expect(d.macs).toBe(n * patchValues * c.dim + c.depth * perBlock + pool + last);
  });
});

describe('ViT-B/16 row by row', () => {
  const d = describeGraph(vit(vitPresets['vit-b-16']!));
  const row = (name: string) => d.tensors.find((t) => t.name === name)!;

  it('has 86,567,656 parameters', () => {
    expect(d.parameters).toBe(86_567_656);
    expect(d.tensors.reduce((n, t) => n + t.parameters, 0)).toBe(86_567_656);
  });

  it('has blocks of 7,087,872 parameters and 1454.0 M multiply-adds', () => {
    for (let i = 0; i < 12; i++) {
      const rows = d.tensors.filter((t) => t.name === `blocks.${i}` || t.name.startsWith(`blocks.${i}.`));
      expect(rows.reduce((n, t) => n + t.parameters, 0)).toBe(7_087_872);
      expect((rows.reduce((n, t) => n + t.macs, 0) / MILLION).toFixed(1)).toBe('1454.0');
    }
  });

  const rows: [name: string, shape: number[], dims: string, parameters: number, millions: string][] = [
    ['x', [1, 3, 224, 224], 'B C H W', 0, '0.0'],
    ['patches', [1, 196, 768], 'B N P', 0, '0.0'],
    ['patch_embed', [1, 196, 768], 'B N D', 590_592, '115.6'],
    ['cls_cat', [1, 197, 768], 'B T D', 768, '0.0'],
    ['tokens', [1, 197, 768], 'B T D', 151_296, '0.0'],
    ['blocks.3.norm1', [1, 197, 768], 'B T D', 1_536, '0.0'],
    ['blocks.3.attn.qkv', [1, 197, 2304], 'B T 3D', 1_771_776, '348.6'],
    ['blocks.3.attn.q', [1, 12, 197, 64], 'B h T d', 0, '0.0'],
    ['blocks.3.attn.k', [1, 12, 197, 64], 'B h T d', 0, '0.0'],
    ['blocks.3.attn.v', [1, 12, 197, 64], 'B h T d', 0, '0.0'],
    ['blocks.3.attn.scores', [1, 12, 197, 197], 'B h T T', 0, '29.8'],
    ['blocks.3.attn.probs', [1, 12, 197, 197], 'B h T T', 0, '0.0'],
    ['blocks.3.attn.out', [1, 12, 197, 64], 'B h T d', 0, '29.8'],
    ['blocks.3.attn.merged', [1, 197, 768], 'B T D', 0, '0.0'],
    ['blocks.3.attn.proj', [1, 197, 768], 'B T D', 590_592, '116.2'],
    ['blocks.3.attn.residual', [1, 197, 768], 'B T D', 0, '0.0'],
    ['blocks.3.norm2', [1, 197, 768], 'B T D', 1_536, '0.0'],
    ['blocks.3.mlp.fc1', [1, 197, 3072], 'B T M', 2_362_368, '464.8'],
    ['blocks.3.mlp.gelu', [1, 197, 3072], 'B T M', 0, '0.0'],
    ['blocks.3.mlp.fc2', [1, 197, 768], 'B T D', 2_360_064, '464.8'],
    ['blocks.3', [1, 197, 768], 'B T D', 0, '0.0'],
    ['norm', [1, 197, 768], 'B T D', 1_536, '0.0'],
    ['pooled', [1, 768], 'B D', 0, '0.0'],
    ['logits', [1, 1000], 'B K', 769_000, '0.8'],
    ['probs', [1, 1000], 'B K', 0, '0.0'],
  ];

  it.each(rows)('%s is %j', (name, shape, dims, parameters, millions) => {
    const r = row(name);
    expect([r.shape, r.dims.join(' '), r.parameters]).toEqual([shape, dims, parameters]);
    expect((r.macs / MILLION).toFixed(1)).toBe(millions);
    expect(r.bytes).toBe(4 * shape.reduce((a, b) => a * b, 1));
  });

  it('names the operation that makes a tensor', () => {
    const ops = [
      'x',
      'patches',
      'patch_embed',
      'tokens',
      'blocks.0.attn.scores',
      'blocks.0.attn.probs',
      'blocks.0',
    ];
    expect(ops.map((name) => row(name).op)).toEqual([
      'Input',
      'Transpose',
      'Gemm',
      'Add',
      'MatMul',
      'Softmax',
      'Add',
    ]);
  });

  it('has no tensor beyond those of the table, 12 times for the blocks', () => {
    const once = rows.filter(([name]) => !name.startsWith('blocks'));
    expect(d.tensors).toHaveLength(once.length + 12 * (rows.length - once.length));
  });
});

describe('how a cell is computed', () => {
  const g = vit(vitPresets['vit-b-16']!, { interventions: true });
  const say = (name: string, ...index: number[]) =>
    Object.fromEntries(
      cellOperands(g, name, index).map((o) => [
        o.name,
        o.ranges.map(([a, b]) => (b - a === 1 ? String(a) : `${a}:${b}`)).join(', '),
      ]),
    );

  it('patches: one pixel value, at (channel, row, column) of its patch', () => {
    // Patch 15 is row 1, column 1; value 261 = 256 + 5 is channel 1, row 0, column 5.
    expect(say('patches', 0, 15, 261)).toEqual({ x: '0, 1, 16, 21' });
  });

  it('patch_embed: one patch and one filter', () => {
    expect(say('patch_embed', 0, 15, 7)).toEqual({
      patches: '0, 15, 0:768',
      'patch_embed.proj.weight': '7, 0:3, 0:16, 0:16',
      'patch_embed.proj.bias': '7',
    });
  });

  it('cls_cat: the CLS token first, then patches', () => {
    expect(say('cls_cat', 0, 0, 7)).toEqual({ cls_token: '0, 0, 7' });
    expect(say('cls_cat', 0, 1, 7)).toEqual({ patch_embed: '0, 0, 7' });
  });

  it('q, k, v: head-major thirds of qkv', () => {
    expect(say('blocks.0.attn.q', 0, 2, 5, 3)).toEqual({ 'blocks.0.attn.qkv': `0, 5, ${2 * 64 + 3}` });
    expect(say('blocks.0.attn.k', 0, 2, 5, 3)).toEqual({ 'blocks.0.attn.qkv': `0, 5, ${768 + 2 * 64 + 3}` });
    expect(say('blocks.0.attn.v', 0, 2, 5, 3)).toEqual({
      'blocks.0.attn.qkv': `0, 5, ${2 * 768 + 2 * 64 + 3}`,
    });
  });

  it('scores: one query and one key; probs: a row of scores; out: a row of probs and a column of v', () => {
    expect(say('blocks.0.attn.scores', 0, 2, 5, 9)).toEqual({
      'blocks.0.attn.q': '0, 2, 5, 0:64',
      'blocks.0.attn.k': '0, 2, 9, 0:64',
    });
    expect(say('blocks.0.attn.probs', 0, 2, 5, 9)).toEqual({
      'blocks.0.attn.scores': '0, 2, 5, 0:197',
      attn_temperature: '',
      token_mask: '0:197',
    });
    expect(say('blocks.0.attn.out', 0, 2, 5, 9)).toEqual({
      'blocks.0.attn.probs': '0, 2, 5, 0:197',
      'blocks.0.attn.v': '0, 2, 0:197, 9',
      head_mask: '0, 2',
    });
  });

  it('merged: head 2 fills columns 128 to 191', () => {
    expect(say('blocks.0.attn.merged', 0, 5, 130)).toEqual({ 'blocks.0.attn.out': '0, 2, 5, 2' });
  });

  it('the residual stream: what came in and the gated branch', () => {
    expect(say('blocks.3', 0, 5, 9)).toEqual({
      'blocks.3.attn.residual': '0, 5, 9',
      'blocks.3.mlp.fc2': '0, 5, 9',
      block_skip: '3',
    });
  });

  it('the head: the class token and one row of weights', () => {
    expect(say('pooled', 0, 9)).toEqual({ norm: '0, 0, 9' });
    expect(say('logits', 0, 3)).toEqual({ pooled: '0, 0:768', 'head.weight': '3, 0:768', 'head.bias': '3' });
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<ViTConfig>, message: string][] = [
    [{ heads: 5 }, 'heads: the width 768 does not divide into 5 heads.'],
    [{ patch: 225 }, 'patch: a patch of 225 pixels is larger than the picture, 224.'],
    [{ patch: 0 }, 'patch: must be a whole number from 1 up, not 0.'],
    [{ dim: 19.5 }, 'dim: must be a whole number from 1 up, not 19.5.'],
    [{ depth: NaN }, 'depth: must be a whole number from 1 up, not NaN.'],
    [{ registers: -1 }, 'registers: must be a whole number from 0 up, not -1.'],
    [{ mlpRatio: 0.0001 }, 'mlpRatio: 0.0001 times the width 768 is not a whole number from 1 up.'],
    [{ dim: 6, heads: 2, positions: 'sincos2d' }, 'positions: sincos2d needs a width divisible by 4, not 6.'],
    [{ classToken: false }, 'pool: cls needs a CLS token; set classToken to true or pool to gap.'],
    [
      { relPositions: 'blocks', registers: 1 },
      'relPositions: need a CLS token and no other beside the patches.',
    ],
    [{ rotary: 'grid', dim: 12, heads: 6 }, 'rotary: needs heads whose width is divisible by 4, not 2.'],
    [{ gatedNorm: true }, 'gatedNorm: needs gatedMlp.'],
    [{ projection: 8 }, 'projection: is the last layer: classes and preLogits must be 0.'],
    [{ normEps: -1 }, 'normEps: must be a number from 0 up, not -1.'],
    [{ gelu: 'relu' as 'erf' }, 'gelu: must be one of erf, tanh, sigmoid, not relu.'],
  ];

  it.each(refusals)('%j', (change, message) => {
    expect(() => vitConfig(change)).toThrow(ConfigError);
    expect(() => vitConfig(change)).toThrow(message);
    expect(() => vit({ ...vitPresets['vit-b-16']!, ...change })).toThrow(message);
  });

  it('name the field', () => {
    try {
      vitConfig({ heads: 5 });
      expect.unreachable();
    } catch (e) {
      expect(e).toMatchObject({ field: 'heads', rule: 'the width 768 does not divide into 5 heads.' });
    }
  });
});
