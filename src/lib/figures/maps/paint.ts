import { paintInto, rangeFor, type ColourMap, type ScaleKind } from '../scales.ts';

/** One small map: values row-major, `[rows · cols]`, or `[rows · cols · 3]` in 0…1 where colours are shown. */
export interface SmallMap {
  readonly id: string;
  readonly label: string;
  /** The label in full, for the line under the grid: “layer 4, head 1”. */
  readonly title?: string;
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly cols: number;
  /** A number or word beside the label, e.g. the measure that the grid is sorted by. */
  readonly note?: string;
  /** The coloured range of this map alone, where one scale for all would leave most of them in one colour. */
  readonly range?: readonly [low: number, high: number];
}

/** Least and largest finite value, gathered a map at a time. */
export class Extent {
  min = Infinity;
  max = -Infinity;
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const v = values[i]!;
      if (v - v !== 0) continue;
      if (v < this.min) this.min = v;
      if (v > this.max) this.max = v;
    }
  }
  /** The range one scale for all of them has. */
  range(kind: ScaleKind | 'auto'): { kind: ScaleKind; range: readonly [number, number] } {
    const both = this.min < 0 && this.max > 0;
    const chosen = kind === 'auto' ? (both ? 'diverging' : 'sequential') : kind;
    const some = this.min <= this.max;
    return { kind: chosen, range: rangeFor(chosen, some ? this.min : NaN, some ? this.max : NaN) };
  }
}

/** Paints a map into canvas words, `[rows · cols]`. A map whose values don't fill it is left transparent. */
export function paintMap(out: Uint32Array, map: SmallMap, colours: ColourMap | 'rgb'): void {
  const count = map.rows * map.cols;
  const { values } = map;
  if (colours === 'rgb') {
    if (values.length !== 3 * count) return;
    const byte = (v: number) => Math.min(255, Math.max(0, Math.round(255 * v)));
    for (let i = 0; i < count; i++) {
      const [r, g, b] = [byte(values[3 * i]!), byte(values[3 * i + 1]!), byte(values[3 * i + 2]!)];
      out[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
    return;
  }
  if (values.length !== count) return;
  const data = values instanceof Float32Array ? values : Float32Array.from(values);
  paintInto(out, 0, data, 0, count, colours);
}

/** How many maps are painted at a time, so that a stretch is about `most` values. */
export function mapsAtATime(maps: readonly SmallMap[], most = 32_768): number {
  const size = maps.reduce((max, m) => Math.max(max, m.rows * m.cols), 1);
  return Math.max(1, Math.floor(most / size));
}
