import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { configErrorText } from '#lib/base/config-errors.ts';
import { detr, detrConfig, detrPresets, detrSizes, type DetrConfig } from './graph.ts';

const R50 = detrPresets['detr-r50']!;
const R101 = detrPresets['detr-r101']!;

/** Channels of all batch norms of a ResNet of bottlenecks, after the paper's table 1 (He et al. 2016). */
function normChannels(blocks: readonly number[]): number {
  const stages = blocks.map((count, s) => count * (64 + 64 + 256) * 2 ** s + 256 * 2 ** s);
  return 64 + stages.reduce((a, b) => a + b, 0);
}

describe('DETR with ResNet-50', () => {
  const described = describeGraph(detr(R50));

  it('has 25 · 34 = 850 tokens of a picture of 800 × 1066', () => {
    expect(detrSizes(R50)).toMatchObject({ rows: 25, columns: 34, tokens: 850, features: 2048 });
  });

  it('has the 41,524,768 parameters of the published network, frozen batch norms beside them', () => {
    // Weight, bias, mean and variance of a frozen batch norm are buffers, which PyTorch does not count.
    expect(normChannels([3, 4, 6, 3])).toBe(26_560);
    expect(described.parameters - 4 * 26_560).toBe(41_524_768);
    // Carion et al. 2020, table 1: 41 M, of ResNet-101 60 M; its whole millions are cut, not rounded.
    const deeper = describeGraph(detr(R101)).parameters - 4 * normChannels([3, 4, 23, 3]);
    expect([41_524_768, deeper].map((n) => Math.floor(n / 1e6))).toEqual([41, 60]);
  });

  it('needs nearly the 86 G of the paper', () => {
    // Table 1 has the mean over a hundred pictures of COCO, some of them larger than 800 × 1066, and counts more than
    // products of matrices: 81.2 G here are 5.5 % fewer.
    expect(described.macs / 86e9).toBeGreaterThan(0.94);
    expect(described.macs / 86e9).toBeLessThan(1);
  });

  it('needs as much work in the transformer as a count by hand', () => {
    const [N, Q, D, M, K] = [850, 100, 256, 2048, 91];
    const macsOf = (prefix: string) =>
      described.tensors
        .filter(({ name }) => name.startsWith(prefix))
        .reduce((sum, { macs = 0 }) => sum + macs, 0);
    const mix = (rows: number, seen: number) => 2 * rows * seen * D;
    const feed = 2 * D * M;
    expect(macsOf('transformer.encoder.')).toBe(6 * (N * (4 * D * D + feed) + mix(N, N)));
    const among = Q * 4 * D * D + mix(Q, Q);
    const looking = Q * 2 * D * D + N * 2 * D * D + mix(Q, N);
    expect(macsOf('transformer.decoder.layers.')).toBe(6 * (among + looking + Q * feed));
    const heads = Q * (D * (K + 1) + 2 * D * D + 4 * D);
    expect(macsOf('logits') + macsOf('boxes') + macsOf('bbox_embed')).toBe(6 * heads);
  });

  const rows: [name: string, shape: number[], dims: string][] = [
    ['x', [1, 3, 800, 1066], 'B C H W'],
    ['backbone.0.body.maxpool', [1, 64, 200, 267], 'B C H W'],
    ['backbone.0.body.layer1.2', [1, 256, 200, 267], 'B C H W'],
    ['backbone.0.body.layer4.2', [1, 2048, 25, 34], 'B C H W'],
    ['input_proj', [1, 256, 25, 34], 'B D gh gw'],
    ['tokens', [1, 850, 256], 'B N D'],
    ['transformer.encoder.layers.5.self_attn.probs', [1, 8, 850, 850], 'B h N N'],
    ['memory', [1, 850, 256], 'B N D'],
    ['transformer.decoder.layers.5.self_attn.probs', [1, 8, 100, 100], 'B h Q Q'],
    ['transformer.decoder.layers.5.multihead_attn.probs', [1, 8, 100, 850], 'B h Q N'],
    ['transformer.decoder.layers.5', [1, 100, 256], 'B Q D'],
    ['logits.0', [1, 100, 92], 'B Q K'],
    ['probs', [1, 100, 92], 'B Q K'],
    ['boxes', [1, 100, 4], 'B Q 4'],
  ];
  it.each(rows)('%s is %j', (name, shape, dims) => {
    const row = described.tensors.find((t) => t.name === name)!;
    expect([row.shape, row.dims.join(' ')]).toEqual([shape, dims]);
  });
});

