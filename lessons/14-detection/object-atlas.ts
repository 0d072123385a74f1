import { isEmojiCredit, isEmojiSplit, type EmojiCredit, type EmojiSplit } from '#lib/pictures/emoji.ts';
import { CONCEPTS, STYLES } from './scene.ts';

/** A class of objects: its code points, and on which side of the training's split its drawing of each style lies. */
export interface ObjectConcept {
  readonly id: string;
  readonly splits: readonly EmojiSplit[];
}

/** `static/emoji/objects.json`: one picture with the objects of scenes, each concept in each style, transparent around them. */
export interface ObjectAtlas {
  /** File under `static/emoji/`. */
  readonly file: string;
  /** Side of a square in pixels; they lie row by row, concept by concept and of each style by style. */
  readonly tile: number;
  readonly columns: number;
  readonly styles: readonly EmojiCredit[];
  /** In the order of the networks' classes. */
  readonly concepts: readonly ObjectConcept[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
const isList = <T>(value: unknown, length: number, each: (one: unknown) => one is T): value is T[] =>
  Array.isArray(value) && value.length === length && value.every(each);
const isConcept = (value: unknown): value is ObjectConcept =>
  isObject(value) && typeof value.id === 'string' && isList(value.splits, STYLES, isEmojiSplit);

/** The list as read; throws a TypeError that names the part that has another shape. */
export function readObjectAtlas(value: unknown): ObjectAtlas {
  const wrong = (part: string) => new TypeError(`objects.json: ${part}`);
  if (!isObject(value)) throw wrong('no object');
  const { file, tile, columns, styles, concepts } = value;
  if (typeof file !== 'string') throw wrong('file');
  if (!isCount(tile) || !isCount(columns)) throw wrong('tile, columns');
  if (!isList(styles, STYLES, isEmojiCredit)) throw wrong('styles');
  if (!isList(concepts, CONCEPTS, isConcept)) throw wrong('concepts');
  return { file, tile, columns, styles, concepts };
}

/** Where an object's picture lies in the sheet, in pixels. */
export function tileOf({ tile, columns }: ObjectAtlas, concept: number, style: number) {
  const index = concept * STYLES + style;
  return { x: (index % columns) * tile, y: Math.floor(index / columns) * tile, side: tile };
}
