import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import lesson from './lesson.ts';
import { FIRST_LABELS } from './own-labels.ts';
import { ownTokens } from '#lib/text/remarks.ts';
import { parseTokenizer } from '#lib/text/tokenizer.ts';

/** What the prose says was to be seen, held to what PyTorch gives: tests/said.json has each number’s kind by its name. */
const FOLDER = 'lessons/12-words-and-pictures';
const golden = parseSafetensors(new Uint8Array(readFileSync(`${FOLDER}/tests/golden.safetensors`)));
const said = JSON.parse(readFileSync(`${FOLDER}/tests/said.json`, 'utf8')) as Record<string, string>;
const prose = { en: readFileSync(`${FOLDER}/en.md`, 'utf8'), zh: readFileSync(`${FOLDER}/zh.md`, 'utf8') };
const classes = (
  JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
    labels: Record<'en' | 'zh', string>[];
  }
).labels;
type Lang = keyof typeof prose;

/** A number as the prose writes it. */
function written(key: string, kind: string, lang: Lang): string {
  if (kind === 'label') {
    const probs = golden.float32(key.replace(/\.first$/, ''));
    return FIRST_LABELS[lang][probs.indexOf(Math.max(...probs))]!;
  }
  const [value = NaN, second = NaN, third = NaN] = golden.float32(key);
  switch (kind) {
    case 'count':
      return String(value);
    case 'cosine':
      return value.toFixed(2).replace('-', '−');
    case 'loss':
      return value.toFixed(3);
    case 'percent':
      return `${(100 * value).toFixed(0)} %`;
    case 'percentOfFirst':
      return `${(100 * Math.max(...golden.float32(key))).toFixed(0)} %`;
    case 'degrees':
      return value.toFixed(0);
    case 'pair': {
      const names = [value, second].map((place) => classes[place]![lang]);
      return lang === 'zh'
        ? `${names.join('与')}（${third.toFixed(0)}°）`
        : `${names.join(' and ')} (${third.toFixed(0)}°)`;
    }
    default:
      throw new Error(`${key} is of no kind that can be written: ${kind}`);
  }
}
const langsOf = (key: string): readonly Lang[] =>
  /\.zh\./.test(key) ? ['zh'] : /^(angles|twins)\./.test(key) ? ['en'] : ['en', 'zh'];

describe('numbers of the outcomes', () => {
  it('are all filled in', () => {
    expect(prose.en).not.toMatch(/TODO/);
    expect(prose.zh).not.toMatch(/TODO/);
  });
  it.each(Object.entries(said))('%s, %s, is what PyTorch gives', (key, kind) => {
    for (const lang of langsOf(key)) expect(prose[lang], lang).toContain(written(key, kind, lang));
  });
});

describe('what the first words find', () => {
  const { concepts } = JSON.parse(readFileSync('static/emoji/emoji.json', 'utf8')) as {
    concepts: readonly (readonly [id: string, en: string, zh: string, ...rest: unknown[]])[];
  };
  const found = (key: string) => [...golden.float32(`find.${key}.first`)].map((place) => concepts[place]![1]);
  it('the goat is first in Chinese and not among five in English; the sign finds bread', () => {
    expect(found('zh')[0]).toBe('goat');
    expect(found('goat')[0]).toBe('llama');
    expect(found('goat')).not.toContain('goat');
    expect(found('sign').slice(0, 2)).toContain('bread');
  });
});

describe('what needs no training to be true', () => {
  const tokenizer = parseTokenizer(readFileSync('models/clip-tiny/tokenizer.json', 'utf8'));
  it('the sign of a goat is a blank and four bytes, and the two names of the goat share no token', () => {
    const tokens = (text: string) => ownTokens(tokenizer.encode(text));
    expect(
      tokens('🐐').filter((id) => tokenizer.kind(id) === 'byte' && tokenizer.label(id) !== ' '),
    ).toHaveLength(4);
    expect(tokens('goat').filter((id) => tokens('山羊').includes(id))).toEqual([]);
  });
  it('each change opens with one that changes something', () => {
    const changes = lesson.steps.filter(({ set }) => set?.view === 'break').map(({ set }) => set?.change);
    expect(new Set(changes).size).toBe(3);
  });
});
