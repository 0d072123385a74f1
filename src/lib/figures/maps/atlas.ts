import { inStretches } from '../draw/work.ts';
import type { ColourMap, ScaleCurve, ScaleKind } from '../scales.ts';
import type { Atlas } from './draw.ts';
import { Extent, mapsAtATime, paintMap, type SmallMap } from './paint.ts';

/** How maps are to be painted. */
export interface AtlasWish {
  /** Pixels the widest map has in the atlas, at the most its columns. */
  readonly tile: number;
  /** The values are colours. */
  readonly rgb: boolean;
  readonly scale: ScaleKind | 'auto';
  readonly curve: ScaleCurve;
  /** The coloured range; by default from the least to the largest value. */
  readonly range: readonly [low: number, high: number] | undefined;
  readonly ground: 'light' | 'dark';
}

/** What is painted, with the scale it was painted on: a legend never stands beside maps of another range. */
export interface PaintedMaps {
  readonly atlas: Atlas;
  readonly colours: ColourMap | 'rgb';
  /** Some values lie above the range. */
  readonly clipped: boolean;
}

/** The scale of maps whose values were gathered in `extent`. */
export function coloursFor(extent: Extent, wish: AtlasWish): Pick<PaintedMaps, 'colours' | 'clipped'> {
  const { range, ground, curve } = wish;
  // The rounding of 32-bit numbers is no value above the range.
  const clipped = range !== undefined && extent.max > range[1] + 1e-5 * Math.abs(range[1]);
  if (wish.rgb) return { colours: 'rgb', clipped };
  if (range) extent.add(range);
  const found = extent.range(wish.scale);
  const [low, high] = range ?? found.range;
  return { colours: { kind: found.kind, curve, low, high, ground }, clipped };
}

/** Size of a tile in pixels, tiles a line, and pixels of a tile a cell is wide. */
export function tilesFor(
  maps: readonly SmallMap[],
  tile: number,
): Pick<Atlas, 'width' | 'height' | 'across' | 'scale'> {
  const scale = tile / maps.reduce((n, m) => Math.max(n, m.cols), 1);
  const height = Math.ceil(maps.reduce((n, m) => Math.max(n, m.rows), 1) * scale);
  return { width: tile, height, across: Math.ceil(Math.sqrt(maps.length)) || 1, scale };
}

/**
 * Paints maps side by side on one canvas, in stretches, so that the page stays free.
 * @returns undefined when `signal` ended it
 */
export async function paintAtlas(
  maps: readonly SmallMap[],
  wish: AtlasWish,
  signal: AbortSignal,
): Promise<PaintedMaps | undefined> {
  const stretch = mapsAtATime(maps);
  const each = (work: (map: SmallMap, k: number) => void) =>
    inStretches(
      maps.length,
      (a, b) => {
        for (let k = a; k < b; k++) work(maps[k]!, k);
      },
      { stretch, signal },
    );
  const extent = new Extent();
  if (!wish.rgb && !(await each((m) => extent.add(m.values)))) return undefined;
  const { colours, clipped } = coloursFor(extent, wish);
  const size = tilesFor(maps, wish.tile);
  const { width, height, across, scale } = size;
  const full = document.createElement('canvas');
  const canvas = document.createElement('canvas');
  canvas.width = across * width;
  canvas.height = Math.max(1, Math.ceil(maps.length / across)) * height;
  const ctx = canvas.getContext('2d');
  const done = await each((map, k) => {
    const image = new ImageData(map.cols, map.rows);
    const [low, high] = map.range ?? [];
    const own = colours !== 'rgb' && low !== undefined && high !== undefined;
    paintMap(new Uint32Array(image.data.buffer), map, own ? { ...colours, low, high } : colours);
    const [x, y] = [(k % across) * width, Math.floor(k / across) * height];
    if (scale === 1) return ctx?.putImageData(image, x, y);
    full.width = map.cols;
    full.height = map.rows;
    full.getContext('2d')?.putImageData(image, 0, 0);
    if (ctx) ctx.imageSmoothingQuality = 'medium';
    ctx?.drawImage(full, x, y, map.cols * scale, map.rows * scale);
  });
  if (!done || signal.aborted) return undefined;
  const tiles = new Map(maps.map((m, k) => [m.id, k] as const));
  return { atlas: { canvas, ...size, tiles }, colours, clipped };
}
