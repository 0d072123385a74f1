import { fileOf, shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Inferred } from '../family.ts';
import { prefixBefore, withoutPrefix } from './bind.ts';

/** The shapes in a weights file by the published names, for whoever reads a configuration off them. */
export class Shapes {
  readonly #source: WeightSource;
  readonly #at: { readonly file?: string };

  /** @param landmark a tensor that every such file has; what stands before its name is taken off all others */
  constructor(source: WeightSource, landmark: string) {
    this.#source = withoutPrefix(source, prefixBefore(source.names(), landmark) ?? '');
    this.#at = fileOf(source);
  }

  has(name: string): boolean {
    return this.#source.get(name) !== undefined;
  }

  /** The sizes of a tensor that must be there with so many dimensions. @throws WeightsError */
  of(name: string, rank: number): readonly number[] {
    const shape = this.#source.get(name)?.shape;
    if (!shape) throw new WeightsError('it is missing', { ...this.#at, tensor: name });
    if (shape.length !== rank) this.fail(name, `${rank} dimensions are needed`);
    return shape;
  }

  /** Width, channels and side of a patch kernel `[D, C, p, p]`. @throws WeightsError for one that is not square */
  kernel(name: string): { readonly dim: number; readonly channels: number; readonly patch: number } {
    const [dim = 0, channels = 0, patch = 0, across] = this.of(name, 4);
    if (across !== patch) this.fail(name, 'only square patches can be run');
    return { dim, channels, patch };
  }

  /** How many modules are called `<stem>.0`, `<stem>.1` …. @throws WeightsError where one in between is missing */
  count(stem: string): number {
    const found = new Set<number>();
    for (const name of this.#source.names()) {
      if (!name.startsWith(`${stem}.`)) continue;
      const index = /^\d+/.exec(name.slice(stem.length + 1))?.[0];
      if (index !== undefined) found.add(Number(index));
    }
    for (let i = 0; i < found.size; i++) {
      if (!found.has(i)) {
        throw new WeightsError('it is missing, though later blocks are there', {
          ...this.#at,
          tensor: `${stem}.${i}`,
        });
      }
    }
    return found.size;
  }

  /** Side of a square grid of so many rows. @throws WeightsError */
  side(name: string, rows: number): number {
    const side = Math.sqrt(rows);
    if (!Number.isInteger(side) || side < 1) this.fail(name, `${rows} positions make no square grid`);
    return side;
  }

  /** @throws WeightsError naming a tensor, its shape and the rule it breaks */
  fail(name: string, rule: string): never {
    const shape = shapeText(this.#source.get(name)?.shape ?? []);
    throw new WeightsError(`its shape is ${shape}; ${rule}`, { ...this.#at, tensor: name });
  }
}

/** Fields of a configuration that the weights do not tell and nobody has set. */
export class UnreadFields extends WeightsError {
  readonly fields: readonly string[];

  constructor(fields: readonly string[]) {
    super(`${fields.join(' and ')} cannot be read from the weights and must be set`);
    this.name = 'UnreadFields';
    this.fields = fields;
  }
}

/** What is taken for a field that the shapes do not tell. */
export interface Guess {
  readonly value: unknown;
  /** A phrase: “64 values each, as in all published sizes”. */
  readonly why: string;
}

/**
 * A configuration from what was read, what the caller sets (which counts more), and guesses for the rest.
 * @param read what the shapes tell
 * @param guesses for fields that they don't; a guess of `undefined` must be set by the caller
 * @throws WeightsError naming the fields that must be set
 */
export function completed<C extends object>(
  read: Readonly<Record<string, unknown>>,
  set: Readonly<Record<string, unknown>>,
  guesses: Readonly<Record<string, Guess | undefined>>,
): Inferred<C> {
  const config: Record<string, unknown> = { ...read, ...set };
  const assumed: { field: string; value: unknown; why: string }[] = [];
  const missing: string[] = [];
  for (const [field, guess] of Object.entries(guesses)) {
    if (config[field] !== undefined) continue;
    if (guess === undefined) missing.push(field);
    else {
      config[field] = guess.value;
      assumed.push({ field, ...guess });
    }
  }
  if (missing.length > 0) throw new UnreadFields(missing);
  return { config: config as C, assumed };
}

/** ε and GELU of the published code, which no tensor tells. */
export function usual(normEps: number, gelu: string): Readonly<Record<'normEps' | 'gelu', Guess>> {
  const why = 'as in the published code';
  return { normEps: { value: normEps, why }, gelu: { value: gelu, why } };
}

/** Heads of so many values each, where the width allows that. */
export function headsOf(dim: number, each = 64): Guess | undefined {
  return dim % each === 0 ? { value: dim / each, why: `${each} values each` } : undefined;
}

/** Classes of a label table: the last row stands for "no class" where the others are a round number. */
export function labelGuess(rows: number): { readonly classes: Guess; readonly nullClass: Guess } {
  const none = rows > 1 && (rows - 1) % 10 === 0;
  const why = none ? `the last of ${rows} rows taken for “no class”` : `all ${rows} rows taken for classes`;
  return { classes: { value: none ? rows - 1 : rows, why }, nullClass: { value: none, why } };
}
