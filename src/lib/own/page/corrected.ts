import type { Fit } from '#lib/images/preprocess.ts';

/** A value that a field of a configuration is given. */
export type Value = number | boolean | string | readonly number[];

/** What a reader has corrected of what a file of weights was taken for. */
export interface Corrected {
  /** Fields of the configuration, by name. */
  readonly set: Readonly<Record<string, Value>>;
  /** Of several networks in a file, what stands before the names of the one that is meant. */
  readonly prefix?: string;
  /** How pictures are prepared. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly fit?: Fit;
}

export const NOTHING: Corrected = { set: {} };

/** What a link can hold of a value; the inspector's field `as` reads nothing else. */
const PRINTABLE = /^[\w.-]{1,32}$/;

const joined = (values: readonly number[]) => values.map(String).join('_');

function numbersIn(value: Value | undefined): readonly number[] | undefined {
  const list =
    typeof value === 'number' ? [value] : typeof value === 'string' ? value.split('_').map(Number) : [];
  const fits = (list.length === 3 || list.length === 1) && list.every((n) => Number.isFinite(n));
  return fits ? list : undefined;
}

/** As a link holds it: one value by name. What no link can hold (a name with a slash) is left to the receiver. */
export function toLink({ set, prefix, mean, std, fit }: Corrected): Readonly<Record<string, Value>> {
  const all: Record<string, Value | undefined> = {
    ...set,
    prefix,
    mean: mean && joined(mean),
    std: std && joined(std),
    fit,
  };
  const kept = Object.entries(all).filter(
    ([, value]) => value !== undefined && (typeof value === 'object' || PRINTABLE.test(String(value))),
  );
  return Object.fromEntries(kept) as Record<string, Value>;
}

/** What a link says was corrected; what it says wrongly counts as not said. */
export function fromLink(said: Readonly<Record<string, Value>>): Corrected {
  const { prefix, mean, std, fit, ...set } = said;
  const [means, stds] = [numbersIn(mean), numbersIn(std)];
  return {
    set,
    ...(typeof prefix === 'string' && { prefix }),
    ...(means && { mean: means }),
    ...(stds?.every((n) => n > 0) && { std: stds }),
    ...((fit === 'crop' || fit === 'squash') && { fit }),
  };
}
