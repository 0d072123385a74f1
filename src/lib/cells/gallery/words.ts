import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Differences of text embeddings added to others, as with word vectors (Mikolov et al. 2013). */
export const cells = worked((say) => [
  note(
    say('Arithmetic with words', '词的加减法'),
    say(
      'The text tower makes of every text a vector of length 1. If the step from “dog” to “puppy” meant “young”, the same step from “cat” would lead to “kitten”. Whether this small network has learned such steps is measured here, not taken for granted.',
      '文本塔把每段文字变成一个长度为 1 的向量。如果从 dog 到 puppy 的一步表示“年幼”，那么从 cat 出发走同样的一步就应该到 kitten。这个小网络有没有学到这样的步，这里要量一量，而不是想当然。',
    ),
  ),
  `const towers = await model('clip')`,
  `const sum = { from: 'dog', to: 'puppy', at: 'cat' }`,
  `const list = ['kitten', 'lion', 'tiger', 'goat', 'horse', 'bird', 'chick', 'fish', 'tree', 'seedling', 'flower', 'apple', 'car', 'bus', 'house', 'castle', 'sun', 'moon', 'king', 'queen', 'man', 'woman', 'baby', 'child']`,
  `// ${say('All words in one pass: a row of 128 numbers each.', '所有词一次算完：每个词一行，128 个数。')}
const texts = [sum.from, sum.to, sum.at, ...list]
const embedded = (await towers.run({ texts, tensors: ['text.embedding'] }))['text.embedding']`,
  `const dot = (a, b) => a.times(b).sum(), unit = (v) => v.times(1 / Math.sqrt(dot(v, v)))`,
  `const target = unit(embedded.slice(2).plus(embedded.slice(1)).minus(embedded.slice(0)))`,
  `const near = list
  .map((word, i) => ({ word, toResult: dot(target, embedded.slice(i + 3)), toStart: dot(embedded.slice(2), embedded.slice(i + 3)) }))
  .sort((a, b) => b.toResult - a.toResult)`,
  `near.slice(0, 8)`,
  note(
    say('Compare with doing nothing', '与什么都不做相比'),
    say(
      'The column <code>toStart</code> says how near the word is to the place the sum set out from. Often the result is only that neighbourhood again. The step has worked where a word is much nearer to the result than to the start. With the words as they stand “kitten” comes second, after “woman”: part of the step is “young”, and part is something else.',
      '<code>toStart</code> 一列是这个词与出发点的接近程度。很多时候，结果不过是出发点附近的那些词。只有当一个词离结果比离出发点近得多，这一步才算起了作用。用现在这几个词，kitten 排第二，在 woman 之后：这一步里有一部分是“年幼”，还有一部分是别的东西。',
    ),
  ),
  `near.map(({ word, toResult, toStart }) => ({ word, gain: toResult - toStart })).sort((a, b) => b.gain - a.gain).slice(0, 5)`,
  note(
    say('And a picture', '再加上一张图片'),
    say(
      'Both towers end in the same space, so a word can be added to the picture above, too.',
      '两个塔的终点在同一个空间，所以词也可以加到上方的图片上。',
    ),
  ),
  `const seen = (await towers.run({ tensors: ['visual.embedding'] }))['visual.embedding'].reshape([-1])`,
  `list.map((word, i) => ({ word, alone: dot(seen, embedded.slice(i + 3)), withStep: dot(unit(seen.plus(embedded.slice(1)).minus(embedded.slice(0))), embedded.slice(i + 3)) }))
  .sort((a, b) => b.withStep - a.withStep)
  .slice(0, 5)`,
  change(
    say,
    say(
      'Write <code>{ from: "man", to: "woman", at: "king" }</code>, the example with which word vectors became known.',
      '写 <code>{ from: "man", to: "woman", at: "king" }</code>，也就是让词向量出名的那个例子。',
    ),
    say(
      'The nearest word is “king” itself, with 0.89, because the sum has not gone far from where it set out; then come “woman” with 0.50 and “lion”. “Queen” is not among the first five. This tower has read the names of signs, and not the texts in which kings and queens do the same things, so it has no such step to show.',
      '最近的词是 king 自己，0.89，因为加减之后并没有离出发点多远；其次是 woman（0.50）和 lion。前五名里没有 queen。这座塔读过的是符号的名称，而不是国王和王后做着同样事情的那些文章，所以没有这样的一步可以展示。',
    ),
  ),
]);
