import { Fault } from '#lib/base/errors.ts';
import { isUnit, normalise, pieces } from './pieces.ts';

/** Ids of the tokens that no text has: what fills a row, what begins it, what ends it. */
export const SPECIAL = { pad: 0, start: 1, end: 2 } as const;
const NAMES = ['<pad>', '<start>', '<end>'];
/** The id of byte 0. */
const BYTES = NAMES.length;
/** The id of the first Chinese character. */
const UNITS = BYTES + 256;
const SCHEMA = 'patchwork-tokenizer/1';
/**
 * Code points of a normalised text that are read. A row holds a few hundred at the most, so that what a longer text
 * says can't matter, and a pasted book costs no more than a page.
 */
const MOST_READ = 4096;

/** A text as a network takes it. */
export interface EncodedText {
  /** Exactly `context` ids: `<start>`, the text's first tokens, `<end>`, then `<pad>`. */
  readonly ids: readonly number[];
  /** How many of them come before `<pad>`; 2 for an empty text. */
  readonly length: number;
  /** The row was too short for the text: its end is missing. */
  readonly cut: boolean;
}

/** What a token was made of. */
export type TokenKind = 'special' | 'byte' | 'unit' | 'merge';

/** What a tokenizer's file says. */
interface Vocabulary {
  /** Chinese characters with a token of their own. */
  readonly units: readonly string[];
  /** Pairs of ids, in the order in which they are merged. */
  readonly merges: readonly (readonly [number, number])[];
  /** Tokens of a row. */
  readonly context: number;
}

/**
 * A small tokenizer for English and Chinese together: bytes, Chinese characters, and learned merges. Ids: 0 to 2 are
 * special; 3 + b is byte b; then the characters of `units`; then a token for each merge. Any text has tokens, for what
 * no merge knows stays bytes.
 *
 * The same as training/data/text/tokenizer.py. Merging bytes: Radford et al. 2019, “Language Models are Unsupervised
 * Multitask Learners”, section 2.2, after Sennrich et al. 2016, arXiv 1508.07909.
 */
export class Tokenizer {
  readonly context: number;
  /** Tokens of the vocabulary. */
  readonly size: number;
  readonly #merges: Vocabulary['merges'];
  readonly #units: readonly string[];
  readonly #unitIds: ReadonlyMap<string, number>;
  /** A pair's place among the merges, by `left · size + right`. */
  readonly #ranks: ReadonlyMap<number, number>;
  /** The id of the first merge. */
  readonly #first: number;

  /** @see parseTokenizer, which checks a file's values */
  constructor({ units, merges, context }: Vocabulary) {
    this.context = context;
    this.#units = units;
    this.#merges = merges;
    this.#first = UNITS + units.length;
    this.size = this.#first + merges.length;
    this.#unitIds = new Map(units.map((char, i) => [char, UNITS + i]));
    this.#ranks = new Map(merges.map(([left, right], rank) => [left * this.size + right, rank]));
  }

