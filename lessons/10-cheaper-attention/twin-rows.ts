import type { Text } from '#lib/base/lang.ts';

/** The networks that differ in their attention alone, in the order in which they are shown. */
export const TWINS = ['plain', 'window', 'shifted', 'linear', 'multiscale'] as const;
export type Twin = (typeof TWINS)[number];

export const TWIN_NAMES: Readonly<Record<Twin, Text>> = {
  plain: { en: 'plain ViT', zh: '普通 ViT' },
  window: { en: 'windows', zh: '窗口' },
  shifted: { en: 'shifted windows', zh: '移位窗口' },
  linear: { en: 'linear', zh: '线性' },
  multiscale: { en: 'two scales', zh: '两个尺度' },
};

/** The folder of a twin under `models/`. */
export const folderOf = (twin: Twin): string => `swin-${twin}`;

/** One training, measured on all held-out photos at each side it has learned. */
export interface StoredRow {
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
  readonly images: number;
  readonly parameters: number;
  readonly sides: Readonly<Record<string, { readonly multiplyAdds: number; readonly top1: number }>>;
}

/** `models/twins.json`. */
export interface StoredTwins {
  /** Steps of the whole schedule, and pictures a step. */
  readonly of: number;
  readonly batch: number;
  readonly rows: readonly StoredRow[];
}

/** What was measured of one twin at one side. */
export interface Measured {
  readonly twin: Twin;
  readonly parameters: number;
  readonly macs: number;
  /** By seed: the share of held-out photos that is named rightly. */
  readonly seeds: readonly { readonly seed: number; readonly steps: number; readonly top1: number }[];
  readonly mean: number;
}

/** The twins that were measured at a side, in the order of `TWINS`, each with all its seeds. */
export function measuredAt(stored: StoredTwins | undefined, side: string): readonly Measured[] {
  return TWINS.flatMap((twin) => {
    const rows = (stored?.rows ?? []).filter(({ name, sides }) => name === folderOf(twin) && sides[side]);
    const [first] = rows;
    if (!first) return [];
    const seeds = rows.map(({ seed, steps, sides }) => ({ seed, steps, top1: sides[side]!.top1 }));
    const mean = seeds.reduce((sum, { top1 }) => sum + top1, 0) / seeds.length;
    return [{ twin, parameters: first.parameters, macs: first.sides[side]!.multiplyAdds, seeds, mean }];
  });
}

/** How far the seeds of one twin lie apart; undefined for one seed. */
export function spreadOf({ seeds }: Measured): number | undefined {
  if (seeds.length < 2) return undefined;
  const values = seeds.map(({ top1 }) => top1);
  return Math.max(...values) - Math.min(...values);
}

/** What seeds allow to say: which twins lie above which, the widest spread of one twin’s seeds, which have one alone. */
export interface Allowed {
  readonly above: readonly (readonly [Twin, Twin])[];
  readonly spread: { readonly twin: Twin; readonly seeds: number; readonly points: number } | undefined;
  readonly single: readonly Twin[];
}

/** A twin lies above another where each has two seeds or more and every one of its seeds is above every one of the other’s. */
export function allowed(rows: readonly Measured[]): Allowed {
  const several = rows.filter(({ seeds }) => seeds.length > 1);
  const ends = ({ seeds }: Measured) => seeds.map(({ top1 }) => top1);
  const above = several.flatMap((a) =>
    several
      .filter((b) => Math.min(...ends(a)) > Math.max(...ends(b)))
      .map((b): readonly [Twin, Twin] => [a.twin, b.twin]),
  );
  const spreads = several.map((row) => ({
    ...{ twin: row.twin, seeds: row.seeds.length, points: spreadOf(row) ?? 0 },
  }));
  const spread = spreads.toSorted((a, b) => b.points - a.points)[0];
  return { above, spread, single: rows.filter(({ seeds }) => seeds.length === 1).map(({ twin }) => twin) };
}

/** Least and greatest share of all seeds, widened where all are one: the scale they are drawn on. */
export function rangeOf(rows: readonly Measured[]): readonly [number, number] {
  const all = rows.flatMap(({ seeds }) => seeds.map(({ top1 }) => top1));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high - low < 0.01 ? [low - 0.005, high + 0.005] : [low, high];
}
