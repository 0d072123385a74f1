import type { WorkedCells } from '#lib/notebook/types.ts';

/** In both languages the same code; the words in it are the reader's. */
const distance = (say: { head: string; far: string }) => [
  `// ${say.head}
const [layer, head] = [state.l, state.h]`,
  'const probs = await tensor(`blocks.${layer}.attn.probs`)',
  `// ${say.far}
const distance = (() => {
  const tokens = probs.shape[2];
  const grid = Math.sqrt(tokens - 1);
  let sum = 0;
  for (let q = 0; q < grid * grid; q++) {
    const row = probs.slice(head, q + 1, [1, tokens]);
    let far = 0;
    row.values.forEach((weight, k) => {
      const down = Math.floor(q / grid) - Math.floor(k / grid);
      const right = (q % grid) - (k % grid);
      far += weight * Math.hypot(down, right);
    });
    sum += far / row.sum();
  }
  return sum / (grid * grid);
})()`,
  'const pixels = distance * 224 / Math.sqrt(probs.shape[2] - 1)',
];

const softmax = (say: { label: string; model: string; axis: string }) => [
  'const scores = await tensor(`blocks.${state.l}.attn.scores`)',
  `const temperature = view(Inputs.range([0.1, 4], { step: 0.1, value: 1, label: ${JSON.stringify(say.label)} }))`,
  'const weights = scores.slice(state.h, 0).softmax(0, temperature)',
  `Plot.plot({
  height: 160,
  y: { label: ${JSON.stringify(say.axis)}, grid: true },
  marks: [Plot.areaY(weights.values, { fillOpacity: 0.3 }), Plot.lineY(weights.values)]
})`,
  `// ${say.model}
const theirs = await tensor(\`blocks.\${state.l}.attn.probs\`);
const difference = weights.minus(theirs.slice(state.h, 0)).map(Math.abs).max()`,
];

/** The worked cells of lesson 3. */
export const cells: WorkedCells = {
  distance: {
    en: distance({
      head: 'The head that the stage shows. Choose another one there, or write numbers here.',
      far: 'For each patch that asks: how far away are the patches it looks at, weighed by how much it looks at them?',
    }),
    zh: distance({
      head: '右侧图中选定的头。可以在那里另选一个，也可以在这里写数字。',
      far: '对每个提问的图像块：它看向的图像块有多远？按它看的多少加权。',
    }),
  },
  softmax: {
    en: softmax({
      label: 'temperature',
      axis: 'weight of the class token’s row',
      model: 'At temperature 1 these are the model’s own weights: the largest difference is rounding.',
    }),
    zh: softmax({
      label: '温度',
      axis: '分类词元（CLS）这一行的权重',
      model: '温度为 1 时，这就是模型自己的权重：最大的差只是舍入误差。',
    }),
  },
};