/** A small one with the stem of patches. */
const SMALL: Partial<DetrConfig> = {
  image: 32,
  stem: 'patches',
  stride: 8,
  dim: 16,
  heads: 2,
  ffn: 32,
  encoderDepth: 1,
  decoderDepth: 2,
  queries: 5,
  classes: 3,
};

describe('how a cell is computed', () => {
  const g = detr(detrConfig({ ...SMALL, imageWidth: 48 }));
  const say = (name: string, ...index: number[]) =>
    Object.fromEntries(
      cellOperands(g, name, index).map((o) => [
        o.name,
        o.ranges.map(([a, b]) => (b - a === 1 ? String(a) : `${a}:${b}`)).join(', '),
      ]),
    );

  it('a token is a place of the map, row by row', () => {
    // Six columns: token 8 is row 1, column 2.
    expect(say('tokens', 0, 8, 5)).toEqual({ input_proj: '0, 5, 1, 2' });
    expect(say('backbone.patch_embed', 0, 5, 1, 2)).toMatchObject({ 'backbone.patches': '0, 8, 0:192' });
  });

  it('queries and keys see positions, values do not', () => {
    const name = 'transformer.encoder.layers.0.self_attn';
    expect(say(`${name}.q`, 0, 1, 7, 3)).toMatchObject({
      'transformer.encoder.layers.0.with_pos': '0, 7, 0:16',
    });
    // Head 1 has columns 8 to 15 of each third: row 8 + 3 of the first and of the last.
    expect(say(`${name}.q`, 0, 1, 7, 3)[`${name}.in_proj_weight`]).toBe('11, 0:16');
    expect(say(`${name}.v`, 0, 1, 7, 3)).toMatchObject({
      tokens: '0, 7, 0:16',
      [`${name}.in_proj_weight`]: '43, 0:16',
    });
  });

  it('a query looks at the keys of all tokens, and at the other queries', () => {
    const layer = 'transformer.decoder.layers.1';
    expect(say(`${layer}.multihead_attn.k`, 0, 0, 9, 0)).toMatchObject({
      'transformer.decoder.keys': '0, 9, 0:16',
    });
    expect(say(`${layer}.multihead_attn.v`, 0, 0, 9, 0)).toMatchObject({ memory: '0, 9, 0:16' });
    expect(say(`${layer}.self_attn.v`, 0, 0, 4, 0)).toMatchObject({
      'transformer.decoder.layers.0': '0, 4, 0:16',
    });
    expect(say(`${layer}.with_query`, 0, 4, 3)).toEqual({
      'transformer.decoder.layers.0': '0, 4, 3',
      'query_embed.weight': '4, 3',
    });
  });
});

describe('configurations that cannot be built', () => {
  const refusals: [change: Partial<DetrConfig>, message: string, zh: RegExp][] = [
    [{ heads: 3 }, 'heads: the width 16 does not divide into 3 heads.', /3 个头/],
    [{ dim: 6, heads: 1 }, 'dim: sincos2d needs a width divisible by 4, not 6.', /被 4 整除，6/],
    [{ imageWidth: 7 }, 'stride: a patch of 8 pixels is larger than the picture, 7.', /8 像素，比图片的 7/],
    [{ imageWidth: 4000 }, 'imageWidth: must be 2048 at the most, not 4000.', /最大是 2048，不能是 4000/],
    [{ stem: 'cnn', stride: 6, image: 36 }, 'stride: must be 2, 4, 8 and so on', /2 的幂，不能是 6/],
    [
      { stem: 'cnn' },
      'dim: makes the first of 3 convolutions 4 channels wide, which 8 groups do not divide.',
      /3 个卷积中的第一个会有 4 个通道，不能平均分成 8 组/,
    ],
    [{ stem: 'resnet' }, 'stride: must be 32 where a ResNet makes the tokens, not 8.', /必须是 32，不能是 8/],
    [
      { stem: 'resnet', stride: 32, blocks: [1, 2] },
      'blocks: must be 4 numbers, not 2.',
      /4 个数，现在有 2 个/,
    ],
    [{ stem: 'resnet', stride: 32, blocks: [0, 1, 1, 1] }, 'blocks: must be a list of whole numbers', /列表/],
    [{ stem: 'dino' as 'cnn' }, 'stem: must be one of patches, cnn, resnet, not dino.', /之一/],
    [{ image: 2048, stride: 2 }, 'image: makes 1,048,576 tokens; at most 65,536 can be.', /1,048,576 个词元/],
    [{ queries: 0 }, 'queries: must be a whole number from 1 up, not 0.', /整数/],
  ];
  it.each(refusals)('%j', (change, message, zh) => {
    try {
      detrConfig({ ...SMALL, ...change });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.message).toContain(message);
      expect(configErrorText(error).zh).toMatch(zh);
    }
  });
});
