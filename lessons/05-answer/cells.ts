import type { WorkedCells } from '#lib/notebook/types.ts';
import { worked } from '#lib/notebook/worked.ts';

/** The worked cells of lesson 5. */
export const cells: WorkedCells = {
  temperature: worked((say) => [
    `const temperature = view(Inputs.range([0.2, 4], { step: 0.1, value: 1, label: ${say('"temperature"', '"温度"')} }))`,
    `// ${say('Each logit over the temperature; e to the power of it; then all divided by their sum.', '每个 logit 除以温度，取 e 的幂，再全部除以总和。')}
const logits = tensor('logits'), most = logits.max();
const raised = logits.map((logit) => Math.exp((logit - most) / temperature))`,
    `const chances = raised.times(1 / raised.sum())`,
    `const { labels } = await model('vit-flexi')`,
    `[...chances].map((chance, i) => ({ label: labels[i], chance }))
  .sort((a, b) => b.chance - a.chance)
  .slice(0, 5)`,
    `// ${say('At temperature 1 these are the model’s own probabilities.', '温度为 1 时，这就是模型自己的概率。')}
const difference = chances.minus(tensor('probs')).map(Math.abs).max()`,
  ]),
  lens: worked((say) => [
    `// ${say('How many blocks have run, and which token is read: 0 is the class token.', '已经经过几层，读哪个词元：0 是分类词元（CLS）。')}
const depth = state.d, token = 0`,
    `const stream = (await tensor(depth === 0 ? 'tokens' : \`blocks.\${depth - 1}\`)).slice(token)`,
    `// ${say('The final LayerNorm, as if this were the last block.', '套用最后的层归一化，把这一层当作最后一层。')}
const normed = (() => {
  const mean = stream.mean(), variance = stream.map((v) => (v - mean) ** 2).mean();
  return stream.map((v) => (v - mean) / Math.sqrt(variance + 1e-6)).times(tensor('norm.weight')).plus(tensor('norm.bias'));
})()`,
    `// ${say('Then the head: one dot product a class, and softmax.', '再经过分类头：每个类别一个点积，然后 softmax。')}
const chances = tensor('head.weight').matmul(normed.reshape([-1, 1])).reshape([-1]).plus(tensor('head.bias')).softmax()`,
    `const { labels } = await model('vit-flexi')`,
    `const says = { label: labels[chances.argmax()], chance: chances.max() }`,
  ]),
};
