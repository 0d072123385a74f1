/**
 * The state of a lesson as a permalink carries it: a few named fields, each with a default, a range and a short
 * printed form. A link written by an older version of a lesson must still open, and a link with a value that
 * nobody understands must open too, with the default in its place and a word about it.
 */

/** One field of a permalink. `parse` returns undefined for what it does not understand or what is out of range. */
export interface Field<T> {
  readonly default: T;
  print(value: T): string;
  parse(raw: string): T | undefined;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type StateOf<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Rewrites the raw fields of an older link into those of the next version. */
export type Migration = (raw: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;

/**
 * Values that must be others beside the rest of the state: what may be asked for of one field can depend on another.
 * Taken out of a method, so that a schema of certain fields is also one of any fields.
 */
type Settling<F extends Fields> = { of(state: StateOf<F>): Partial<StateOf<F>> }['of'];

export interface StateSchema<F extends Fields = Fields> {
  /** Version of the link's form, from 1 up. Raise it when a field changes its meaning. */
  readonly version: number;
  readonly fields: F;
  /** `migrations[v]` brings a link of version v to version v + 1. */
  readonly migrations: Readonly<Record<number, Migration>>;
  readonly settling: Settling<F>;
}

/** Names a schema may not use: the version, the step, the open tensor, the slide show. */
export const RESERVED = ['v', 's', 'o', 'present'] as const;

/**
 * Declares the state of a lesson. Throws at start-up when a field has a reserved name.
 * @param settling fields whose range depends on another one, as they must be beside the rest: a step that is looked at
 *   lies within the steps of the run
 */
export function defineState<F extends Fields>(
  version: number,
  fields: F,
  migrations: Readonly<Record<number, Migration>> = {},
  settling: Settling<F> = () => ({}),
): StateSchema<F> {
  for (const name of RESERVED) {
    if (name in fields) throw new Error(`state field "${name}" is reserved for the permalink itself`);
  }
  return { version, fields, migrations, settling };
}

/** The fields that the rest of the state does not let be as they are, and what they become. */
export function unsettled<F extends Fields>(
  schema: StateSchema<F>,
  state: StateOf<F>,
): readonly (readonly [field: string, value: unknown])[] {
  return Object.entries(schema.settling(state)).filter(([k, value]) => {
    const field = schema.fields[k];
    return field !== undefined && field.print(value) !== field.print(state[k]);
  });
}

/** All fields at their defaults. */
export function defaultsOf<F extends Fields>(schema: StateSchema<F>): StateOf<F> {
  return Object.fromEntries(Object.entries(schema.fields).map(([k, f]) => [k, f.default])) as StateOf<F>;
}

/** A whole number within `[min, max]`. */
export function int(value: number, range: { min: number; max: number }): Field<number> {
  return {
    default: value,
    print: (v) => String(v),
    parse(raw) {
      if (!/^-?\d{1,9}$/.test(raw)) return undefined;
      const n = Number(raw);
      return n >= range.min && n <= range.max ? n : undefined;
    },
  };
}

/** A number within `[min, max]`, printed with at most `digits` decimals. */
export function real(value: number, range: { min: number; max: number; digits?: number }): Field<number> {
  return {
    default: value,
    print: (v) => String(Number(v.toFixed(range.digits ?? 3))),
    parse(raw) {
      if (!/^-?\d{1,9}(\.\d{1,9})?$/.test(raw)) return undefined;
      const n = Number(raw);
      return n >= range.min && n <= range.max ? n : undefined;
    },
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(value: T, words: readonly T[]): Field<T> {
  return {
    default: value,
    print: (v) => v,
    parse: (raw) => words.find((w) => w === raw),
  };
}

/** A name of letters, digits, `-` and `_`, such as the id of a picture. What the name means is for the lesson to check. */
export function name(value: string): Field<string> {
  return {
    default: value,
    print: (v) => v,
    parse: (raw) => (/^[\w-]{1,64}$/.test(raw) ? raw : undefined),
  };
}

/** Yes or no, printed as 1 or 0. */
export function flag(value: boolean): Field<boolean> {
  return {
    default: value,
    print: (v) => (v ? '1' : '0'),
    parse: (raw) => (raw === '1' ? true : raw === '0' ? false : undefined),
  };
}

/** A pair of whole numbers such as the row and column of a patch, printed `5.6`. */
export function pair(
  value: readonly [number, number],
  range: { min: number; max: number },
): Field<readonly [number, number]> {
  return {
    default: value,
    print: ([a, b]) => `${a}.${b}`,
    parse(raw) {
      const m = /^(\d{1,6})\.(\d{1,6})$/.exec(raw);
      if (!m) return undefined;
      const both = [Number(m[1]), Number(m[2])] as const;
      return both.every((n) => n >= range.min && n <= range.max) ? both : undefined;
    },
  };
}
