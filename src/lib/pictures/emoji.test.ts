import { readFileSync, statSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { emojiSource, loadEmojiAtlas, readEmojiAtlas } from './emoji.ts';

const FOLDER = 'static/emoji';
const raw = () => JSON.parse(readFileSync(`${FOLDER}/emoji.json`, 'utf8')) as Record<string, unknown[]>;
const atlas = readEmojiAtlas(raw());
const { concepts } = atlas;

describe('the atlas of signs', () => {
  it('has a picture for every sign, and room for hardly more', async () => {
    const { width, height } = await sharp(`${FOLDER}/${atlas.file}`).metadata();
    expect(concepts.length).toBeGreaterThan(1000);
    expect([width, height]).toEqual([
      atlas.columns * atlas.tile,
      Math.ceil(concepts.length / atlas.columns) * atlas.tile,
    ]);
    const last = emojiSource(atlas, concepts.length - 1);
    expect(last.x + last.width).toBeLessThanOrEqual(width);
    expect(last.y + last.height).toBe(height);
  });

  it('draws something in the square of each sign, and nothing behind the last', async () => {
    const { data, info } = await sharp(`${FOLDER}/${atlas.file}`)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    /** Share of a square's pixels that are opaque. */
    const covered = (x: number, y: number) => {
      let pixels = 0;
      for (let row = y; row < y + atlas.tile; row++)
        for (let column = x; column < x + atlas.tile; column++)
          pixels += data[(row * info.width + column) * 4 + 3]! > 200 ? 1 : 0;
      return pixels / atlas.tile ** 2;
    };
    const empty = concepts.filter((_, i) => {
      const { x, y } = emojiSource(atlas, i);
      return covered(x, y) < 0.02;
    });
    expect(empty.map((sign) => sign.name.en)).toEqual([]);
    for (let i = concepts.length; i < Math.ceil(concepts.length / atlas.columns) * atlas.columns; i++)
      expect(covered((i % atlas.columns) * atlas.tile, info.height - atlas.tile)).toBe(0);
  });

  it('names every sign once, in both languages', () => {
    const once = (of: string[]) => expect(new Set(of).size).toBe(concepts.length);
    once(concepts.map((sign) => sign.id));
    once(concepts.map((sign) => sign.name.en));
    once(concepts.map((sign) => sign.name.zh));
    const latin = concepts.filter((sign) => !/\p{Script=Han}/u.test(sign.name.zh));
    expect(latin.map((sign) => sign.name.zh)).toEqual(['OK', 'DVD', 'DNA']);
    expect(concepts.filter((sign) => !/[a-z]/i.test(sign.name.en))).toEqual([]);
    expect(concepts.filter((sign) => /\s:|: /.test(sign.name.zh))).toEqual([]);
    const goat = concepts.find((sign) => sign.id === '1F410');
    expect(goat).toMatchObject({ name: { en: 'goat', zh: '山羊' }, group: 'animals-nature' });
  });

  it('has signs of every side of the split, most of them to learn from', () => {
    const share = (split: string) => concepts.filter((sign) => sign.split === split).length / concepts.length;
    expect(share('train')).toBeGreaterThan(0.75);
    expect(share('pair')).toBeGreaterThan(0.03);
    expect(share('concept')).toBeGreaterThan(0.03);
  });

  it('is small, and comes with credits and the licences that want to be copied', () => {
    expect(statSync(`${FOLDER}/${atlas.file}`).size).toBeLessThanOrEqual(2_000_000);
    const credits = readFileSync('static/pictures/CREDITS.md', 'utf8');
    for (const { author, licence, licenceUrl, source, package: origin } of [atlas.style, atlas.names]) {
      expect(credits).toContain(
        `${author} | [${licence}](${licenceUrl}) | [source](${source}) | npm ${origin} |`,
      );
    }
    for (const style of ['Noto Emoji', 'Twitter Emoji', 'Fluent Emoji Flat', 'OpenMoji'])
      expect(credits).toMatch(new RegExp(`^\\| ${style} \\| .+ \\| \\[.+\\]\\(https://.+\\) \\|`, 'm'));
    expect(readFileSync(`${FOLDER}/LICENSE-noto.txt`, 'utf8')).toContain('Apache License');
    expect(readFileSync(`${FOLDER}/LICENSE-emojibase.txt`, 'utf8')).toContain('Miles Johnson');
  });
});

describe('reading the list of signs', () => {
  it('is fetched, and says what cannot be had', async () => {
    const answer = (response: Response) => loadEmojiAtlas(async () => response, 'emoji/emoji.json');
    expect((await answer(Response.json(raw()))).concepts).toEqual(concepts);
    await expect(answer(new Response('', { status: 404 }))).rejects.toThrow('emoji/emoji.json: 404');
    await expect(answer(new Response('<html>'))).rejects.toThrow(SyntaxError);
  });

  it('names the part that has another shape', () => {
    const changed = (part: Record<string, unknown>) => () => readEmojiAtlas({ ...raw(), ...part });
    expect(() => readEmojiAtlas([])).toThrow('no object');
    expect(changed({ file: '' })).toThrow('emoji.json: file');
    expect(changed({ columns: 0 })).toThrow('emoji.json: tile, columns');
    expect(changed({ tile: 6.5 })).toThrow('emoji.json: tile, columns');
    expect(changed({ style: { title: 'Noto' } })).toThrow('emoji.json: style, names');
    expect(changed({ groups: [1] })).toThrow('emoji.json: groups');
    expect(changed({ concepts: {} })).toThrow('emoji.json: concepts');
    const row = (i: number, value: unknown) => {
      const rows = raw().concepts as unknown[][];
      return changed({ concepts: [rows[0], (rows[1] ?? []).map((old, j) => (i === j ? value : old))] });
    };
    const wrong: [number, unknown][] = [
      [0, 7],
      [1, ''],
      [2, null],
      [3, 99],
      [4, 'test'],
    ];
    for (const [i, value] of wrong) expect(row(i, value)).toThrow('emoji.json: concepts[1]');
    expect(changed({ concepts: ['goat'] })).toThrow('emoji.json: concepts[0]');
  });

  it('has no square for an index outside', () => {
    for (const index of [-1, 0.5, concepts.length])
      expect(() => emojiSource(atlas, index)).toThrow(RangeError);
    expect(emojiSource(atlas, atlas.columns + 1)).toEqual({ x: 64, y: 64, width: 64, height: 64 });
  });
});
