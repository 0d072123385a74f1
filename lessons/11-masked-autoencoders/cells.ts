import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked, type Say } from '#lib/notebook/worked.ts';

/** The picture, which patches are seen, and whether a pixel is hidden. */
const given = (say: Say) => [
  `// ${say('The picture, what the network paints, and which patches it sees: three quarters are hidden, by a seed.', '图片、网络重建的结果，以及可见的图像块：由种子决定，四分之三被遮住。')}
const { x, reconstruction, ids_keep } = await (await model('mae')).run({ seed: 3, tensors: ['x', 'reconstruction', 'ids_keep'] })`,
  `const side = x.shape[2], patch = 8, shown = new Set(ids_keep.values);
const isHidden = (row, column) => !shown.has(Math.floor(row / patch) * (side / patch) + Math.floor(column / patch))`,
];

/** The worked cells of lesson 11. */
export const cells: WorkedCells = {
  loss: worked((say) => [
    ...given(say),
    `// ${say('Squares of the differences over all hidden pixels; true and false are swapped for the seen ones.', '对所有被遮住的像素求差的平方；把真假对调，就得到可见的部分。')}
const errorWhere = (hidden) => {
  let sum = 0, count = 0;
  x.values.forEach((value, i) => {
    if (isHidden(Math.floor(i / side) % side, i % side) !== hidden) return;
    sum += (value - reconstruction.values[i]) ** 2;
    count++;
  });
  return sum / count;
}`,
    `const loss = errorWhere(true), onSeen = errorWhere(false)`,
  ]),
  lines: worked((say) => [
    ...given(say),
    `// ${say('A hidden pixel from the nearest seen ones to the left, right, above and below, the nearer the heavier.', '被遮住的像素由左、右、上、下最近的可见像素算出，越近权重越大。')}
const filled = x.map((value, i) => {
  const c = Math.floor(i / (side * side)), row = Math.floor(i / side) % side, column = i % side;
  if (!isHidden(row, column)) return value;
  let total = 0, weight = 0;
  for (const [down, right] of [[0, 1], [0, -1], [1, 0], [-1, 0]])
    for (let d = 1, r = row + down, k = column + right; x.shape[1] > r && r >= 0 && k >= 0 && k < side; d++, r += down, k += right)
      if (!isHidden(r, k)) {
        total += x.at(c, r, k) / d;
        weight += 1 / d;
        break;
      }
  return weight > 0 ? total / weight : 0;
})`,
    `const meanSquare = (made) => made.minus(x).map((d) => d * d).sum() / (x.size * (1 - shown.size / (side / patch) ** 2))`,
    `// ${say('Mean square error of straight lines. The network’s own error is that of the cell “The loss by hand”.', '直线插值的均方误差。网络自己的误差见“亲手计算损失”那个单元。')}
const linesError = meanSquare(filled)`,
    `new Picture(side, side, Array.from({ length: 4 * side * side }, (_, i) => i % 4 === 3 ? 255 : 127.5 * (filled.values[(i % 4) * side * side + (i >> 2)] + 1)))`,
  ]),
};
