import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** Linear probes (Alain & Bengio 2017) at several depths, left one out. */
export const cells = worked((say) => [
  note(
    say('A linear probe, trained here', '在页面里训练线性探针'),
    say(
      'A probe is a straight cut through the features of a frozen network. If it separates two groups well, the features at that depth hold what tells them apart. Each picture is judged by a probe that was trained on all others, because a cut in 192 dimensions fits a few pictures by heart.',
      '探针就是在冻结网络的特征空间里切一刀。如果这一刀能把两组分开，说明这一深度的特征里有区分它们的信息。每张图片都由在其余图片上训练的探针来判断，因为在 192 维空间里切一刀，足以把少数几张图片死记下来。',
    ),
  ),
  `const animals = ['golden-retriever', 'cat', 'panda', 'lorikeet', 'two-dogs', 'koala', 'tabby', 'goldfish', 'macaw', 'owl', 'moose', 'polar-bear']`,
  `const others = ['balloon', 'car', 'coffee', 'mountain', 'church', 'drum', 'skyscrapers', 'chair', 'bridge', 'pencils', 'windmill', 'sushi']`,
  `const names = [...animals, ...others], wanted = names.map((name) => animals.includes(name) ? 1 : 0)`,
  `const depths = ['tokens', 'blocks.2', 'blocks.5', 'blocks.8', 'blocks.11']`,
  `// ${say('The mean of all patch tokens of every picture, at every depth; large patches, so that it is quick.', '每张图片在每个深度上，所有图像块词元的平均；用大的图像块，算得快。')}
const features = await (async () => {
  const net = await model('vit-flexi'), found = Object.fromEntries(depths.map((name) => [name, []]));
  for (const id of names) {
    const streams = await net.run({ picture: await picture(id), patch: 32, tensors: depths });
    for (const name of depths) {
      const mean = streams[name].slice([1, streams[name].shape[0]]).mean(0);
      const length = Math.sqrt(mean.times(mean).sum());
      found[name].push(Array.from(mean.values, (v) => v * Math.sqrt(192) / length));
    }
  }
  return found;
})()`,
  `// ${say('Logistic regression by gradient descent, with the weights kept small. The cut goes through the middle between the two groups.', '用梯度下降做逻辑回归，并让权重保持小。这一刀通过两组的正中间。')}
const trained = (rows, labels) => {
  const centre = (group) => rows[0].map((_, k) => d3.mean(rows.filter((_, i) => labels[i] === group), (row) => row[k]));
  const [zero, one] = [centre(0), centre(1)], middle = zero.map((v, k) => (v + one[k]) / 2), w = zero.map(() => 0);
  const chance = (row) => 1 / (1 + Math.exp(-w.reduce((sum, weight, k) => sum + weight * (row[k] - middle[k]), 0)));
  for (let step = 0; step < 100; step++) {
    const errors = rows.map((row, i) => labels[i] - chance(row));
    w.forEach((_, k) => (w[k] = 0.99 * w[k] + 0.1 * d3.mean(rows, (row, i) => errors[i] * (row[k] - middle[k]))));
  }
  return chance;
}`,
  `const probed = await (async () => {
  const found = [];
  for (const depth of depths) {
    let right = 0;
    const rows = features[depth], wrong = [];
    for (let i = 0; i < rows.length; i++) {
      const rest = (list) => list.filter((_, k) => k !== i);
      const animal = trained(rest(rows), rest(wanted))(rows[i]) > 0.5;
      if (animal === (wanted[i] === 1)) right++;
      else wrong.push(names[i]);
      await new Promise((go) => setTimeout(go));
    }
    found.push({ depth, right, of: rows.length, wrong: wrong.join(', ') });
  }
  return found;
})()`,
  `probed`,
  note(
    say('What it says, and what not', '它说明什么，不说明什么'),
    say(
      'Half right is guessing. With two dozen pictures one more or less is chance; a rise over several depths is not. A probe shows that something can be read, not that the network reads it.',
      '一半对就是瞎猜。只有二十几张图片，多对一张或少对一张都可能是偶然；随深度一路上升就不是了。探针说明信息可以读出来，不说明网络自己在读它。',
    ),
  ),
  change(
    say,
    say(
      'Take the class token in place of the mean of the patch tokens: write <code>.slice(0)</code> where it says <code>.slice([1, streams[name].shape[0]]).mean(0)</code>.',
      '不用图像块词元的平均，改用分类词元（CLS）：把 <code>.slice([1, streams[name].shape[0]]).mean(0)</code> 改成 <code>.slice(0)</code>。',
    ),
    say(
      'Before the first block the probe is right for 12 of 24 pictures, which is guessing: there the class token is one and the same for every picture. After the last block it is right for 20, about as often as the mean of the patches, which is right for 21. What the class token knows, it has collected in between.',
      '在第一层之前，24 张图片里说对 12 张，等于瞎猜：那里的分类词元（CLS）对每张图片都一样。最后一层之后说对 20 张，与图像块的平均（21 张）差不多。分类词元（CLS）知道的东西，都是在中间各层里收集来的。',
    ),
  ),
]);
