import type { Lang } from '#lib/base/lang.ts';
import { FIRST_MODEL } from '#lib/models/first-model.ts';

const EN = [
  `html\`<h2>1. A cell is an expression</h2>
<p>Below is one. Its value stands above it. Change a number: it runs as you type. Shift and Enter run it again.</p>\``,
  `2 + 3 * 4`,
  `html\`<h2>2. A cell can name values</h2>
<p>What is declared at the top of a cell can be used by all others, whatever their order on the page. Change <code>heads</code>, and the cell after it runs again by itself. Two cells cannot give the same name.</p>\``,
  `const heads = 3
const dim = heads * perHead`,
  `const perHead = 64`,
  `html\`<h2>3. Tensors of the live model</h2>
<p>Type <code>tensor('</code> and a list of all names with their shapes opens. A tensor has <code>.shape</code>, <code>.dims</code>, <code>.values</code>, and makes new ones: <code>.slice(0)</code>, <code>.mean(0)</code>, <code>.map(…)</code>. The last line of the next cell shows one; choose another picture above and look at it change.</p>\``,
  `const attention = tensor('blocks.11.attn.probs')`,
  `attention.mean(0)`,
  `html\`<h2>4. Drawings</h2>
<p><code>Plot</code> is Observable Plot, <code>d3</code> is D3; <code>html</code> and <code>svg</code> make markup. Change <code>logits</code> to <code>probs</code>.</p>\``,
  `Plot.plot({ height: 180, x: { axis: null }, marks: [Plot.barY(tensor('logits').values, { fill: "var(--accent)" }), Plot.ruleY([0])] })`,
  `html\`<h2>5. Controls, and the page’s own settings</h2>
<p><code>view(Inputs.range(…))</code> shows a slider and gives its value. <code>state.p</code> is the patch size above; <code>state.set({ p: 8 })</code> sets it, and “Undo” takes that back.</p>\``,
  `const block = view(Inputs.range([0, 11], { step: 1, value: 6, label: "Block" }))`,
  `const entropy = (await tensor(\`blocks.\${block}.attn.probs\`)).map((a) => a > 0 ? -a * Math.log2(a) : 0).sum(2).mean(1)`,
  `entropy.toArray()`,
  `html\`<h2>6. Runs of your own</h2>
<p><code>model('${FIRST_MODEL}')</code> is a model of the site; <code>run</code> makes one pass, with another picture, another patch size or heads switched off, and gives the tensors that you name. The cell below asks what the model says of the picture upside down.</p>\``,
  `const net = await model('${FIRST_MODEL}')`,
  `const seen = picture()
const upsideDown = seen.map((pixel, row, column) => seen.at(seen.height - 1 - row, column))`,
  `upsideDown`,
  `const { probs } = await net.run({ picture: upsideDown, patch: state.p, tensors: ['probs'] })`,
  `net.labels[probs.argmax()]`,
];
const ZH = [
  `html\`<h2>1. 单元是一个表达式</h2>
<p>下面就是一个，它的值显示在它上方。改一个数字：边写边运行。Shift 加 Enter 重新运行。</p>\``,
  EN[1] ?? '',
  `html\`<h2>2. 单元可以给值起名</h2>
<p>在单元最外层声明的名字，其他单元都能使用，与它们在页面上的先后无关。改动 <code>heads</code>，用到它的单元会自动重新运行。两个单元不能起同一个名字。</p>\``,
  EN[3] ?? '',
  EN[4] ?? '',
  `html\`<h2>3. 实时模型的张量</h2>
<p>输入 <code>tensor('</code>，就会列出所有张量的名字和形状。张量有 <code>.shape</code>、<code>.dims</code>、<code>.values</code>，还能生成新的张量：<code>.slice(0)</code>、<code>.mean(0)</code>、<code>.map(…)</code>。下面第二个单元显示了一个张量；在上方换一张图片，看它怎样变化。</p>\``,
  EN[6] ?? '',
  EN[7] ?? '',
  `html\`<h2>4. 绘图</h2>
<p><code>Plot</code> 是 Observable Plot，<code>d3</code> 是 D3；<code>html</code> 和 <code>svg</code> 用来写标记。把 <code>logits</code> 改成 <code>probs</code> 试试。</p>\``,
  EN[9] ?? '',
  `html\`<h2>5. 控件和页面自己的设置</h2>
<p><code>view(Inputs.range(…))</code> 显示一个滑块并给出它的值。<code>state.p</code> 是上方的图像块边长；<code>state.set({ p: 8 })</code> 可以设置它，“撤销”能恢复原来的值。</p>\``,
  `const block = view(Inputs.range([0, 11], { step: 1, value: 6, label: "层" }))`,
  EN[12] ?? '',
  EN[13] ?? '',
  `html\`<h2>6. 自己运行模型</h2>
<p><code>model('${FIRST_MODEL}')</code> 是本站的一个模型；<code>run</code> 做一次前向计算，可以换图片、换图像块边长、关掉一些头，并给出你指定的张量。下面问的是：图片倒过来，模型会说什么？</p>\``,
  EN[15] ?? '',
  EN[16] ?? '',
  EN[17] ?? '',
  EN[18] ?? '',
  EN[19] ?? '',
];

/** The cells of the notebook that teaches cells. */
export const SIX_STEPS: Readonly<Record<Lang, readonly string[]>> = { en: EN, zh: ZH };
