/**
 * How far pixels tell of one another: Pearson's correlation between each pixel and the one `distance` further to the
 * right, and further down, over all channels. 1: they are the same up to brightness and contrast; 0: they tell nothing.
 * @param x `[C, S, S]` flat
 * @param distance pixels, from 1 to S − 1
 */
export function neighbourCorrelation(x: ArrayLike<number>, side: number, distance: number): number {
  const area = side * side;
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  const pair = (a: number, b: number) => {
    n++;
    sa += a;
    sb += b;
    saa += a * a;
    sbb += b * b;
    sab += a * b;
  };
  for (let plane = 0; plane < x.length; plane += area)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side - distance; column++) {
        const [along, down] = [plane + row * side + column, plane + column * side + row];
        pair(x[along]!, x[along + distance]!);
        pair(x[down]!, x[down + distance * side]!);
      }
  const spread = Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
  return spread > 0 ? (sab - (sa * sb) / n) / spread : 1;
}
