import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { configErrorText } from '#lib/base/config-errors.ts';
import { vivit, vivitConfig, vivitPresets, vivitSizes, type VivitConfig } from './graph.ts';

/** Presets by the form of their attention. */
const PRESETS = {
  joint: 'vivit-b-16x2',
  encoder: 'vivit-b-16x2-encoder',
  self: 'vivit-b-16x2-self',
  dot: 'vivit-b-16x2-dot',
} as const;
const described = (form: keyof typeof PRESETS) => describeGraph(vivit(vivitPresets[PRESETS[form]]!));

// Sizes of ViViT-B/16×2.
const [D, M, L, LT, T, S, P, K] = [768, 3072, 12, 4, 16, 196, 1536, 400];
const N = T * S;

describe('ViViT-B/16×2', () => {
  it('has 16 · 14 · 14 = 3,136 tubelets of 1,536 numbers', () => {
    const { times, grid, places, tubelets, tubeletValues } = vivitSizes(vivitPresets['vivit-b-16x2']!);
    expect([times, grid, places, tubelets, tubeletValues]).toEqual([16, 14, 196, 3136, 1536]);
  });

  const attention = 4 * D * D + 4 * D;
  const mlp = 2 * D * M + M + D;
  const norm = 2 * D;
  const [stem, head] = [D * P + D, K * D + K];
  const one = attention + mlp + 2 * norm;

  it('has as many parameters as a count by hand', () => {
    expect(described('joint').parameters).toBe(stem + D + (1 + N) * D + L * one + norm + head);
    expect(described('encoder').parameters).toBe(
      stem + D + (1 + S) * D + L * one + norm + (D + (1 + T) * D + LT * one + norm) + head,
    );
    expect(described('self').parameters).toBe(stem + N * D + L * (one + attention + norm) + norm + head);
    expect(described('dot').parameters).toBe(stem + N * D + L * one + norm + head);
  });

  // Arnab et al. 2021, table 2: parameters in millions, FLOPs in 10⁹, which are multiply-adds there.
  it.each([
    ['joint', 88.9, 455.2],
    ['encoder', 115.1, 284.4],
    ['self', 117.3, 372.3],
    ['dot', 88.9, 277.1],
  ] as const)('%s: the paper prints %s M parameters and %s G', (form, millions, billions) => {
    const { parameters, macs } = described(form);
    // 88.95 M in the first and the last form, which the paper cuts to 88.9; the others agree to the last digit.
    expect(Math.abs(parameters / 1e6 - millions)).toBeLessThan(
      form === 'joint' || form === 'dot' ? 0.06 : 0.05,
    );
    // The paper counts more than the products of matrices: ours alone are 0.3 to 0.9 % fewer.
    expect(macs / 1e9 / billions).toBeGreaterThan(0.991);
    expect(macs / 1e9 / billions).toBeLessThan(0.998);
  });

  it('needs as much work as a count by hand', () => {
    const projections = 4 * D * D;
    const linear = projections + 2 * D * M;
    /** Scores and mixing of `rows` tokens, each with `seen` others, over so many values of width. */
    const mix = (rows: number, seen: number, width = D) => 2 * rows * seen * width;
    const [embed, logits] = [N * P * D, D * K];
    expect(described('joint').macs).toBe(embed + L * ((1 + N) * linear + mix(1 + N, 1 + N)) + logits);
    expect(described('encoder').macs).toBe(
      embed +
        L * T * ((1 + S) * linear + mix(1 + S, 1 + S)) +
        LT * ((1 + T) * linear + mix(1 + T, 1 + T)) +
        logits,
    );
    expect(described('self').macs).toBe(
      embed + L * (N * (linear + projections) + mix(N, S) + mix(N, T)) + logits,
    );
    expect(described('dot').macs).toBe(
      embed + L * (N * linear + mix(N, S, D / 2) + mix(N, T, D / 2)) + logits,
    );
  });

  const rows: [form: keyof typeof PRESETS, name: string, shape: number[], dims: string][] = [
    ['joint', 'x', [1, 32, 3, 224, 224], 'B f C H W'],
    ['joint', 'tubelets', [1, 3136, 1536], 'B N P'],
    ['joint', 'cls_cat', [1, 3137, 768], 'B T D'],
    ['joint', 'blocks.3.attn.probs', [1, 12, 3137, 3137], 'B h T T'],
    ['encoder', 'tokens', [1, 16, 197, 768], 'B t T D'],
    ['encoder', 'blocks.3.attn.probs', [1, 16, 12, 197, 197], 'B t h T T'],
    ['encoder', 'frame_tokens', [1, 16, 768], 'B t D'],
    ['encoder', 'temporal.blocks.3.attn.probs', [1, 12, 17, 17], 'B h T T'],
    ['self', 'tokens', [1, 3136, 768], 'B N D'],
    ['self', 'blocks.3.attn.probs', [1, 16, 12, 196, 196], 'B t h s s'],
    ['self', 'blocks.3.attn_time.qkv', [1, 196, 16, 2304], 'B s t 3D'],
    ['self', 'blocks.3.attn_time.probs', [1, 196, 12, 16, 16], 'B s h t t'],
    ['self', 'blocks.3.attn_time.residual', [1, 3136, 768], 'B N D'],
    ['dot', 'blocks.3.attn.space.probs', [1, 16, 6, 196, 196], 'B t h s s'],
    ['dot', 'blocks.3.attn.time.probs', [1, 196, 6, 16, 16], 'B s h t t'],
    ['dot', 'blocks.3.attn.merged', [1, 3136, 768], 'B N D'],
    ['dot', 'pooled', [1, 768], 'B D'],
  ];
  it.each(rows)('%s: %s is %j', (form, name, shape, dims) => {
    const row = described(form).tensors.find((t) => t.name === name)!;
    expect([row.shape, row.dims.join(' ')]).toEqual([shape, dims]);
  });
});

