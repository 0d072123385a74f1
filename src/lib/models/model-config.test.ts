import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UVIT_DEFAULTS } from './uvit/config.ts';
import { isDiffusion, ModelConfigError, parseModelConfig } from './model-config.ts';

const good = readFileSync(new URL('../../../models/vit-tiny/config.json', import.meta.url), 'utf8');

/** The good configuration with one change. */
function changed(path: string, value: unknown): unknown {
  const config: unknown = JSON.parse(good);
  const keys = path.split('.');
  let at = config as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1)!] = value;
  return JSON.parse(JSON.stringify(config)); // undefined leaves the field out
}

describe('parseModelConfig', () => {
  it('accepts the model folders’ own', () => {
    const config = parseModelConfig(good);
    expect(config.name).toBe('vit-tiny');
    expect(config.config).toMatchObject({ image: 32, patch: 4, heads: 2, clsPosition: false });
    expect(config.labels).toHaveLength(10);
    expect(parseModelConfig(JSON.parse(good))).toEqual(config);
  });

  it.each<[string, unknown, string]>([
    ['schema', 'patchwork-model/2', '"schema" must be one of patchwork-model/1'],
    ['name', undefined, '"name" is missing'],
    ['architecture', 'perceiver', '"architecture" must be one of vit'],
    ['config', [], '"config" must be an object'],
    ['config.dim', 32.5, '"config.dim" must be a whole number from 1 up, not 32.5'],
    ['config.dim', '32', '"config.dim" must be a whole number from 1 up'],
    ['config.qkvBias', 1, '"config.qkvBias" must be one of true, false, not 1'],
    ['config.pool', 'max', '"config.pool" must be one of cls, gap'],
    ['config.normEps', -1, '"config.normEps" must be a number from 0 up'],
    ['config.heads', 3, '"config.heads" the width 32 does not divide into 3 heads'],
    ['config.patch', 33, '"config.patch" a patch of 33 pixels is larger than the picture, 32'],
    ['patchSizes', 4, '"patchSizes" must be a list'],
    ['patchSizes.1', 0, '"patchSizes.1" must be a whole number'],
    ['patchSizes.2', 64, '"patchSizes.2" is larger than the picture'],
    ['patchResize', 'bicubic', '"patchResize" must be one of pi-bilinear'],
    ['preprocessing.size', 64, '"preprocessing.size" is 64, the model\'s picture 32'],
    ['preprocessing.antialias', false, '"preprocessing.antialias" must be true'],
    ['preprocessing.std', [0.5, 0, 0.5], '"preprocessing.std" must be three numbers'],
    ['labels.3.zh', '', '"labels.3.zh" must be a text'],
    ['labels.3.id', 'dog', '"labels.5.id" is "dog" a second time'],
    ['labels', [], ''],
    ['labels', [{ id: 'a', en: 'a', zh: 'a' }], '"labels" names 1 classes, the model has 10'],
    ['files', {}, ''],
    [
      'files',
      { 'm.bin': { bytes: 1, sha256: 'XY' } },
      '"files.m.bin.sha256" must be 64 lower-case hexadecimal digits',
    ],
  ])('%s = %j', (path, value, message) => {
    const check = (): unknown => parseModelConfig(changed(path, value));
    if (message === '') expect(check).not.toThrow();
    else {
      expect(check).toThrow(message);
      expect(check).toThrow(ModelConfigError);
    }
  });

  it('takes the sides of the picture that a network in stages was trained at, and no others', () => {
    const stages = readFileSync(new URL('../../../models/swin-tiny/config.json', import.meta.url), 'utf8');
    const at = (imageSizes: unknown): unknown => ({ ...(JSON.parse(stages) as object), imageSizes });
    expect(parseModelConfig(at([32, 64])).imageSizes).toEqual([32, 64]);
    expect(parseModelConfig(good).imageSizes).toEqual([]);
    expect(() => parseModelConfig(at([32, 40]))).toThrow(
      '"imageSizes.1" must be a multiple of 32 pixels, so that windows fill every stage, not 40',
    );
    expect(() => parseModelConfig(at(64))).toThrow('"imageSizes" must be a list');
    expect(() => parseModelConfig(changed('imageSizes', [64]))).toThrow(
      '"imageSizes.0" is of a network whose weights fit one size of picture',
    );
  });

  it('takes the tokenizer of a model that reads texts, and its sentences', () => {
    const words = JSON.parse(
      readFileSync(new URL('../../../models/clip-tiny/config.json', import.meta.url), 'utf8'),
    ) as Record<string, object>;
    expect(parseModelConfig(words).tokenizer?.file).toBe('tokenizer.json');
    expect(parseModelConfig(words).templates?.photo?.zh).toContain('一张{}的照片');
    const said = (change: object) => () => parseModelConfig({ ...words, ...change });
    expect(said({ tokenizer: undefined })).toThrow('"tokenizer" must be an object');
    expect(said({ tokenizer: { ...words.tokenizer, file: '../x.json' } })).toThrow(
      '"tokenizer.file" must name a JSON file of the folder',
    );
    expect(said({ tokenizer: { ...words.tokenizer, sha256: 'x' } })).toThrow('"tokenizer.sha256" must be 64');
    expect(said({ templates: { photo: { en: ['a photo'], zh: [] } } })).toThrow(
      '"templates.photo.en" must be sentences with {} for the name',
    );
    expect(said({ templates: { photo: { en: [] } } })).toThrow('"templates.photo.zh" must be a list');
  });

  it('names the file and never throws anything else', () => {
    expect(() => parseModelConfig('{', 'models/x/config.json')).toThrow('models/x/config.json is not JSON');
    for (const junk of [null, 3, 'null', '[]', '{}', undefined])
      expect(() => parseModelConfig(junk)).toThrow(ModelConfigError);
  });
});

