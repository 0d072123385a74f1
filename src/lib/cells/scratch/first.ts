import { worked } from '#lib/notebook/worked.ts';

/** The cells of the notebook that a reader finds at first: none of them needs a library, so that the page is light. */
export const FIRST = worked((say) => [
  `// ${say('A cell is a piece of JavaScript. It runs as you type, and so does whatever uses its names.', '单元就是一段 JavaScript。边写边运行，用到它的名字的单元也跟着运行。')}
// ${say('Attention of block 8, [heads, tokens, tokens], of the model that looks at the picture above:', '上方图片进入模型后，第 8 层的注意力，形状是 [头, 词元, 词元]：')}
const probs = tensor('blocks.8.attn.probs')`,
  `// ${say('How much does the class token look at each patch? Mean over the heads, row 0, without its own column.', '分类词元（CLS）有多关注每个图像块？对各个头取平均，取第 0 行，去掉它自己那一列。')}
const look = probs.mean(0).slice(0, [1, probs.shape[2]])`,
  `// ${say('The picture, each patch the brighter the more the class token looks at it; the root lifts what is faint. Try probs.slice(2) in place of probs.mean(0) above: one head alone.', '分类词元越关注的图像块越亮；开平方让微弱的关注也看得见。试试把上面的 probs.mean(0) 改成 probs.slice(2)：只看一个头。')}
const most = look.max();
display(picture().map(([red, green, blue], row, column) => {
  const patch = Math.floor(row * side / 224) * side + Math.floor(column * side / 224);
  const light = Math.sqrt(look.values[patch] / most);
  return [red * light, green * light, blue * light];
}))`,
  `// ${say('Patches a side. Move the patch size above: this cell, the picture and the list below run again.', '每边有多少个图像块。改动上方的图像块边长：这个单元、上面的图片和下面的表都会重新计算。')}
const side = Math.round(Math.sqrt(look.size))`,
  `// ${say('The patches it looks at most. How many do you want to see?', '它最关注的图像块。想看几个？')}
Array.from(look.values, (attention, i) => ({ row: Math.floor(i / side), column: i % side, attention }))
  .sort((a, b) => b.attention - a.attention)
  .slice(0, 5)`,
]);
