import { worked } from '#lib/notebook/worked.ts';
import { change, note } from './note.ts';

/** An adversarial patch (Brown et al. 2017) by random search, as in Square Attack (Andriushchenko et al. 2020). */
export const cells = worked((say) => [
  note(
    say('An adversarial patch by random search', '用随机搜索找对抗贴片'),
    say(
      'A square of coloured tiles lies in a corner, away from the thing. One tile after another gets a random colour. The change is kept if the model becomes less sure of its answer, and taken back if not. No gradient is needed, only the answers.',
      '角落里放一张由彩色方格拼成的贴片，不碰到物体。每次给一个方格随机换一种颜色：如果模型对答案的把握变小，就保留，否则退回。不需要梯度，只看答案。',
    ),
  ),
  `const tiles = 8, tile = 8, place = { top: 152, left: 152 }, tries = 150, seed = 1`,
  `const net = await model('vit-flexi')`,
  `const stuck = (colours) => picture().map((pixel, row, column) => {
  const r = Math.floor((row - place.top) / tile), c = Math.floor((column - place.left) / tile);
  return r >= 0 && c >= 0 && r < tiles && c < tiles ? colours[r * tiles + c] : pixel;
})`,
  `const ask = async (colours) => (await net.run({ picture: colours ? stuck(colours) : picture(), patch: 32, tensors: ['probs'] })).probs`,
  `const before = await ask(), answer = before.argmax()`,
  `// ${say('The search. Random numbers come from a seed, so that it can be repeated.', '搜索。随机数由种子决定，因此可以重做。')}
const search = await (async () => {
  const chance = noise(seed, [tries, 4]), uniform = (v) => 1 / (1 + Math.exp(-1.7 * v));
  let colours = Array.from({ length: tiles * tiles }, () => [128, 128, 128]), least = (await ask(colours)).at(answer);
  const course = [{ made: 0, probability: least }];
  for (let i = 0; i < tries; i++) {
    const [where, ...rgb] = chance.slice(i).values.map(uniform);
    const changed = colours.with(Math.min(colours.length - 1, Math.floor(where * colours.length)), rgb.map((v) => v < 0.5 ? 0 : 255));
    const now = (await ask(changed)).at(answer);
    if (now < least) [colours, least] = [changed, now];
    course.push({ made: i + 1, probability: least });
  }
  return { colours, course };
})()`,
  `Plot.plot({ height: 220, x: { label: ${say('"tries"', '"次数"')} }, y: { label: net.labels[answer], domain: [0, 1], grid: true }, marks: [Plot.lineY(search.course, { x: "made", y: "probability", curve: "step-after" })] })`,
  `stuck(search.colours)`,
  `const after = await ask(search.colours)`,
  `const result = { said: net.labels[answer], before: before.at(answer), grey: search.course[0].probability, after: after.at(answer), now: net.labels[after.argmax()] }`,
  note(
    say('Is it the colours, or that something is covered?', '是颜色的作用，还是因为遮住了什么？'),
    say(
      'The value “grey” is the same square without colours, and so the share of the loss that covering alone explains. What comes after it is the work of the search. Move the square, or make it larger.',
      '“grey”是把同一处换成灰色时的值，也就是单靠遮挡造成的损失。在这之后的下降才是搜索的功劳。可以移动贴片，或者把它放大。',
    ),
  ),
  change(
    say,
    say(
      'Write <code>top: 70, left: 80</code>: the square now lies on the dog’s face.',
      '写 <code>top: 70, left: 80</code>：贴片现在盖在狗的脸上。',
    ),
    say(
      'Grey alone now takes the probability from 0.95 to 0.17, and the search brings it below 0.001; the model says “bird”. In the corner grey did nothing (0.97), and the search alone came to 0.72. So a patch on the thing is an occlusion with some colour, and only one beside it is an attack in its own right.',
      '单是灰色就把概率从 0.95 降到 0.17，搜索再把它降到 0.001 以下，模型说成了“鸟”。放在角落时，灰色不起作用（0.97），靠搜索降到 0.72。可见盖在物体上的贴片主要是遮挡，放在旁边的才真正算攻击。',
    ),
  ),
]);
