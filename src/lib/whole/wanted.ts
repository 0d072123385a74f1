import { sizeOf } from '#lib/base/tensor.ts';
import type { Plate } from './plates.ts';
import { overlap, type Rect } from './rect.ts';

/** Bytes of a plate's values as float32. */
export const bytesOf = ({ value }: Pick<Plate, 'value'>): number => 4 * sizeOf(value.shape);

/** Fewer pixels than this on the shorter side show nothing of the values. */
const LEAST = 3;

/**
 * Which tensors are asked for: all of them where they fit, else those of the groups in sight, small ones before large
 * ones, until the budget is spent. A tensor of a group that cannot be seen for smallness is asked for all the same: it
 * comes with the others of one pass.
 * @param k pixels a cell
 */
export function wantedOf(plates: readonly Plate[], seen: Rect, k: number, budget: number): readonly string[] {
  const tensors = plates.filter((p) => p.kind === 'tensor' && p.value.kind === 'node');
  const total = tensors.reduce((sum, p) => sum + bytesOf(p), 0);
  if (total <= budget) return tensors.map((p) => p.name);
  const near = tensors.filter((p) => overlap(p, seen) && Math.max(p.width, p.height) * k >= LEAST);
  const order = [...near].sort((a, b) => bytesOf(a) - bytesOf(b));
  let left = budget;
  const chosen = new Set<string>();
  for (const p of order) {
    left -= bytesOf(p);
    if (left < 0) break;
    chosen.add(p.name);
  }
  return tensors.filter((p) => chosen.has(p.name)).map((p) => p.name);
}