describe('how a cell is computed', () => {
  const small = (attention: VivitConfig['attention']) =>
    vivit(vivitConfig({ attention, frames: 4, image: 32, dim: 8, heads: 2, depth: 1, temporalDepth: 1 }));
  const say = (attention: VivitConfig['attention'], name: string, ...index: number[]) =>
    Object.fromEntries(
      cellOperands(small(attention), name, index).map((o) => [
        o.name,
        o.ranges.map(([a, b]) => (b - a === 1 ? String(a) : `${a}:${b}`)).join(', '),
      ]),
    );

  it('tubelets: one pixel of one frame', () => {
    // Tubelet 7 is time 1, row 1, column 1; value 256 + 17 is channel 0, its second frame, row 1, column 1.
    expect(say('joint', 'tubelets', 0, 7, 273)).toEqual({ x: '0, 3, 0, 17, 17' });
    expect(say('joint', 'tubelets', 0, 0, 2 * 512 + 5)).toEqual({ x: '0, 0, 2, 0, 5' });
  });

  it('a score over time is of one place and two times', () => {
    const name = 'blocks.0.attn_time';
    expect(say('factorised-self-attention', `${name}.scores`, 0, 3, 1, 0, 1)).toEqual({
      [`${name}.q`]: '0, 3, 1, 0, 0:4',
      [`${name}.k`]: '0, 3, 1, 1, 0:4',
    });
    // Place 3 at time 1 is token 1 · 4 + 3.
    expect(say('factorised-self-attention', `${name}.qkv`, 0, 3, 1, 5)['blocks.0.norm_time']).toBe(
      '0, 7, 0:8',
    );
  });

  it('the first half of the heads is over space, the second over time', () => {
    const name = 'blocks.0.attn';
    // Columns 0 to 3 of merged are head 0, over space; 4 to 7 head 1, over time.
    expect(say('factorised-dot-product', `${name}.merged`, 0, 7, 2)).toEqual({
      [`${name}.space.out`]: '0, 1, 0, 3, 2',
    });
    expect(say('factorised-dot-product', `${name}.merged`, 0, 7, 6)).toEqual({
      [`${name}.time.out`]: '0, 3, 0, 1, 2',
    });
  });

  it('a time is its class token', () => {
    expect(say('factorised-encoder', 'frame_tokens', 0, 1, 5)).toEqual({ norm: '0, 1, 0, 5' });
    expect(say('factorised-encoder', 'cls_cat', 0, 1, 0, 5)).toEqual({ cls_token: '0, 0, 5' });
    expect(say('factorised-encoder', 'cls_cat', 0, 1, 3, 5)).toEqual({ patch_embed: '0, 6, 5' });
    expect(say('factorised-encoder', 'pooled', 0, 5)).toEqual({ 'temporal.norm': '0, 0, 5' });
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<VivitConfig>, message: string, zh: RegExp][] = [
    [{ frames: 31 }, 'tubelet: tubelets of 2 frames do not fill a clip of 31.', /2 帧.*31 帧/],
    [{ frames: 0 }, 'frames: must be a whole number from 1 up, not 0.', /整数/],
    [
      { attention: 'factorised-dot-product', heads: 3 },
      'heads: must be even, half for space and half for time, not 3.',
      /偶数.*3/,
    ],
    [{ image: 225 }, 'patch: patches of 16 pixels do not fill a picture of 225.', /225/],
    [{ frames: 1024, patch: 8 }, 'frames: makes 401,408 patches; at most 65,536 can be.', /401,408/],
    [{ attention: 'divided' as 'joint' }, 'attention: must be one of joint', /之一/],
    [{ classes: 0 }, 'classes: must be a whole number from 1 up, not 0.', /整数/],
    [{ heads: 5 }, 'heads: the width 768 does not divide into 5 heads.', /5 个头/],
  ];
  it.each(refusals)('%j', (change, message, zh) => {
    try {
      vivitConfig(change);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.message).toContain(message);
      expect(configErrorText(error).zh).toMatch(zh);
    }
  });
});
