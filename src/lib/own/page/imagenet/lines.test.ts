import { expect, it } from 'vitest';
import { labelsFor, namesIn } from '../model.ts';
import { familyOf } from '#lib/models/registry.ts';
import { foreignConfig } from '#lib/models/foreign-config.ts';
import { IMAGENET_CLASSES } from './count.ts';
import { imagenetLines, imagenetNames } from './lines.ts';

it('names ImageNet’s classes in their order, each in both languages, no two alike', () => {
  const of = { architecture: 'vit', config: { ...familyOf('vit').defaults, classes: IMAGENET_CLASSES } };
  const labels = labelsFor(of, namesIn(imagenetLines().join('\n')), []);
  expect(labels).toHaveLength(IMAGENET_CLASSES);
  expect(imagenetNames()).toEqual(labels.map(({ en }) => en));
  expect(new Set(labels.map(({ en }) => en)).size).toBe(IMAGENET_CLASSES);
  expect(new Set(labels.map(({ zh }) => zh)).size).toBe(IMAGENET_CLASSES);
  // Known places in the order: what classifiers' papers and demonstrations quote.
  const at = (i: number) => [labels[i]?.en, labels[i]?.zh];
  expect(at(0)).toEqual(['tench', '丁鱥']);
  expect(at(207)).toEqual(['golden retriever', '金毛寻回犬']);
  expect(at(281)).toEqual(['tabby', '虎斑猫']);
  expect(at(388)).toEqual(['giant panda', '大熊猫']);
  expect(at(517)).toEqual(['crane (machine)', '起重机']);
  expect(at(609)).toEqual(['jeep', '吉普车']);
  expect(at(817)).toEqual(['sports car', '跑车']);
  expect(at(954)).toEqual(['banana', '香蕉']);
  expect(at(999)).toEqual(['toilet tissue', '卫生纸']);
  // Chinese names are Chinese, but for what has no other name.
  expect(labels.filter(({ zh }) => !/[\u3400-\u9fff]/.test(zh)).map(({ zh }) => zh)).toEqual(['iPod']);
});

it('takes what transformers writes for a class without a name for none', () => {
  const told = (id2label: object) => foreignConfig(JSON.stringify({ id2label })).labels;
  expect(told({ 0: 'LABEL_0', 1: 'LABEL_1' })).toEqual([]);
  expect(told({ 0: 'cat', 1: 'LABEL_1' })).toEqual(['cat', 'LABEL_1']);
});