describe('parseModelConfig of a diffusion model', () => {
  const uvit = {
    schema: 'patchwork-model/1',
    name: 'u',
    architecture: 'uvit',
    config: { ...UVIT_DEFAULTS, classes: 0, nullClass: false },
    diffusion: { process: 'vp', prediction: 'eps', time: '999t' },
    preprocessing: {
      size: 32,
      fit: 'squash',
      interpolation: 'bilinear',
      antialias: true,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    labels: [],
    files: {},
  };
  const diffusion = (change: object) => ({ ...uvit, diffusion: { ...uvit.diffusion, ...change } });

  it('takes it, with no patch sizes but the stored one', () => {
    const model = parseModelConfig(uvit);
    expect(isDiffusion(model) && model.diffusion).toEqual(uvit.diffusion);
    expect(model.patchSizes).toEqual([]);
    expect(isDiffusion(parseModelConfig(good))).toBe(false);
  });

  it.each<[object, string]>([
    [{ ...uvit, diffusion: undefined }, '"diffusion" must be an object'],
    [
      diffusion({ process: 'sub-vp' }),
      '"diffusion.process" must be one of linear, cosine, scaled-linear, vp',
    ],
    [diffusion({ prediction: 'noise' }), '"diffusion.prediction" must be one of x0, eps, v, u'],
    [diffusion({ time: 'ms' }), '"diffusion.time" must be one of unit, 999t'],
    [diffusion({ time: 'index' }), '"diffusion.time" is "index", which needs one of the processes linear'],
    [diffusion({ process: 'linear', time: 'index' }), '"diffusion.steps" is missing'],
    [{ ...uvit, config: { ...uvit.config, depth: 3 } }, '"config.depth" must be even'],
    [{ ...uvit, config: { ...uvit.config, skip: undefined } }, '"config.skip" must be one of concat'],
    [{ ...uvit, config: { image: 32 } }, '"config.channels" is missing'],
    [{ ...uvit, architecture: 'dit' }, '"config.timeFrequencies" is missing'],
    [{ ...uvit, labels: [{ id: 'a', en: 'a', zh: 'a' }] }, '"labels" names 1 classes, the model has 0'],
  ])('%#', (json, message) => {
    expect(() => parseModelConfig(json)).toThrow(ModelConfigError);
    expect(() => parseModelConfig(json)).toThrow(message);
  });
});
