import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { cellOperands, describe as describeGraph } from '#lib/graph/index.ts';
import {
  ConfigError,
  familyIds,
  familyOf,
  graphOf,
  inputsOf,
  inputWith,
  pictureOf,
  preset,
  presetNames,
  withVariant,
  type Blueprint,
} from './registry.ts';
import { CNN_DEFAULTS } from './cnn/config.ts';
import { DIT_DEFAULTS } from './dit/config.ts';
import { MAE_DEFAULTS } from './mae/config.ts';
import { SWIN_DEFAULTS } from './swin/config.ts';
import { UVIT_DEFAULTS } from './uvit/config.ts';

const blueprint = (name: string): Blueprint => preset(name)!;

describe('the registry', () => {
  it('knows each preset once, by the name of its architecture', () => {
    expect(new Set(presetNames()).size).toBe(presetNames().length);
    for (const id of familyIds()) {
      expect(familyOf(id).id).toBe(id);
      for (const name of Object.keys(familyOf(id).presets)) expect(blueprint(name).architecture).toBe(id);
    }
    expect(preset('resnet-50')).toBeUndefined();
    expect(preset('toString')).toBeUndefined();
  });

  it.each(familyIds())(
    '%s: sliders are fields of the configuration, of its types, and reach its values',
    (id) => {
      const { fields, defaults, optional } = familyOf(id);
      const all: Record<string, unknown> = { ...defaults, ...optional };
      expect(new Set(fields.map((f) => f.name)).size).toBe(fields.length);
      for (const field of fields) {
        const value = all[field.name];
        expect(field.title.zh, field.name).not.toBe('');
        if (field.kind === 'flag') expect(typeof value, field.name).toBe('boolean');
        else if (field.kind === 'numbers') expect(Array.isArray(value), field.name).toBe(true);
        else if (field.kind === 'choice') expect(field.options.map((o) => o.value)).toContain(value);
        else expect(value === undefined || typeof value === 'number', field.name).toBe(true);
      }
    },
  );

  it.each(familyIds())('%s: every option of every choice and switch can be built', (id) => {
    const { fields, presets } = familyOf(id);
    const all = Object.values(presets);
    const small =
      all.find((config) => (pictureOf({ architecture: id, config })?.height ?? 64) <= 32) ?? all[0]!;
    const tiny = { ...small, depth: 2, ...('decoderDepth' in small ? { decoderDepth: 1 } : {}) };
    for (const field of fields) {
      const values = field.kind === 'choice' ? field.options.map((o) => o.value) : [true, false];
      if (field.kind === 'number' || field.kind === 'numbers') continue;
      for (const value of values) {
        const g = familyOf(id).build({ ...tiny, [field.name]: value });
        for (const answer of familyOf(id).answers({ ...tiny, [field.name]: value }))
          expect(g.value(answer).kind, `${field.name} ${String(value)}`).toBe('node');
      }
    }
  });

  it.each(familyIds())('%s: its inputs are those of its graph, with their shapes', (id) => {
    for (const config of [familyOf(id).defaults, ...Object.values(familyOf(id).presets)]) {
      const of = { architecture: id, config };
      const graph = graphOf(of, { interventions: true });
      const drawn = [...graph.values.values()].filter((v) => v.kind === 'input');
      const shapes = (list: readonly { name: string; shape: readonly number[]; dims: readonly string[] }[]) =>
        Object.fromEntries(list.map(({ name, shape, dims }) => [name, { shape, dims }]));
      expect(shapes(inputsOf(of))).toEqual(shapes(drawn));
      for (const { role, neutral, shape } of inputsOf(of))
        expect(neutral?.length, role).toBe(
          role === 'intervention' ? shape.reduce((a, b) => a * b, 1) : undefined,
        );
    }
  });

  it.each(presetNames())('%s is built and described in time', (name) => {
    const of = blueprint(name);
    const start = performance.now();
    const { tensors, parameters, macs } = describeGraph(graphOf(of));
    expect(performance.now() - start).toBeLessThan(1500);
    const own = familyOf(of.architecture).unpublished?.includes(name) ?? false;
    const stages = 'depths' in of.config && own;
    const weightless = inputWith(of, 'picture', 'state') === undefined && parameters === 0;
    const [least, work] = weightless
      ? [-1, 1e7]
      : stages
        ? [5e5, 5e7]
        : 'patch' in of.config
          ? [5e6, 1e8]
          : [1e6, 5e7];
    expect(parameters).toBeGreaterThan(least);
    expect(macs).toBeGreaterThan(work);
    expect(tensors.map((t) => t.name)).toEqual(
      expect.arrayContaining([...familyOf(of.architecture).answers(of.config)]),
    );
  });

  it.each(familyIds())('%s: ten million tokens are refused with a sentence', (id) => {
    const of = { architecture: id, config: familyOf(id).defaults };
    const sides = 'sides' in of.config ? { sides: [4096] } : {};
    const huge = { ...of, config: { ...of.config, image: 4096, grid: 4096, ...sides } };
    expect(() => graphOf(withVariant(huge, { patch: 1 }))).toThrow(ConfigError);
    const counted = 'patch' in of.config || 'grid' in of.config;
    const rule = counted
      ? 'makes 16,777,216 patches; at most 65,536 can be.'
      : 'sides' in of.config
        ? 'at most 65,536'
        : 'image';
    expect(() => graphOf(withVariant(huge, { patch: 1 }))).toThrow(rule);
  });
});

