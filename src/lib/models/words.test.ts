import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './model-config.ts';
import { preset } from './registry.ts';
import { textInputOf, tokenizerFor } from './words.ts';

const read = (file: string) => readFileSync(new URL(`../../../models/${file}`, import.meta.url), 'utf8');
const model = parseModelConfig(read('clip-tiny/config.json'));
const FILE = read('clip-tiny/tokenizer.json');

describe('the texts that a model reads', () => {
  it('come through the input that says so', () => {
    expect(textInputOf(model)).toMatchObject({
      shape: [1, 24],
      texts: { field: 'texts', vocabulary: 4000, end: 2 },
    });
    expect(textInputOf(preset('vit-b-16')!)).toBeUndefined();
  });

  it('leave labels to be names that the training had, however many', () => {
    const raw = JSON.parse(read('clip-tiny/config.json')) as object;
    const label = { id: 'goat', en: 'goat', zh: '山羊' };
    const labelled = (labels: object[]) => parseModelConfig(JSON.stringify({ ...raw, labels }));
    expect(labelled([label]).labels).toEqual([label]);
    expect(() => labelled([label, label])).toThrow('"labels.1.id" is "goat" a second time');
  });

  it('are made into tokens by the model’s own tokenizer, and no other', () => {
    expect(tokenizerFor(model, FILE, 'tokenizer.json').encode('goat').ids).toHaveLength(24);
    const other = (change: object) => () =>
      tokenizerFor({ ...model, config: { ...model.config, ...change } }, FILE, 'x/tokenizer.json');
    for (const change of [{ context: 25 }, { vocabulary: 4001 }, { end: 3 }])
      expect(other(change)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});
