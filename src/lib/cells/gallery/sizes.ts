import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Confidence and answers over pictures and patch sizes of one network (FlexiViT, Beyer et al. 2023). */
export const cells = worked((say) => [
  note(
    say('Patch size against confidence', '图像块边长与把握'),
    say(
      'One network, several patch sizes. Smaller patches mean more tokens and more detail. Whether that makes the answers surer, and right more often, is counted here over all 36 pictures of this site: 17 show something that the model has a class for, 19 show nothing of the kind. So few pictures show a tendency and no more.',
      '同一个网络，几种图像块边长。图像块越小，词元越多，细节越多。这样答案是不是更有把握、更常说对？这里用本站的全部 36 张图片来数一数：其中 17 张拍的是模型有类别的东西，另外 19 张没有对应的类别。这么少的图片只能看出一个趋势。',
    ),
  ),
  `// ${say('Pictures and the right answer; then those for which the model has no class.', '图片和正确答案；后面是模型没有对应类别的图片。')}
const classes = { 'golden-retriever': 'golden retriever', cat: 'cat', panda: 'giant panda', car: 'car', sunflower: 'sunflower', lorikeet: 'bird', 'two-dogs': 'dog (other breed)', mountain: 'mountain', church: 'church', dandelion: 'dandelion', tabby: 'cat', drum: 'drum kit', forest: 'forest', macaw: 'bird', skyscrapers: 'city buildings', chair: 'chair', owl: 'bird' }
const others = ['balloon', 'coffee', 'koala', 'goldfish', 'honey-bee', 'moose', 'lemur', 'polar-bear', 'chameleon', 'astronaut', 'bridge', 'pavilion', 'citrus', 'pencils', 'sushi', 'football', 'taj-mahal', 'windmill', 'galaxies']
const pictures = [...Object.keys(classes), ...others]`,
  `const patchSizes = [14, 16, 28, 32], net = await model('vit-flexi')`,
  `// ${say('Every picture at every size, one pass after another.', '每张图片、每种边长各算一次，一次接一次。')}
const answers = await (async () => {
  const found = [];
  for (const id of pictures) {
    const shown = await picture(id);
    for (const patch of patchSizes) {
      const { probs } = await net.run({ picture: shown, patch, tensors: ['probs'] });
      const said = net.labels[probs.argmax()];
      found.push({ id, patch, said, sure: probs.max(), right: classes[id] ? said === classes[id] : null });
    }
  }
  return found;
})()`,
  `answers`,
  `const bySize = patchSizes.map((patch) => {
  const all = answers.filter((one) => one.patch === patch);
  const known = all.filter(({ right }) => right !== null);
  const sure = (some) => d3.mean(some, ({ sure }) => sure);
  return { patch, right: known.filter(({ right }) => right).length, of: known.length, sureWithClass: sure(known), sureWithout: sure(all.filter(({ right }) => right === null)) };
})`,
  `bySize`,
  `// ${say('A line a picture. Blue dots are right answers, red ones wrong; grey pictures have no class.', '每条线是一张图片。蓝点答对，红点答错；灰点的图片没有对应的类别。')}
Plot.plot({
  height: 260,
  x: { label: ${say('"patch size in pixels"', '"图像块边长（像素）"')}, reverse: true }, y: { label: ${say('"probability of the answer"', '"答案的概率"')}, domain: [0, 1], grid: true },
  marks: [Plot.lineY(answers, { x: "patch", y: "sure", z: "id", strokeOpacity: 0.4 }), Plot.dot(answers, { x: "patch", y: "sure", fill: (d) => d.right === null ? "var(--control)" : d.right ? "var(--accent)" : "var(--bad)" })]
})`,
  change(
    say,
    say(
      'Write <code>patchSizes = [8, 14, 16, 28, 32]</code>. A pass at 8 takes about as long as four at 16, so give it a minute.',
      '写 <code>patchSizes = [8, 14, 16, 28, 32]</code>。边长 8 时算一次，大约抵得上边长 16 时算四次，请等上一会儿。',
    ),
    say(
      'Of the 17 pictures with a class the new size is right for 13, as 14 is; 16 and 32 are right for 12, and 28 for 11. The mean probability of the answer is 0.65 at 8 and between 0.66 and 0.71 at the others. On pictures without a class it lies between 0.48 and 0.52 at every size: lower, but far from the near nothing that would be right. So four times as many tokens as 16 gives bring one picture more. Both cats are among those on which the sizes disagree: they become cats only with small patches. Look in the table for others, and open one above: finer patches help, if at all, where something small decides.',
      '在 17 张有对应类别的图片里，新的边长说对 13 张，与 14 相同；16 和 32 说对 12 张，28 说对 11 张。答案的平均概率在边长 8 时是 0.65，其余在 0.66 与 0.71 之间。没有对应类别的图片，各种边长都在 0.48 与 0.52 之间：低一些，却远没有低到应有的程度。可见词元是边长 16 的四倍，只换来多一张说对的图片。各种边长答案不同的图片里，有两张猫：图像块小，模型才认出它们是猫。在表里再找几张，在上方打开看看：只有细小的东西起决定作用时，更小的图像块才可能有帮助。',
    ),
  ),
]);
