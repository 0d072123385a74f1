import type { Tensor } from '#lib/base/tensor.ts';
import type { SmallMap } from '#lib/figures/maps/paint.ts';

/** The part of a stack `[h, rows, columns]` that one head and one row have, `[columns]`. @throws RangeError where it has none such */
export function rowOf({ shape, data, name }: Tensor, head: number, row: number): Float32Array {
  const [heads = 0, rows = 0, columns = 0] = shape;
  if (!(head >= 0 && head < heads && row >= 0 && row < rows))
    throw new RangeError(`${name} has no head ${head} with a row ${row}`);
  const at = (head * rows + row) * columns;
  return data.slice(at, at + columns);
}

/** Where one row looks in every head, as small maps over the picture. */
export function mapsOf(
  tensor: Tensor,
  row: number,
  {
    rows,
    cols,
    label,
  }: { readonly rows: number; readonly cols: number; readonly label: (head: number) => string },
  id: (head: number) => string,
): SmallMap[] {
  return Array.from({ length: tensor.shape[0] ?? 0 }, (_, head) => ({
    id: id(head),
    label: label(head),
    rows,
    cols,
    values: rowOf(tensor, head, row),
  }));
}
