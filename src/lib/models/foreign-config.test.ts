import { describe, expect, it } from 'vitest';
import { foreignConfig } from './foreign-config.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('descriptions of other libraries', () => {
  it('transformers: heads, ε, activation, size, classes, mean and deviation', () => {
    const config = {
      model_type: 'vit',
      num_attention_heads: 12,
      layer_norm_eps: 1e-12,
      hidden_act: 'gelu_new',
      image_size: 224,
      id2label: { 0: 'cat', 1: 'dog' },
    };
    const prepared = {
      image_mean: [0.5, 0.4, 0.3],
      image_std: [0.1, 0.2, 0.3],
      size: { height: 224, width: 224 },
    };
    expect(foreignConfig(text(config), text(prepared))).toEqual({
      set: { heads: 12, normEps: 1e-12, gelu: 'tanh', image: 224 },
      labels: ['cat', 'dog'],
      preprocessing: { mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3], why: 'as the file beside it says' },
    });
  });

  it('timm: pooling, size and preparation', () => {
    const pretrained_cfg = { input_size: [3, 128, 256], mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    const { set, preprocessing } = foreignConfig(
      text({ architecture: 'a', global_pool: 'avg', pretrained_cfg }),
    );
    expect(set).toEqual({ pool: 'gap', image: 128, imageWidth: 256 });
    expect(preprocessing?.mean).toEqual([0.5, 0.5, 0.5]);
  });

  it('300 damaged ones tell nothing, or values of the right kinds', () => {
    const good = text({
      num_attention_heads: 12,
      layer_norm_eps: 1e-12,
      image_size: [64, 32],
      id2label: { 0: 'a' },
    });
    let state = 7;
    const below = (n: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % n;
    let told = 0;
    for (let i = 0; i < 300; i++) {
      const at = below(good.length);
      const damaged = good.slice(0, at) + String.fromCharCode(32 + below(95)) + good.slice(at + below(3));
      const { set, labels } = foreignConfig(damaged, damaged);
      for (const field of ['heads', 'image', 'imageWidth'])
        expect(Number(set[field] ?? 1)).toBeGreaterThanOrEqual(1);
      expect(labels.every((label) => typeof label === 'string')).toBe(true);
      told += Object.keys(set).length > 0 ? 1 : 0;
    }
    expect(told).toBeGreaterThan(20);
    expect(told).toBeLessThan(300);
  });

  it.each([
    ['no JSON', '{"num_attention_heads": 12'],
    ['a list', '[1, 2]'],
    [
      'values of other kinds',
      text({
        num_attention_heads: '12',
        layer_norm_eps: -1,
        hidden_act: 'relu',
        image_size: [1.5, 2],
        id2label: { 5: 'x' },
        global_pool: 'map',
      }),
    ],
    [
      'a prototype’s names',
      text({ hidden_act: 'constructor', pretrained_cfg: { mean: [0, 0, 0], std: [1, 0, 1] } }),
    ],
  ])('%s tells nothing', (_, config) => {
    expect(foreignConfig(config)).toEqual({ set: {}, labels: [] });
  });
});
