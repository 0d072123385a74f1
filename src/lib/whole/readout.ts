import { formatValue } from '#lib/base/format.ts';
import type { Plate } from './plates.ts';
import { shapeOf } from './pick.ts';
import type { Surface } from './surface.ts';

/** Where a plate's numbers come from, as `data-from` says it. */
export const fromOf = ({ name, value }: Pick<Plate, 'name' | 'value'>): string =>
  value.kind === 'input' ? 'input' : `tensor:${name}`;

/** The value of a cell, printed; of a picture's cell that of every channel. Undefined while there are no values. */
export function printed(
  plate: Plate,
  surface: Surface | undefined,
  index: readonly number[],
): string | undefined {
  if (!surface) return undefined;
  const flat = index.reduce((at, i, d) => at * (shapeOf(plate)[d] ?? 1) + i, 0);
  const { planes = 1, planeStride = 0 } = plate.tiles[0] ?? {};
  const { data } = surface.tensor;
  const values = Array.from(
    { length: planes },
    (_, p) => data[(planes > 1 ? flat % planeStride : flat) + p * planeStride],
  );
  if (values.some((v) => v === undefined)) return undefined;
  return values.map((v) => formatValue(v!, 5)).join('  ');
}

/** The index of a cell as it is written behind the name; a picture's cell is that of all channels. */
export function indexText(plate: Plate, index: readonly number[]): string {
  const planes = plate.tiles[0]?.planes ?? 1;
  return `[${index.map((i, d) => (d === 0 && planes > 1 ? ':' : String(i))).join(', ')}]`;
}
