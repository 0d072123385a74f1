import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Mean attention distance over depth (Dosovitskiy et al. 2021, figure 7) as a figure of its own. */
export const cells = worked((say) => [
  note(
    say('A figure for a paper', '为论文画一张图'),
    say(
      'The paper on the vision transformer has a figure that became a standard: how far each head looks, by depth. Below it is drawn for the model and the picture above. “Share, save, open” saves the notebook as one page with the drawing in it; the numbers stand in a cell, so that the figure can be checked.',
      '视觉 Transformer 的论文里有一张后来成为惯例的图：随深度看每个头看得多远。下面针对上方的模型和图片画出它。用上方的保存功能可以把笔记本连同图存成一个网页；数值就在单元里，图可以核对。',
    ),
  ),
  `const net = await model('vit-flexi')`,
  `const pass = await net.run({ patch: state.p, tensors: Array.from({ length: 12 }, (_, b) => \`blocks.\${b}.attn.probs\`) })`,
  `// ${say('For every patch that asks: the distance of those it looks at, in pixels, weighed by how much.', '对每个作为查询的图像块：它所看的图像块有多远（像素），按注意力加权。')}
const distances = Array.from({ length: 36 }, (_, i) => {
  const block = Math.floor(i / 3), head = i % 3, probs = pass[\`blocks.\${block}.attn.probs\`].slice(head);
  const T = probs.shape[0], side = Math.sqrt(T - 1);
  let total = 0;
  for (let q = 0; q < T - 1; q++) {
    let far = 0, weights = 0;
    for (let k = 0; k < T - 1; k++) {
      const weight = probs.values[(q + 1) * T + k + 1];
      weights += weight;
      far += weight * Math.hypot(Math.floor(q / side) - Math.floor(k / side), (q % side) - (k % side));
    }
    total += far / weights;
  }
  return { block, head, pixels: total / (T - 1) * 224 / side };
})`,
  `// ${say('Someone who looks everywhere alike is this far away, on average.', '对所有位置的权重都相同时的平均距离。')}
const evenly = (() => {
  const side = Math.floor(224 / state.p), places = d3.cross(d3.range(side), d3.range(side));
  return d3.mean(places, ([a, b]) => d3.mean(places, ([c, d]) => Math.hypot(a - c, b - d))) * 224 / side;
})()`,
  `const paperFigure = Plot.plot({
  width: 520, height: 320, marginLeft: 48,
  style: { fontFamily: "serif", fontSize: "12px" },
  x: { label: ${say('"Network depth (block)"', '"网络深度（层）"')}, domain: [-0.5, 11.5], ticks: 12 },
  y: { label: ${say('"Mean attention distance (pixels)"', '"平均注意力距离（像素）"')}, domain: [0, 130], grid: true },
  marks: [Plot.ruleY([evenly], { strokeDasharray: "4 3" }), Plot.dot(distances, { x: "block", y: "pixels", r: 4, fill: "currentColor" })]
})`,
  `paperFigure`,
  `html\`<p><b>${say('Figure 1.', '图 1.')}</b> ${say('Mean attention distance of every head by depth, patch size', '各个头的平均注意力距离随深度的变化，图像块边长')} \${state.p}. ${say('Dashed: attention spread evenly.', '虚线：注意力平均分配。')}</p>\``,
  `// ${say('The numbers behind it, one line a dot.', '图背后的数值，每个点一行。')}
distances`,
  change(
    say,
    say(
      'Ask for an empty picture: in the cell of <code>pass</code>, write <code>picture: new Picture(224, 224, Array.from({ length: 4 * 224 * 224 }, () => 128)),</code> before <code>tensors</code>.',
      '换成一张空白的图片：在 <code>pass</code> 那个单元里，在 <code>tensors</code> 前面写上 <code>picture: new Picture(224, 224, Array.from({ length: 4 * 224 * 224 }, () => 128)),</code>。',
    ),
    say(
      'Some heads of the first blocks stay where they were, near 30 pixels: they look at their neighbours whatever the picture shows, so position alone steers them. Most heads of the last three blocks move up to the dashed line, from about 94 pixels to about 114 on average, because on a grey picture there is nothing to choose. A figure like this one describes a model on a picture, and should say which.',
      '前几层里有些头留在原处，约 30 像素：不论图片上有什么，它们都看邻近的地方，只由位置决定。最后三层的头大多升到虚线附近，平均从约 94 像素升到约 114 像素，因为灰色的图片上没有什么可选。这样的图描述的是一个模型在一张图片上的表现，图注里应该写明是哪张图片。',
    ),
  ),
]);
