/** `models/ablations.json`: short trainings of one small model and of the same with one thing changed. */
export interface Ablations {
  readonly base: {
    readonly config: Readonly<Record<string, unknown>>;
    readonly diffusion: Readonly<Record<string, unknown>>;
    readonly steps: number;
    readonly batch: number;
    readonly images: number;
    /** How weights begin: `identity` has a last convolution that changes nothing at first. */
    readonly init?: string;
  };
  readonly measured: { readonly loss: string; readonly pictures: number };
  readonly variants: readonly Variant[];
}
export interface Variant {
  readonly id: string;
  readonly group: string;
  /** What differs from the base, by its name in the configuration. */
  readonly change: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  /** On held-out pictures, over the seeds. Comparable between all variants. */
  readonly loss: { readonly mean: number; readonly min: number; readonly max: number };
  readonly seeds: readonly { readonly seed: number; readonly loss: number }[];
}

/** What a group changes, the name that tells its members apart first. */
const CHANGED = {
  skip: ['skip'],
  conv: ['conv'],
  positions: ['positions'],
  prediction: ['prediction'],
  blocks: ['depth'],
  width: ['dim', 'heads'],
  patch: ['patch'],
  /** Two networks of their own: time as a token, and as adaLN. */
  time: [],
} as const satisfies Record<string, readonly string[]>;
export type Group = keyof typeof CHANGED;

/** A run with the value that the group gives it. */
export interface Member {
  readonly value: unknown;
  readonly variant: Variant;
}
/** Runs that differ in one thing alone, among them one that has it as the base has. */
export interface Comparison {
  readonly reference: Member;
  readonly members: readonly Member[];
}

/**
 * The runs of a group, each against the run that is like it but for what the group changes: the base, or a base with
 * another start. Of several such sets the largest, of equally large ones the last. Members stand by value where values
 * are numbers, else the reference first. A group that changes more than one thing is held against its first run. Undefined
 * where nothing was measured.
 */
export function comparisonOf(all: Ablations | undefined, group: Group): Comparison | undefined {
  if (!all) return undefined;
  const keys: readonly string[] = CHANGED[group];
  const [key] = keys;
  if (key === undefined) {
    const members = all.variants
      .filter((v) => v.group === group)
      .map((variant) => ({ value: variant.id, variant }));
    return members.length > 1 ? { reference: members[0]!, members } : undefined;
  }
  const own = all.base.config[key] ?? all.base.diffusion[key];
  const sets = new Map<string, Variant[]>();
  for (const variant of all.variants) {
    if (!(key in variant.change)) continue;
    const rest = print(Object.entries(variant.change).filter(([k]) => !keys.includes(k)));
    sets.set(rest, [...(sets.get(rest) ?? []), variant]);
  }
  let best: Comparison | undefined;
  for (const [rest, found] of sets) {
    const like = all.variants.find((v) => print(Object.entries(v.change)) === rest);
    if (!like || found.length + 1 < (best?.members.length ?? 0)) continue;
    const reference = { value: own, variant: like };
    const members = [reference, ...found.map((variant) => ({ value: variant.change[key], variant }))];
    if (members.every((m) => typeof m.value === 'number'))
      members.sort((a, b) => Number(a.value) - Number(b.value));
    best = { reference, members };
  }
  return best;
}
const print = (entries: [string, unknown][]) => JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * What the seeds allow to say of a run against another: that all of its losses lie below, or above, all of the
 * other's; or nothing, where they overlap or where one seed is all there is.
 */
export function verdict(of: Variant, against: Variant): 'below' | 'above' | 'open' {
  if (Math.min(of.seeds.length, against.seeds.length) < 2) return 'open';
  if (of.loss.max < against.loss.min) return 'below';
  return of.loss.min > against.loss.max ? 'above' : 'open';
}

/** Least and greatest loss of some runs: the scale they are drawn on. */
export function rangeOf(variants: readonly Variant[]): readonly [number, number] {
  return [Math.min(...variants.map((v) => v.loss.min)), Math.max(...variants.map((v) => v.loss.max))];
}
