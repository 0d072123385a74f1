import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Principal components of tokens as colours, as DINOv2 (Oquab et al. 2023, figure 1) shows them. */
export const cells = worked((say) => [
  note(
    say('Tokens as colours', '把词元变成颜色'),
    say(
      'A token after the last block has 192 numbers. Principal components are the directions in which the tokens differ most. The first three become red, green and blue, and each patch gets one colour: patches of one colour mean the same to the model.',
      '最后一层之后，每个词元有 192 个数。主成分是词元之间差别最大的方向。取前三个作为红、绿、蓝，每个图像块得到一种颜色：颜色相同的图像块，在模型看来意思相同。',
    ),
  ),
  `const block = view(Inputs.range([0, 11], { step: 1, value: 11, label: ${say('"after block"', '"第几层之后"')} }))`,
  `const stream = await tensor(\`blocks.\${block}\`)`,
  `const side = Math.sqrt(stream.shape[0] - 1)`,
  `// ${say('Without the class token, and each feature with its mean taken away.', '去掉分类词元（CLS），每个特征减去自己的均值。')}
const rows = (() => {
  const patches = stream.slice([1, stream.shape[0]]), mean = patches.mean(0);
  return patches.map((v, i) => v - mean.values[i % mean.size]);
})()`,
  `// ${say('Power iteration: a direction multiplied by the covariance again and again turns into the strongest one. What it explains is taken out before the next.', '幂迭代：把一个方向反复乘以协方差矩阵，它就转向最强的方向。求下一个之前，先去掉它已经解释的部分。')}
const components = (() => {
  const covariance = rows.transpose().matmul(rows).times(1 / rows.shape[0]), found = [];
  let left = covariance;
  for (let k = 0; k < 3; k++) {
    let v = noise(k + 1, [192, 1]);
    for (let i = 0; i < 60; i++) {
      const next = left.matmul(v);
      v = next.times(1 / Math.sqrt(next.times(next).sum()));
    }
    const variance = v.transpose().matmul(left).matmul(v).at(0, 0);
    left = left.minus(v.matmul(v.transpose()).times(variance));
    found.push({ v, variance, share: variance / d3.sum(d3.range(192), (i) => covariance.at(i, i)) });
  }
  return found;
})()`,
  `components.map(({ share }, k) => ({ component: k + 1, share }))`,
  `// ${say('Each component from its least to its greatest value, as one colour.', '每个成分从最小值到最大值，对应一种颜色由暗到亮。')}
const channels = components.map(({ v }) => {
  const along = rows.matmul(v), low = along.min(), high = along.max();
  return along.map((value) => 255 * (value - low) / (high - low));
})`,
  `const painted = new Picture(224, 224, Array.from({ length: 4 * 224 * 224 }, (_, i) => {
  const pixel = i >> 2, row = Math.floor(Math.floor(pixel / 224) * side / 224), column = Math.floor((pixel % 224) * side / 224);
  return i % 4 === 3 ? 255 : channels[i % 4].values[row * side + column];
}))`,
  `painted`,
  change(
    say,
    say(
      'Move the slider from 11 to 0, then to 5. Set the patch size above to 8 for a finer picture.',
      '把滑块从 11 移到 0，再移到 5。把上方的图像块边长设为 8，图会更细。',
    ),
    say(
      'After block 0 colours follow brightness and place, because little has been exchanged yet, and the first component holds 19 % of the variance. After block 5 it is 18 %: the tokens still differ in many ways. After block 11 it is 89 %, and one colour, from dark to bright, nearly tells the whole: the tokens have come together around the one question that was asked in training, which class it is.',
      '第 0 层之后，颜色随明暗和位置变化，因为各处还没有交换多少信息，第一主成分占方差的 19 %。第 5 层之后是 18 %：词元之间的差别仍有许多方面。第 11 层之后是 89 %，从暗到亮的一种颜色几乎说明了一切：词元都围绕训练时的那一个问题聚拢起来，也就是图片属于哪一类。',
    ),
  ),
]);
