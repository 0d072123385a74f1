import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paintRemarks } from '#lib/notebook/painting/paint-remarks.ts';
import { remarksOn } from '#lib/text/remarks.ts';
import { parseTokenizer } from '#lib/text/tokenizer.ts';
import { PAINT_MEASURED } from './paint-measured.ts';
import { TOLD } from './paint-remarks.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('what is said of words before they are painted', () => {
  const tokenizer = parseTokenizer(readFileSync('models/clip/tokenizer.json', 'utf8'));
  const said = (text: string) => remarksOn(text, tokenizer.encode(text), tokenizer, TOLD)[0];

  it('is one sentence for each kind of text that is not a plain name', () => {
    expect(TOLD).toBe(16);
    expect(['goat', '红色的蘑菇', 'smiling face with sunglasses'].map(said)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(['', '   '].map(said)).toEqual(['empty', 'empty']);
    expect(said('goat '.repeat(400))).toBe('cut');
    expect(said('goat '.repeat(TOLD))).toBe('cut');
    expect(said('🐐')).toBe('bytes');
    expect(said('红色的 mushroom')).toBe('mixed');
    for (const { en, zh } of Object.values(paintRemarks(TOLD))) {
      expect(en).toMatch(/\.$/);
      expect(zh).toMatch(/。$/);
    }
  });
});

describe.runIf(PAINT_MEASURED)('what was measured of paintings', () => {
  it('is what the prose says: “with” changes least, and words that come later change less', () => {
    const { without = {}, swapped = {} } = PAINT_MEASURED ?? {};
    const least = Object.entries(without).sort(([, a], [, b]) => a - b)[0];
    expect(Object.keys(without)).toEqual(['smiling', 'face', 'with', 'sunglasses']);
    expect(least?.[0]).toBe('with');
    expect(least?.[1]).toBeGreaterThan(0);
    const falling = ['0', '2', '5', '10', '15'].map((after) => swapped[after] ?? NaN);
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
  });

  it('belongs to the weights of this copy', () => {
    for (const [name, sha256] of Object.entries(PAINT_MEASURED?.weights ?? {})) {
      const file = `models/${name}/config.json`;
      if (!existsSync(file)) continue;
      const { files } = read(file) as { files: Record<string, { sha256: string }> };
      expect(files['model.safetensors']?.sha256, name).toBe(sha256);
    }
  });
});