  /** Every token of a text, without `<start>` and `<end>`; [] for an empty one. */
  ids(text: string): number[] {
    return pieces(normalise(text, MOST_READ)).flatMap((piece) => this.#pieceIds(piece));
  }

  /** One row of ids, in a fraction of a millisecond. */
  encode(text: string): EncodedText {
    const room = this.context - 2;
    const found: number[] = [];
    for (const piece of pieces(normalise(text, MOST_READ))) {
      if (found.length > room) break;
      found.push(...this.#pieceIds(piece));
    }
    const row = [SPECIAL.start, ...found.slice(0, room), SPECIAL.end];
    const pad = new Array<number>(this.context - row.length).fill(SPECIAL.pad);
    return { ids: [...row, ...pad], length: row.length, cut: found.length > room };
  }

  /** The normalised text of ids; bytes that are no UTF-8, as a text that was cut may end in, become U+FFFD. */
  decode(ids: readonly number[]): string {
    const bytes = Uint8Array.from(ids.flatMap((id) => this.#bytes(id)));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/^ +/, '');
  }

  /** @throws RangeError for an id that is none of the vocabulary's */
  kind(id: number): TokenKind {
    if (!Number.isInteger(id) || id < 0 || id >= this.size) throw new RangeError(`no token has the id ${id}`);
    return id < BYTES ? 'special' : id < UNITS ? 'byte' : id < this.#first ? 'unit' : 'merge';
  }

  /** How a token is written: `<end>`, ` goat`, `羊`, or a byte in hexadecimal, `0xf0`, where it is no ASCII by itself. */
  label(id: number): string {
    if (this.kind(id) === 'special') return NAMES[id]!;
    const bytes = this.#bytes(id);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    } catch {
      return bytes.map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
    }
  }

  /** What an id stands for, as bytes of UTF-8; none for the special ones. */
  #bytes(id: number): number[] {
    switch (this.kind(id)) {
      case 'special':
        return [];
      case 'byte':
        return [id - BYTES];
      case 'unit':
        return [...utf8(this.#units[id - UNITS]!)];
      case 'merge':
        return this.#merges[id - this.#first]!.flatMap((part) => this.#bytes(part));
    }
  }

  /** A piece's tokens: while a pair of neighbours is among the merges, the one of lowest rank is merged. */
  #pieceIds(piece: string): number[] {
    const unit = this.#unitIds.get(piece);
    if (unit !== undefined) return [unit];
    let ids = Array.from(utf8(piece), (byte) => BYTES + byte);
    while (ids.length > 1) {
      let best = Infinity;
      for (let i = 1; i < ids.length; i++) {
        best = Math.min(best, this.#ranks.get(ids[i - 1]! * this.size + ids[i]!) ?? Infinity);
      }
      if (best === Infinity) break;
      ids = mergeOnce(ids, this.#merges[best]!, this.#first + best);
    }
    return ids;
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every occurrence of the pair, from the left, becomes the one token `made`. */
function mergeOnce(ids: readonly number[], [left, right]: readonly [number, number], made: number): number[] {
  const out: number[] = [];
  for (let at = 0; at < ids.length; at++) {
    const both = ids[at] === left && ids[at + 1] === right;
    out.push(both ? made : ids[at]!);
    if (both) at++;
  }
  return out;
}

/**
 * A tokenizer of its file, schema `patchwork-tokenizer/1`.
 * @param json its text
 * @throws Fault with the code `config-invalid` for a file of another kind, and for merges of tokens that don't exist yet
 */
export function parseTokenizer(json: string, file = 'tokenizer.json'): Tokenizer {
  const invalid = (field: string, rule: string, cause?: unknown) =>
    new Fault('config-invalid', { file, field, rule }, cause);
  let found: Readonly<Record<string, unknown>>;
  try {
    found = Object(JSON.parse(json)) as Record<string, unknown>;
  } catch (cause) {
    throw invalid('', 'is not JSON', cause);
  }
  const { schema, special, units, merges, context } = found;
  if (schema !== SCHEMA) throw invalid('schema', `must be ${SCHEMA}`);
  if (String(special) !== String(NAMES)) throw invalid('special', `must be ${NAMES.join(', ')}`);
  if (!Number.isInteger(context) || (context as number) < 3)
    throw invalid('context', 'must be a whole number from 3 up');
  const chars = typeof units === 'string' ? Array.from(units) : [];
  if (typeof units !== 'string' || !chars.every(isUnit) || new Set(chars).size < chars.length) {
    throw invalid('units', 'must be different Chinese characters');
  }
  const first = UNITS + chars.length;
  const fits = (pair: unknown, rank: number) =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((id) => Number.isInteger(id) && id >= BYTES && id < first + rank);
  if (!Array.isArray(merges) || !merges.every(fits))
    throw invalid('merges', 'must be pairs of tokens that come before');
  return new Tokenizer({ units: chars, merges: merges as [number, number][], context: context as number });
}
