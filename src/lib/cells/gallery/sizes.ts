import { worked } from '#lib/notebook/worked.ts';
import { note } from './note.ts';

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
  marks: [Plot.lineY(answers, { x: "patch", y: "sure", z: "id", strokeOpacity: 0.4 }), Plot.dot(answers, { x: "patch", y: "sure", fill: (d) => d.right ? "var(--accent)" : "var(--ink-3)" })]
})`,
  note(
    say('What to try', '可以试什么'),
    say(
      'Add 8 to the sizes: it takes four times as long as 16. Look in the table for a picture on which the sizes disagree, and open it above.',
      '把 8 加进边长：它花的时间约是 16 的四倍。在表里找一张各种边长答案不同的图片，在上方打开看看。',
    ),
  ),
]);
