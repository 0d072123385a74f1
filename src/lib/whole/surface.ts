import { StatsGatherer, type Stats } from '#lib/analysis/stats.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import { isPeaked, paintInto, type ColourMap, type Ground } from '#lib/figures/scales.ts';
import type { Plate } from './plates.ts';

/** The values of a plate as colours, one pixel a cell; the tiles lie one below the other. */
export interface Surface {
  readonly tensor: Tensor;
  readonly stats: Stats;
  /** Undefined for a picture, which has colours of its own. */
  readonly map: ColourMap | undefined;
  readonly bitmap: ImageBitmap;
  readonly ground: Ground;
}

/** Values farther from zero than this many times their root mean square have the end colour. */
const FARTHEST = 3;

/** How a plate's values become colours: shares from 0 up, all else both ways from 0. */
export function mapOf(
  { shares }: Pick<Plate, 'shares'>,
  { min, max, mean, std }: Stats,
  ground: Ground,
): ColourMap {
  if (shares) {
    const curve = isPeaked(min, max, mean) ? 'log' : 'linear';
    return { kind: 'sequential', curve, low: 0, high: max > 0 ? max : 1, ground };
  }
  const size = Math.max(Math.abs(min), Math.abs(max)) || 1;
  const high = Math.min(size, FARTHEST * Math.hypot(mean, std)) || size;
  return { kind: 'diverging', curve: 'linear', low: -high, high, ground };
}

/** −1 … 1 as shades of a colour. */
const shade = (v: number) => Math.round(Math.min(1, Math.max(0, (v + 1) / 2)) * 255);

/**
 * Colours a plate's values a stretch at a time, so that the page is not held up.
 * @returns undefined when `signal` ended it early
 */
export async function surfaceOf(
  plate: Pick<Plate, 'tiles' | 'shares'>,
  tensor: Tensor,
  ground: Ground,
  signal: AbortSignal,
): Promise<Surface | undefined> {
  const { data } = tensor;
  const gathered = new StatsGatherer();
  if (!(await inStretches(data.length, (a, b) => gathered.add(data, a, b), { signal }))) return undefined;
  const { stats } = gathered;
  const { tiles } = plate;
  const [first] = tiles;
  if (!first) return undefined;
  const { rows, cols, planes = 0, planeStride = 0 } = first;
  const image = new ImageData(cols, rows * tiles.length);
  const words = new Uint32Array(image.data.buffer);
  const map = planes > 0 ? undefined : mapOf(plate, stats, ground);
  const plain = first.colStride === 1 && first.rowStride === cols;
  // What does not lie row after row is gathered into rows first.
  const line = new Float32Array(cols);
  const paintRow = (row: number): void => {
    const t = tiles[Math.floor(row / rows)]!;
    const from = t.offset + (row % rows) * t.rowStride;
    if (!map) {
      for (let c = 0; c < cols; c++) {
        const at = from + c * t.colStride;
        const [r, g, b] = [0, 1, 2].map((p) => shade(data[at + (planes > 1 ? p * planeStride : 0)]!)) as [
          number,
          number,
          number,
        ];
        words[row * cols + c] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
      }
    } else if (plain) paintInto(words, row * cols, data, from, cols, map);
    else {
      for (let c = 0; c < cols; c++) line[c] = data[from + c * t.colStride]!;
      paintInto(words, row * cols, line, 0, cols, map);
    }
  };
  const all = rows * tiles.length;
  const stretch = Math.max(1, Math.floor(32_768 / cols));
  const done = await inStretches(
    all,
    (a, b) => {
      for (let row = a; row < b; row++) paintRow(row);
    },
    { stretch, signal },
  );
  if (!done) return undefined;
  return { tensor, stats, map, bitmap: await createImageBitmap(image), ground };
}
