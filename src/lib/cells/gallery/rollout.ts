import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Attention rollout (Abnar & Zuidema 2020) beside an occlusion map (Zeiler & Fergus 2014). */
export const cells = worked((say) => [
  note(
    say('Attention rollout against occlusion', '注意力展开（rollout）与遮挡'),
    say(
      'Rollout follows attention through all blocks and says where the class token looked. Occlusion covers a square of the picture and says how much probability that costs. The first is what the model does, the second what it needs. They need not agree.',
      'rollout 沿着各层的注意力走一遍，得到分类词元（CLS）看过的地方。遮挡则盖住图片的一小片，看概率损失多少。前者是模型做了什么，后者是模型需要什么，两者不一定一致。',
    ),
  ),
  `const net = await model('vit-flexi'), depth = 12`,
  `const pass = await net.run({ patch: state.p, tensors: ['probs', ...Array.from({ length: depth }, (_, b) => \`blocks.\${b}.attn.probs\`)] })`,
  `// ${say('From the last block to the first: one row, the class token’s. Half of each step is the shortcut.', '从最后一层走到第一层：只跟踪分类词元（CLS）这一行。每一步有一半来自残差连接。')}
const rolled = (() => {
  const T = pass['blocks.0.attn.probs'].shape[1];
  let row = new Tensor([1, T], Array.from({ length: T }, (_, i) => i === 0 ? 1 : 0));
  for (let b = depth - 1; b >= 0; b--)
    row = row.matmul(pass[\`blocks.\${b}.attn.probs\`].mean(0)).plus(row).times(0.5);
  return row.slice(0, [1, T]);
})()`,
  note(
    say('Cover a square at a time', '一次盖住一个方格'),
    say(
      'Grey is the picture’s middle value and therefore says nothing of its own. With a grid of 7 there are 49 passes; a finer grid takes longer and covers too little to matter.',
      '灰色是像素值的中间值，本身不带内容。7 × 7 的网格要算 49 次；网格再细，花的时间更长，而每次盖住的又太少，看不出影响。',
    ),
  ),
  `const grid = 7, square = Math.ceil(224 / grid)`,
  `const covered = (r, c) => picture().map((pixel, row, column) =>
  Math.floor(row / square) === r && Math.floor(column / square) === c ? [128, 128, 128] : pixel)`,
  `const answer = pass.probs.argmax(), sure = pass.probs.max()`,
  `const costs = await (async () => {
  const found = [];
  for (let i = 0; i < grid * grid; i++) {
    const { probs } = await net.run({ picture: covered(Math.floor(i / grid), i % grid), patch: state.p, tensors: ['probs'] });
    found.push(sure - probs.at(answer));
  }
  return found;
})()`,
  note(
    say('Side by side', '并排比较'),
    say(
      'Left what the model looked at, right what it loses. Below, the correlation of the two over the squares: 1 would be full agreement, 0 none.',
      '左边是模型看过的地方，右边是盖住之后的损失。下面是两者在各个方格上的相关系数：1 表示完全一致，0 表示毫不相干。',
    ),
  ),
  `// ${say('Rollout, summed over the same squares.', '把 rollout 也加总到同样的方格上。')}
const looked = (() => {
  const side = Math.sqrt(rolled.size), sums = new Array(grid * grid).fill(0);
  rolled.values.forEach((weight, n) => {
    const [r, c] = [Math.floor(n / side), n % side].map((k) => Math.floor(((k + 0.5) * 224) / side / square));
    sums[r * grid + c] += weight;
  });
  return sums;
})()`,
  `const drawn = (values, label) => Plot.plot({
  width: 320, height: 300, axis: null, color: { scheme: "viridis", legend: true, label },
  marks: [Plot.cell(values, { x: (d, i) => i % grid, y: (d, i) => Math.floor(i / grid), fill: (d) => d })]
})`,
  `html\`<div style="display: flex; flex-wrap: wrap; gap: 16px">\${drawn(looked, ${say('"rollout"', '"rollout"')})}\${drawn(costs, ${say('"probability lost"', '"损失的概率"')})}</div>\``,
  `const correlation = (() => {
  const spread = (list) => list.map((v) => v - d3.mean(list));
  const [a, b] = [spread(looked), spread(costs)];
  return d3.sum(a, (v, i) => v * b[i]) / Math.sqrt(d3.sum(a, (v) => v * v) * d3.sum(b, (v) => v * v));
})()`,
  change(
    say,
    say(
      'Write <code>grid = 4</code>: 16 large squares instead of 49 small ones. Leave the golden retriever and patch size 16 as they are.',
      '写 <code>grid = 4</code>：用 16 个大方格代替 49 个小方格。图片（金毛犬）和图像块边长 16 保持不变。',
    ),
    say(
      'The dearest square now costs about 12 percentage points of probability, where it was about 1: what a small square hides, the model makes up for from around it, and with a large one it cannot. The correlation rises from 0.33 to 0.42, because at a coarser look both maps say little more than where the dog is.',
      '最要紧的方格现在要损失大约 12 个百分点的概率，原来只有大约 1 个：小方格盖住的东西，模型能从周围补回来，大方格就不行了。相关系数从 0.33 升到 0.42，因为看得粗了，两张图说的都不过是狗在哪里。',
    ),
  ),
]);
