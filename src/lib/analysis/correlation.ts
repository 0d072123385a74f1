/**
 * Pearson's correlation of two rows of equal length, place by place: 1 where they rise and fall together, 0 where one
 * tells nothing of the other, −1 where they are opposite. 0 where one of them is constant.
 */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ma, mb] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb || 1);
}

function meanOf(v: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i]!;
  return sum / v.length;
}

/** The mean correlation of two of these rows, over all pairs. NaN for fewer than two rows. */
export function meanCorrelation(rows: readonly ArrayLike<number>[]): number {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++, pairs++) sum += correlation(rows[i]!, rows[j]!);
  }
  return sum / pairs;
}
