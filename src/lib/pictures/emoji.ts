import type { Text } from '#lib/base/lang.ts';

/** On which side of the training's split a sign lies in the atlas's style. */
export type EmojiSplit = 'train' | 'pair' | 'concept';

/** What a licence asks to be said. */
export interface EmojiCredit {
  readonly title: string;
  readonly author: string;
  readonly licence: string;
  readonly licenceUrl: string;
  readonly source: string;
  /** npm package and version. */
  readonly package: string;
}

/** A sign with its name. */
export interface EmojiConcept {
  /** Code points in hexadecimal, without variation selectors: `1F410`. */
  readonly id: string;
  readonly name: Text;
  readonly group: string;
  /**
   * `train`: a model may have seen this picture; `pair`: only the sign in other styles; `concept`: the sign in no
   * style.
   */
  readonly split: EmojiSplit;
}

/** `static/emoji`: one picture with all signs of a style, transparent around them, in squares row by row. */
export interface EmojiAtlas {
  /** File under `static/emoji/`. */
  readonly file: string;
  /** Side of a sign's square in pixels. */
  readonly tile: number;
  readonly columns: number;
  readonly style: EmojiCredit;
  /** Whose names these are. */
  readonly names: EmojiCredit;
  readonly concepts: readonly EmojiConcept[];
}

/** A sign's square in the atlas, in pixels, for `drawImage`. */
export interface SourceRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SPLITS: readonly unknown[] = ['train', 'pair', 'concept'] satisfies EmojiSplit[];
const CREDIT = ['title', 'author', 'licence', 'licenceUrl', 'source', 'package'] as const;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
const isWords = (value: unknown): value is string[] => Array.isArray(value) && value.every(isName);
/** Whether a value is a credit with all that a licence asks for. */
export const isEmojiCredit = (value: unknown): value is EmojiCredit =>
  isObject(value) && CREDIT.every((key) => isName(value[key]));
/** Whether a value is a side of the training's split. */
export const isEmojiSplit = (value: unknown): value is EmojiSplit => SPLITS.includes(value);

/** A row of the list: [id, English name, Chinese name, group's index, split]. */
function concept(row: unknown, groups: readonly string[]): EmojiConcept | undefined {
  if (!Array.isArray(row)) return undefined;
  const [id, en, zh, index, split] = row as unknown[];
  const group = typeof index === 'number' ? groups[index] : undefined;
  if (!isName(id) || !isName(en) || !isName(zh)) return undefined;
  if (group === undefined || !isEmojiSplit(split)) return undefined;
  return { id, name: { en, zh }, group, split };
}

/** `static/emoji/emoji.json` as read; throws a TypeError that names the part that has another shape. */
export function readEmojiAtlas(value: unknown): EmojiAtlas {
  const wrong = (part: string) => new TypeError(`emoji.json: ${part}`);
  if (!isObject(value)) throw wrong('no object');
  const { file, tile, columns, style, names, groups, concepts: rows } = value;
  if (!isName(file)) throw wrong('file');
  if (!isCount(tile) || !isCount(columns)) throw wrong('tile, columns');
  if (!isEmojiCredit(style) || !isEmojiCredit(names)) throw wrong('style, names');
  if (!isWords(groups)) throw wrong('groups');
  if (!Array.isArray(rows)) throw wrong('concepts');
  const concepts = rows.map((row: unknown, i) => {
    const found = concept(row, groups);
    if (!found) throw wrong(`concepts[${i}]`);
    return found;
  });
  return { file, tile, columns, style, names, concepts };
}

/** Fetches the list of signs. Throws where it cannot be had, or a TypeError where it has another shape. */
export async function loadEmojiAtlas(fetch: typeof globalThis.fetch, address: string): Promise<EmojiAtlas> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return readEmojiAtlas(await response.json());
}

/** Where the sign of this index lies in the atlas. Throws a RangeError for an index that no sign has. */
export function emojiSource(atlas: EmojiAtlas, index: number): SourceRectangle {
  if (!atlas.concepts[index]) throw new RangeError(`no sign ${index} of ${atlas.concepts.length}`);
  const { tile, columns } = atlas;
  return { x: (index % columns) * tile, y: Math.floor(index / columns) * tile, width: tile, height: tile };
}
