import { formatFixed, formatValue } from '#lib/base/format.ts';
import { MARKS, type Lang } from '#lib/base/lang.ts';
import type { SmallMap } from './paint.ts';

const AT: Record<Lang, (row: number, col: number) => string> = {
  en: (row, col) => `row ${row}, column ${col}`,
  zh: (row, col) => `第 ${row} 行，第 ${col} 列`,
};

/**
 * A map in words, and one cell of it: “layer 4, head 1 · row 2, column 3: 0.125”.
 * @param cell its number in the map, row by row; below 0: the map alone
 * @param rgb the values are colours, three a cell
 */
export function mapInWords(map: SmallMap, cell: number, rgb: boolean, lang: Lang): string {
  const name = [map.title ?? map.label, map.note].filter(Boolean).join(' · ');
  if (cell < 0 || cell >= map.rows * map.cols) return name;
  const values = rgb
    ? [0, 1, 2].map((c) => formatFixed(map.values[3 * cell + c] ?? NaN, 2)).join(', ')
    : formatValue(map.values[cell] ?? NaN);
  const place = map.rows > 1 ? AT[lang](Math.floor(cell / map.cols), cell % map.cols) : `${cell}`;
  return `${name} · ${place}${MARKS[lang].colon}${values}`;
}
