import type { Lang } from '#lib/base/lang.ts';

const EN = [
  `// A cell is a piece of JavaScript. It runs as you type, and so does whatever uses its names.
// Attention of block 8, [heads, tokens, tokens], of the model that looks at the picture above:
const probs = tensor('blocks.8.attn.probs')`,
  `// How much does the class token look at each patch? Mean over the heads, row 0, without its own column.
const look = probs.mean(0).slice(0, [1, probs.shape[2]])`,
  `Plot.plot({
  aspectRatio: 1,
  axis: null,
  color: { scheme: "viridis", legend: true, label: "attention of CLS" },
  marks: [
    Plot.cell(look.values, { x: (d, i) => i % side, y: (d, i) => Math.floor(i / side), fill: (d) => d })
  ]
})`,
  `// Patches a side. Move the patch size above: this cell, the map and the list below run again.
const side = Math.round(Math.sqrt(look.size))`,
  `const top = view(Inputs.range([1, 20], { step: 1, value: 5, label: "Patches in the list" }))`,
  `Array.from(look.values, (attention, i) => ({ row: Math.floor(i / side), column: i % side, attention }))
  .sort((a, b) => b.attention - a.attention)
  .slice(0, top)`,
];
const ZH = [
  `// 单元就是一段 JavaScript。边写边运行，用到它的名字的单元也跟着运行。
// 上方图片进入模型后，第 8 层的注意力，形状是 [头, 词元, 词元]：
const probs = tensor('blocks.8.attn.probs')`,
  `// 分类词元（CLS）有多关注每个图像块？对各个头取平均，取第 0 行，去掉它自己那一列。
const look = probs.mean(0).slice(0, [1, probs.shape[2]])`,
  `Plot.plot({
  aspectRatio: 1,
  axis: null,
  color: { scheme: "viridis", legend: true, label: "CLS 的注意力" },
  marks: [
    Plot.cell(look.values, { x: (d, i) => i % side, y: (d, i) => Math.floor(i / side), fill: (d) => d })
  ]
})`,
  `// 每边有多少个图像块。改动上方的图像块边长：这个单元、上面的图和下面的表都会重新计算。
const side = Math.round(Math.sqrt(look.size))`,
  `const top = view(Inputs.range([1, 20], { step: 1, value: 5, label: "表里列出几个图像块" }))`,
  `Array.from(look.values, (attention, i) => ({ row: Math.floor(i / side), column: i % side, attention }))
  .sort((a, b) => b.attention - a.attention)
  .slice(0, top)`,
];

/** The cells of the notebook that a reader finds at first. */
export const FIRST: Readonly<Record<Lang, readonly string[]>> = { en: EN, zh: ZH };
