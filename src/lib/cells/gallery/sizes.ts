import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Confidence and answers over pictures and patch sizes of one network (FlexiViT, Beyer et al. 2023). */
export const cells = worked((say) => [
  note(
    say('Patch size against confidence', '图像块边长与把握'),
    say(
      'One network, several patch sizes. Smaller patches mean more tokens and more detail. Whether that makes the answers surer, and right more often, is counted here over pictures whose class the model knows. A dozen pictures show a tendency and no more.',
      '同一个网络，几种图像块边长。图像块越小，词元越多，细节越多。这样答案是不是更有把握、更常说对？这里用模型认识类别的图片来数一数。十来张图片只能看出一个趋势。',
    ),
  ),
  `const classes = { 'golden-retriever': 'golden retriever', cat: 'cat', panda: 'giant panda', car: 'car', sunflower: 'sunflower', lorikeet: 'bird', 'two-dogs': 'dog (other breed)', mountain: 'mountain', church: 'church', dandelion: 'dandelion', macaw: 'bird', chair: 'chair' }`,
  `const patchSizes = [14, 16, 28, 32], net = await model('vit-flexi')`,
  `// ${say('Every picture at every size, one pass after another.', '每张图片、每种边长各算一次，一次接一次。')}
const answers = await (async () => {
  const found = [];
  for (const [id, wanted] of Object.entries(classes)) {
    const shown = await picture(id);
    for (const patch of patchSizes) {
      const { probs } = await net.run({ picture: shown, patch, tensors: ['probs'] });
      const said = net.labels[probs.argmax()];
      found.push({ id, patch, said, sure: probs.max(), right: said === wanted });
    }
  }
  return found;
})()`,
  `answers`,
  `const bySize = patchSizes.map((patch) => {
  const of = answers.filter((one) => one.patch === patch);
  return { patch, right: of.filter(({ right }) => right).length, of: of.length, meanSure: d3.mean(of, ({ sure }) => sure) };
})`,
  `bySize`,
  `Plot.plot({
  height: 260,
  x: { label: ${say('"patch size in pixels"', '"图像块边长（像素）"')}, reverse: true }, y: { label: ${say('"probability of the answer"', '"答案的概率"')}, domain: [0, 1], grid: true },
  marks: [Plot.lineY(answers, { x: "patch", y: "sure", z: "id", strokeOpacity: 0.4 }), Plot.dot(answers, { x: "patch", y: "sure", fill: (d) => d.right ? "var(--accent)" : "var(--bad)" })]
})`,
  change(
    say,
    say(
      'Write <code>patchSizes = [8, 14, 16, 28, 32]</code>. A pass at 8 takes about as long as four at 16, so give it a minute.',
      '写 <code>patchSizes = [8, 14, 16, 28, 32]</code>。边长 8 时算一次，大约抵得上边长 16 时算四次，请等上一会儿。',
    ),
    say(
      'The new size is right for 10 of the 12 pictures, as 14, 16 and 28 are; 32 is right for 9. The mean probability of the answer is 0.73 at 8, and between 0.72 and 0.76 at the others. So four times as many tokens bring nothing on pictures like these, which are full of one thing. Look in the table for a picture on which the sizes disagree, and open it above: finer patches help, if at all, where something small decides.',
      '新的边长在 12 张图片里说对 10 张，与 14、16、28 相同；32 说对 9 张。答案的平均概率在边长 8 时是 0.73，其余在 0.72 与 0.76 之间。可见对这样由一个物体占满的图片，词元多到四倍也没有好处。在表里找一张各种边长答案不同的图片，在上方打开看看：只有细小的东西起决定作用时，更小的图像块才可能有帮助。',
    ),
  ),
]);
