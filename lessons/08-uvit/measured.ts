/** `models/ablations.json`: short trainings of one small model and of the same with one thing changed. */
export interface Ablations {
  readonly base: {
    readonly config: Readonly<Record<string, unknown>>;
    readonly steps: number;
    readonly batch: number;
    readonly images: number;
  };
  readonly measured: { readonly loss: string; readonly pictures: number };
  readonly variants: readonly Variant[];
}
export interface Variant {
  readonly id: string;
  readonly group: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  readonly loss: { readonly mean: number; readonly min: number; readonly max: number };
  readonly seeds: readonly { readonly seed: number; readonly loss: number }[];
}

const found = import.meta.glob<Ablations>('/models/ablations.json', { eager: true, import: 'default' });
/** Undefined where this copy of the site has none. */
export const ABLATIONS: Ablations | undefined = Object.values(found)[0];

/** The run of a group with this value, or the base where the base has it; undefined where nothing was measured. */
export function measuredAt(all: Ablations | undefined, key: string, value: unknown): Variant | undefined {
  if (!all) return undefined;
  if (all.base.config[key] === value) return all.variants.find((v) => Object.keys(v.change).length === 0);
  return all.variants.find((v) => Object.keys(v.change).length === 1 && v.change[key] === value);
}

/** All runs that differ from the base in one key alone, the base among them, by that key's value. */
export function measuredOver(
  all: Ablations | undefined,
  key: string,
): readonly (Variant & { value: number })[] {
  if (!all) return [];
  return all.variants
    .flatMap((v) => {
      const keys = Object.keys(v.change);
      const value = keys.length === 0 ? all.base.config[key] : keys.length === 1 ? v.change[key] : undefined;
      return typeof value === 'number' ? [{ ...v, value }] : [];
    })
    .sort((a, b) => a.value - b.value);
}

/** Whether the spread over seeds of some of these is as wide as what lies between their means. */
export function overlapping(all: readonly Variant[]): boolean {
  const means = all.map((v) => v.loss.mean);
  const between = Math.max(...means) - Math.min(...means);
  return all.length > 1 && all.some((v) => v.seeds.length > 1 && v.loss.max - v.loss.min >= between);
}
