import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Heads ranked by the attention they give to a box, and the first switched off. */
export const cells = worked((say) => [
  note(
    say('Which head finds the dog’s ear?', '哪个头找到了狗耳朵？'),
    say(
      'The box below holds the ear of the golden retriever. A head that gives the patches in it more than their share of attention has found something there. Choose another picture and write another box for another question.',
      '下面的方框框住了金毛犬的耳朵。如果一个头分给框内图像块的注意力超过它们应得的份额，它就在那里找到了什么。换一张图片、写另一个方框，就能问另一个问题。',
    ),
  ),
  `// ${say('In pixels of the picture above, 224 a side.', '以上方图片的像素为单位，边长 224。')}
const box = { top: 40, bottom: 126, left: 26, right: 92 }`,
  `picture().map((pixel, row, column) => {
  const inside = row >= box.top && row < box.bottom && column >= box.left && column < box.right;
  return inside ? pixel : pixel.map((v, i) => i < 3 ? v * 0.35 : v);
})`,
  `const side = Math.floor(224 / state.p)`,
  `const inBox = Array.from({ length: side * side }, (_, n) => n).filter((n) => {
  const [y, x] = [Math.floor(n / side), n % side].map((k) => (k + 0.5) * state.p);
  return y >= box.top && y < box.bottom && x >= box.left && x < box.right;
})`,
  `const net = await model('vit-flexi')`,
  `const pass = await net.run({ patch: state.p, tensors: ['probs', ...Array.from({ length: 12 }, (_, b) => \`blocks.\${b}.attn.probs\`)] })`,
  `// ${say('The share that the patches outside of the box give to those inside, over the share they would give evenly.', '框外的图像块分给框内的份额，除以平均分配时的份额。')}
const heads = Array.from({ length: 36 }, (_, i) => {
  const [block, head] = [Math.floor(i / 3), i % 3], probs = pass[\`blocks.\${block}.attn.probs\`].slice(head);
  const inside = new Set(inBox), T = probs.shape[0];
  let sum = 0;
  for (let q = 1; q < T; q++)
    if (!inside.has(q - 1)) for (const n of inBox) sum += probs.values[q * T + n + 1];
  return { block, head, times: sum / (T - 1 - inBox.length) / (inBox.length / T) };
}).sort((a, b) => b.times - a.times)`,
  `heads.slice(0, 8)`,
  note(
    say('Switch the first one off', '关掉排第一的头'),
    say(
      'If the answer needed the ear through this head, its probability falls. If it hardly moves, other heads carry the same, or the ear was not needed: looking somewhere is not the same as needing it.',
      '如果答案要靠这个头从耳朵得到信息，概率就会下降。如果几乎不变，说明别的头带着同样的信息，或者耳朵本来就不需要：看向一个地方，不等于需要它。',
    ),
  ),
  `const mask = Array.from({ length: 36 }, (_, i) => i === heads[0].block * 3 + heads[0].head ? 0 : 1)`,
  `const without = await net.run({ patch: state.p, head_mask: mask, tensors: ['probs'] })`,
  `const answer = net.labels[pass.probs.argmax()], before = pass.probs.max(), after = without.probs.at(pass.probs.argmax())`,
  change(
    say,
    say(
      'Switch off the whole block of the first head: in <code>mask</code>, write <code>Math.floor(i / 3) === heads[0].block</code> as the condition.',
      '关掉第一个头所在的整个一层：在 <code>mask</code> 里，把条件写成 <code>Math.floor(i / 3) === heads[0].block</code>。',
    ),
    say(
      'For the golden retriever at patch size 16, the one head costs next to nothing: 0.969 becomes 0.965. All three heads of block 5 cost far more, 0.969 becomes 0.886. So what the first head fetches is fetched by its neighbours, too, and a ranking by attention says who looks, not who is needed.',
      '对图像块边长 16 的金毛犬，单关这一个头几乎没有影响：0.969 变成 0.965。关掉第 5 层的三个头，影响大得多：0.969 变成 0.886。可见第一个头取来的东西，旁边的头也在取；按注意力排序，说的是谁在看，而不是谁不可缺少。',
    ),
  ),
]);
