import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describe as described } from '#lib/graph/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';
import { WeightsError } from '#lib/weights/source.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { ConfigError, recognise } from '../registry.ts';
import { CNN_DEFAULTS, type CnnConfig } from './config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { cnn } from './graph.ts';

const stored = parseSafetensors(
  readFileSync(new URL('../../../../models/cnn-cifar10/model.safetensors', import.meta.url)),
  'model.safetensors',
);

describe('the graph', () => {
  it('halves the picture three times and keeps the largest of each channel', () => {
    const g = cnn(CNN_DEFAULTS, { batch: 2 });
    const shapes = ['whiten', 'body.0.0.0', 'body.0.0.1', 'body.0', 'body.1', 'body.2', 'features', 'probs'];
    expect(Object.fromEntries(shapes.map((name) => [name, g.value(name).shape]))).toEqual({
      whiten: [2, 24, 31, 31],
      'body.0.0.0': [2, 64, 31, 31],
      'body.0.0.1': [2, 64, 15, 15],
      'body.0': [2, 64, 15, 15],
      'body.1': [2, 128, 7, 7],
      'body.2': [2, 256, 3, 3],
      features: [2, 256],
      probs: [2, 10],
    });
  });

  it('has a title in both languages and a formula for every tensor', () => {
    const g = cnn(CNN_DEFAULTS);
    for (const name of g.tensorNames()) {
      const { doc } = g.value(name);
      expect(doc?.title.en, name).toBeTruthy();
      expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]|GELU|logit/);
      expect(doc?.formula, name).toBeTruthy();
    }
  });

  it('counts its parameters, the kept means and variances among them', () => {
    const convolutions = 9 * (24 * 64 + 64 * 64 + 64 * 128 + 128 ** 2 + 128 * 256 + 256 ** 2);
    const norms = 4 * 2 * (64 + 128 + 256);
    expect(described(cnn(CNN_DEFAULTS)).parameters).toBe(24 * 12 + 24 + convolutions + norms + 2560);
  });

  it.each([
    [{ image: 15 }, 'image'],
    [{ image: 2000 }, 'image'],
    [{ width: 2 }, 'width'],
    [{ classes: 0 }, 'classes'],
    [{ channels: 1.5 }, 'channels'],
  ] as const)('refuses %j', (change, field) => {
    const refused = () => cnn({ ...CNN_DEFAULTS, ...change });
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(field);
  });
});

describe('its weights', () => {
  it('are recognised, and tell the configuration but for the side of the picture', () => {
    expect(recognise(stored).id).toBe('cnn');
    const { config, assumed } = CHECKPOINT.infer(stored, {});
    expect(config).toEqual(CNN_DEFAULTS);
    expect(assumed.map(({ field }) => field)).toEqual(['image']);
    expect(CHECKPOINT.infer(stored, { image: 64 })).toMatchObject({ config: { image: 64 }, assumed: [] });
  });

  it('are bound by name, and refused where one does not fit', () => {
    expect(CHECKPOINT.bind(stored, CNN_DEFAULTS).get('body.2.1.0.weight')?.shape).toEqual([256, 256, 3, 3]);
    const wider: CnnConfig = { ...CNN_DEFAULTS, width: 32 };
    expect(() => CHECKPOINT.bind(stored, wider)).toThrow(WeightsError);
    expect(() => CHECKPOINT.bind(seededWeights(cnn(wider), 1), CNN_DEFAULTS)).toThrow(
      /body\.0\.0\.0\.weight|shape/,
    );
  });
});
