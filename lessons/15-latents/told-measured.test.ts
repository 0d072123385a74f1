import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { measuredShare, TOLD_MEASURED } from './told-measured.ts';
import { toldNumbers } from './told-numbers.ts';

it.runIf(TOLD_MEASURED)('was measured with the weights that are there', () => {
  const { weights = {}, attention = {} } = TOLD_MEASURED ?? {};
  expect(Object.keys(weights)).toEqual(['uvit-words', 'kl-f8', 'clip']);
  for (const [name, digest] of Object.entries(weights)) {
    const file = `models/${name}/config.json`;
    if (!existsSync(file)) continue;
    const { files } = parseModelConfig(readFileSync(file, 'utf8'));
    expect(files['model.safetensors']?.sha256, `${name}: run tests/measure_told.py again`).toBe(digest);
  }
  for (const { most, words, start, end, pad, style, time } of Object.values(attention)) {
    expect(words + start + end + pad + style + time).toBeLessThan(100);
    expect(most).toBeGreaterThanOrEqual(words);
  }
});

it('says each number of the prose by its name, and nothing for others', () => {
  expect(measuredShare('never.words')).toBeUndefined();
  expect(measuredShare('early.nothing')).toBeUndefined();
  if (TOLD_MEASURED) expect(measuredShare('early.words')).toBe(TOLD_MEASURED.attention.early?.words);
  const prose = ['en', 'zh'].map((lang) => readFileSync(`lessons/15-latents/${lang}.md`, 'utf8')).join('');
  for (const name of Object.keys(toldNumbers))
    expect(prose, name).toMatch(new RegExp(`<Num of="${name}[@"]`));
});
