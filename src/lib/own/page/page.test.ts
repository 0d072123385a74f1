import { describe, expect, it } from 'vitest';
import { familyIds, familyOf } from '#lib/models/registry.ts';
import type { Examined } from '../reading/examined.ts';
import { fromLink, toLink } from './corrected.ts';
import { guessesOf, othersThan, typedValue } from './fields.ts';
import { likeliest } from './likeliest.ts';
import { labelsFor, namesIn, preparationOf } from './model.ts';
import { reasonText } from './reasons.ts';
import { whyNot } from './why-not.ts';
import { sources } from '#tests/sources.ts';

const CORRECTED = {
  set: { heads: 4, normEps: 1e-12, gelu: 'tanh', clsPosition: false, depths: [2, 2, 6, 2] },
  prefix: 'teacher.backbone.',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  fit: 'crop' as const,
};

describe('what was corrected', () => {
  it('goes through a link and back', () => {
    expect(fromLink(toLink(CORRECTED))).toEqual(CORRECTED);
    expect(fromLink(toLink({ set: {}, mean: [0.5], std: [0.25] }))).toEqual({
      set: {},
      mean: [0.5],
      std: [0.25],
    });
    expect(toLink({ set: {} })).toEqual({});
  });
  it('leaves out what no link can hold, and what a link says wrongly', () => {
    expect(toLink({ set: {}, prefix: 'params/encoder/' })).toEqual({});
    expect(fromLink({ mean: '0.5_0.5', std: '0_1_1', fit: 'stretch', prefix: 7, heads: 2 })).toEqual({
      set: { heads: 2 },
    });
  });
  it('has words of its own, which no family calls a field', () => {
    for (const id of familyIds()) {
      const { defaults, optional } = familyOf(id);
      for (const word of ['mean', 'std', 'fit', 'prefix'])
        expect(Object.keys({ ...defaults, ...optional }), id).not.toContain(word);
    }
  });
});

