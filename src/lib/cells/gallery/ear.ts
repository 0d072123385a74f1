import { worked } from '#lib/notebook/worked.ts';
import { note } from './note.ts';

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
]);