describe('docs', () => {
  const variants: [string, Blueprint][] = [
    ...(['concat', 'add', 'project-add', 'add-project', 'none'] as const).map((skip): [string, Blueprint] => [
      `U-ViT, ${skip}`,
      {
        architecture: 'uvit',
        config: { ...UVIT_DEFAULTS, depth: 2, skip, timeMlp: skip === 'add', contextTokens: 2 },
      },
    ]),
    ...(['adaln-zero', 'adaln', 'cross-attention', 'in-context'] as const).map(
      (condition): [string, Blueprint] => [
        `DiT, ${condition}`,
        { architecture: 'dit', config: { ...DIT_DEFAULTS, depth: 2, condition } },
      ],
    ),
    ['MAE', { architecture: 'mae', config: { ...MAE_DEFAULTS, depth: 2, decoderDepth: 2 } }],
    ...(['global', 'window', 'shifted-window', 'linear', 'multi-scale-linear'] as const).map(
      (attention): [string, Blueprint] => [
        `Swin, ${attention}`,
        {
          architecture: 'swin',
          config: {
            ...SWIN_DEFAULTS,
            image: 112,
            dim: 32,
            depths: [2, 1],
            heads: [1, 2],
            attention,
            positions: attention === 'window' ? 'none' : 'sincos2d',
            mlp: attention === 'multi-scale-linear' ? 'depthwise' : 'plain',
          },
        },
      ],
    ),
    ['CNN', { architecture: 'cnn', config: { ...CNN_DEFAULTS, width: 8 } }],
  ];

  it.each(variants.flatMap(([name, of]) => [false, true].map((live) => ({ name, of, live }))))(
    '$name, interventions $live: every tensor has a title in both languages, a formula that parses, a PyTorch line',
    ({ of, live }) => {
      const g = graphOf(of, { interventions: live });
      for (const name of g.tensorNames()) {
        const { doc, kind } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(doc?.title.zh, name).toMatch(/[\u4e00-\u9fff]/);
        if (kind === 'node') expect(doc?.torch, name).toMatch(/=/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true })).not.toThrow();
      }
    },
  );

  it.each(variants)('%s: the cell of every tensor says what it is made from', (_, of) => {
    const g = graphOf(of, { interventions: true });
    for (const name of g.tensorNames()) {
      const v = g.value(name);
      if (v.kind !== 'node') continue;
      const operands = cellOperands(
        g,
        name,
        v.shape.map((n) => n - 1),
      );
      expect(operands.length, name).toBeGreaterThan(0);
    }
  });
});