const config = { ...familyOf('vit').defaults, classes: 3, heads: 2 };
const recognised: NonNullable<Examined['recognised']> = {
  of: { architecture: 'vit', config },
  assumed: [
    { field: 'normEps', value: 1e-6, why: 'the habit of timm' },
    { field: 'heads', value: 2, why: '64 values each' },
  ],
  told: ['image'],
  taken: [],
  preprocessing: {
    size: 224,
    fit: 'squash',
    interpolation: 'bilinear',
    antialias: true,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  prepared: false,
  habit: 'pixels from −1 to 1',
  labels: [],
  patchSizes: [],
  imageSizes: [],
};

describe('the form', () => {
  const examined = { recognised, family: 'vit', unread: [] as string[] } as unknown as Examined;
  it('lists what was set, assumed and told, each once, with a reason', () => {
    const list = guessesOf(examined, { heads: 2 });
    expect(list.map(({ name, origin }) => [name, origin])).toEqual([
      ['image', 'told'],
      ['heads', 'set'],
      ['normEps', 'assumed'],
    ]);
    // Setting one moves none.
    const names = (set: Readonly<Record<string, number>>) => guessesOf(examined, set).map(({ name }) => name);
    expect(names({ heads: 2, normEps: 1e-5 })).toEqual(names({}));
    expect(list[2]).toMatchObject({ value: 1e-6, why: { en: 'the habit of timm', zh: 'timm 的惯例' } });
  });
  it('asks for what must be set', () => {
    const unset = { family: 'vit', unread: ['heads'] } as unknown as Examined;
    expect(guessesOf(unset, {})[0]).toMatchObject({ name: 'heads', origin: 'unread', value: undefined });
    expect(guessesOf({ unread: [] } as unknown as Examined, {})).toEqual([]);
    const asked = guessesOf(examined, {}, ['depth', 'heads']);
    expect(asked.find(({ name }) => name === 'depth')).toMatchObject({
      origin: 'asked',
      value: expect.any(Number) as number,
    });
    const others = othersThan(asked, 'vit').map(({ name }) => name);
    expect(others).toContain('imageWidth');
    expect(others.filter((name) => ['depth', 'heads', 'image'].includes(name))).toEqual([]);
  });
  it('takes only values of a field’s kind', () => {
    expect([
      typedValue(' 1e-12 ', 1),
      typedValue('', 1),
      typedValue('two', 1),
      typedValue('1e999', 1),
    ]).toEqual([1e-12, undefined, undefined, undefined]);
    expect([typedValue('true', false), typedValue('yes', false)]).toEqual([true, undefined]);
    expect([typedValue('2, 2，6 2', [1]), typedValue('2,x', [1]), typedValue('', [1])]).toEqual([
      [2, 2, 6, 2],
      undefined,
      undefined,
    ]);
  });
});

describe('names of classes', () => {
  it('are lines, and classes without one keep their number', () => {
    const names = namesIn('  cat \n\n狗\r\n');
    expect(names).toEqual(['cat', '狗']);
    expect(labelsFor(recognised.of, names, []).map(({ zh }) => zh)).toEqual(['cat', '狗', '类别 2']);
    expect(labelsFor(recognised.of, ['a', 'b', 'c', 'd'], [])).toHaveLength(3);
    expect(labelsFor(recognised.of, [], []).map(({ en }) => en)).toEqual(['class 0', 'class 1', 'class 2']);
  });
});

it('mean and deviation are taken where they are as many as there are colours', () => {
  expect(preparationOf(recognised, { set: {}, mean: [0, 0, 0], std: [1, 1, 1], fit: 'crop' })).toMatchObject({
    mean: [0, 0, 0],
    std: [1, 1, 1],
    fit: 'crop',
  });
  expect(preparationOf(recognised, { set: {}, mean: [0] }).mean).toEqual([0.5, 0.5, 0.5]);
});

it('the likeliest come first, and what is no number is left out', () => {
  expect(likeliest(Float32Array.of(0.1, NaN, 0.6, 0.3), 2).map(({ index }) => index)).toEqual([2, 3]);
  expect(likeliest(Float32Array.of(NaN, NaN), 5)).toEqual([]);
});

it('a setting that cannot be is called as the form calls it, in either language', () => {
  const sentence = { rule: 'the width 32 does not divide into 3 heads', ruleZh: '宽度 32 不能分成 3 个头' };
  const details = { file: 'm.pth', field: 'heads', ...sentence };
  const { en, zh } = whyNot({ details, message: '' }, 'vit');
  expect(en).toMatch(
    /^It cannot be run as it is: “[A-Z][^”]*”: the width 32 does not divide into 3 heads\.$/,
  );
  expect(zh).toMatch(/^目前还不能运行：“[^”A-Za-z]+”一项：宽度 32 不能分成 3 个头。$/);
  for (const id of familyIds()) {
    const { defaults, optional } = familyOf(id);
    for (const field of Object.keys({ ...defaults, ...optional }))
      expect(whyNot({ details: { ...details, field }, message: '' }, id).zh).not.toContain(`“${field}”`);
  }
});

describe('every reason that a family gives', () => {
  // As it is written: `why: '…'`, in a conditional, or in the list of tensors that may be left out.
  const reasons = sources()
    .filter(({ path }) => path.startsWith('src/lib/models/') && !path.endsWith('.test.ts'))
    .flatMap(({ path, text }) => {
      const said = [...text.matchAll(/why: (?:[^,'\n]*\? )?'([^'\n]+)'(?: : '([^'\n]+)')?/g)].flatMap((m) => [
        m[1],
        m[2],
      ]);
      const harmless = path.endsWith('/parts.ts')
        ? [...text.slice(0, text.indexOf('const PARTS')).matchAll(/\/, '([^']+)'\]/g)].map((m) => m[1])
        : [];
      return [...said, ...harmless].filter((reason) => reason !== undefined);
    });
  it('is said in Chinese as well', () => {
    expect(reasons.length).toBeGreaterThan(30);
    // Those with numbers in them, as they come out.
    const made = [
      '64 values each',
      'the last of 1001 rows taken for “no class”',
      'all 1001 rows taken for classes',
      'a square picture: 8 × 8 positions',
      '64 positions, all of them for patches',
      'as in the published code',
      'the mean of the patch tokens is what is pooled, as there is no CLS token',
      'the mean of the patch tokens is what is pooled, as the norm fc_norm tells',
      'the CLS token is what is pooled; a network that was trained with the mean of the patch tokens needs pool=gap',
    ];
    const all = [...reasons, ...made];
    expect(all.filter((reason) => !/[一-鿿]/.test(reasonText(reason).zh))).toEqual([]);
  });
});