describe('published sizes', () => {
  // Parameters in millions and multiply-adds in 10⁹. U-ViT: counted in PyTorch for the released configurations of Bao
  // et al. 2023. DiT: as printed by Peebles and Xie 2023, whose Gflops are multiply-adds.
  const published: [preset: string, parameters: string, gmacs: string][] = [
    ['uvit-s-2-cifar10', '44.26', '12.2'],
    ['uvit-s-4-celeba64', '44.29', '12.2'],
    ['uvit-m-4-imagenet64', '130.9', '35.2'],
    ['uvit-l-4-imagenet64', '286.8', '76.5'],
    ['uvit-l-2-imagenet256', '286.8', '76.5'],
    ['uvit-h-2-imagenet256', '500.8', '133.2'],
    ['uvit-l-4-imagenet512', '286.9', '76.5'],
    ['uvit-h-4-imagenet512', '500.9', '133.2'],
    // Swin: as printed by Liu et al. 2021, table 1; their FLOPs are multiply-adds.
    ['swin-t-224', '28.3', '4.5'],
    ['swin-s-224', '49.6', '8.7'],
    ['swin-b-224', '87.8', '15.4'],
    ['dit-s-8', '33', '0.36'],
    ['dit-s-4', '33', '1.41'],
    ['dit-s-2', '33', '6.06'],
    ['dit-b-8', '130', '1.42'],
    ['dit-b-4', '130', '5.57'],
    ['dit-b-2', '130', '23.0'],
    ['dit-l-8', '458', '5.01'],
    ['dit-l-4', '458', '19.7'],
    ['dit-l-2', '458', '80.7'],
    ['dit-xl-8', '675', '7.39'],
    ['dit-xl-4', '675', '29.0'],
    ['dit-xl-2', '675', '118.6'],
    ['dit-xl-2-512', '675', '524.5'],
  ];
  it.each(published)('%s has %s M parameters and %s GMACs', (name, parameters, gmacs) => {
    const d = describeGraph(graphOf(blueprint(name)));
    const digits = (text: string) => text.split('.')[1]?.length ?? 0;
    // One number is printed for all patch sizes of a DiT: that of patch 8 is up to 0.9 M more.
    const off = name.endsWith('-8') ? 0.9 : 0.51 * 10 ** -digits(parameters);
    expect(Math.abs(d.parameters / 1e6 - Number(parameters))).toBeLessThanOrEqual(off);
    // The paper cuts 5.565 to 5.56 or rounds it to 5.57; half a digit either way is the same number.
    expect(Math.abs(d.macs / 1e9 - Number(gmacs))).toBeLessThanOrEqual(0.51 * 10 ** -digits(gmacs));
  });

  it('U-ViT: blocks have 12 D² + 10 D parameters, skips 2 D² + D', () => {
    const d = describeGraph(graphOf(blueprint('uvit-h-2-imagenet256')));
    const sum = (test: (name: string) => boolean) =>
      d.weights.filter((w) => test(w.name)).reduce((n, w) => n + w.parameters, 0);
    const dim = 1152;
    expect(sum((n) => /^(in_blocks|mid_block|out_blocks)/.test(n) && !n.includes('skip_linear'))).toBe(
      29 * (12 * dim * dim + 10 * dim),
    );
    expect(sum((n) => n.includes('skip_linear'))).toBe(14 * (2 * dim * dim + dim));
  });

  it('U-ViT budgets for CIFAR-10 with eleven labels', () => {
    const of = (dim: number, depth: number, patch: number, heads: number) => {
      const { parameters, macs } = describeGraph(
        familyOf('uvit').build({ ...UVIT_DEFAULTS, dim, depth, patch, heads }),
      );
      return [(parameters / 1e6).toFixed(1), (macs / 1e9).toFixed(2)];
    };
    expect(of(256, 8, 2, 4)).toEqual(['7.7', '2.27']);
    expect(of(256, 12, 2, 4)).toEqual(['11.1', '3.29']);
    expect(of(256, 12, 4, 4)).toEqual(['11.1', '0.76']);
    expect(of(384, 12, 2, 6)).toEqual(['24.9', '7.06']);
  });

  it('U-ViT-S/2 on CIFAR-10: 257 tokens, 13 blocks, skips of twice the width; with a class 258', () => {
    const g = graphOf(blueprint('uvit-s-2-cifar10'));
    expect(g.value('tokens').shape).toEqual([1, 257, 512]);
    expect(g.value('out_blocks.5.skip_cat').shape).toEqual([1, 257, 1024]);
    expect(graphOf(blueprint('uvit-256-2-cifar10')).value('tokens').shape).toEqual([1, 258, 256]);
  });
});
